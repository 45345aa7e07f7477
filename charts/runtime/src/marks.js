// Marks that ECharts has no series for, as renderers of custom series. The
// data of each are in its comment; what stands in args is for all of them.
import { getWidth } from 'zrender/lib/contain/text.js';
import { fontFamily } from './theme.js';

const line = (x1, y1, x2, y2, style) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
const group = (children) => ({ type: 'group', children });
const text = (style) => ({ type: 'text', style: { fontSize: 12, fontFamily, verticalAlign: 'middle', ...style } });

// How far a mark stands from the middle of its category, where several groups
// share it.
function beside(api, args, axis) {
  const band = api.size([1, 1])[axis];
  return args.groups ? ((args.index + 0.5) / args.groups - 0.5) * args.span * band : 0;
}

// A text in a box of a given width, cut with an ellipsis.
function fit(label, width, font) {
  if (getWidth(label, font) <= width) return label;
  let n = label.length;
  while (n > 1 && getWidth(label.slice(0, n) + '…', font) > width) n--;
  return n > 1 ? label.slice(0, n) + '…' : '';
}

// Where the line from the middle of a box to a point leaves the box.
function leave(box, x, y) {
  const dx = x - box.x, dy = y - box.y;
  if (!dx && !dy) return [box.x, box.y];
  const k = Math.min(box.w / 2 / Math.abs(dx || 1e-9), box.h / 2 / Math.abs(dy || 1e-9), 1);
  return [box.x + dx * k, box.y + dy * k];
}

function arrowHead(x, y, angle, color) {
  const at = (turn) => [x - 9 * Math.cos(angle + turn), y - 9 * Math.sin(angle + turn)];
  return { type: 'polygon', shape: { points: [[x, y], at(0.4), at(-0.4)] }, style: { fill: color } };
}

const nodeFont = `600 12px ${fontFamily}`, smallFont = `11px ${fontFamily}`;

// The box of a node: as wide as its texts, at most what args allow.
function box(api, node, args) {
  const [x, y] = api.coord([node[0], node[1]]), widest = args.widest || 190;
  const title = fit(node[2], widest - 16, nodeFont), below = fit(node[3] || '', widest - 16, smallFont);
  const w = Math.max(getWidth(title, nodeFont), getWidth(below, smallFont)) + 16;
  return { x: args.left ? x + w / 2 : x, y, w, h: below ? 36 : 22, title, below };
}

export const marks = {
  // Whisker with caps; data: [x, low, high].
  errorBar: (args) => (params, api) => {
    const shift = beside(api, args, 0), cap = args.cap || 5;
    const [x, low] = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)])[1];
    const style = { stroke: args.color, lineWidth: 1.5, fill: 'none' }, at = x + shift;
    return group([line(at, low, at, high, style), line(at - cap, low, at + cap, low, style), line(at - cap, high, at + cap, high, style)]);
  },

  // Area between two curves; args.data: [x, low, high] in order of x. The
  // series has one datum.
  band: (args) => (params, api) => {
    const area = params.coordSys, hold = (y) => Math.max(area.y, Math.min(area.y + area.height, y));
    const low = args.data.map((d) => api.coord([d[0], d[1]])), high = args.data.map((d) => api.coord([d[0], d[2]]));
    const points = low.concat(high.reverse()).filter((p) => p[0] >= area.x - 1 && p[0] <= area.x + area.width + 1).map((p) => [p[0], hold(p[1])]);
    return { type: 'polygon', shape: { points }, style: { fill: args.color, opacity: 0.16 } };
  },

  // Line across the plot with a text at its top; data: [x]; args: texts, color.
  // Texts take turns in rows where they would touch.
  ruleX: (args) => (params, api) => {
    const area = params.coordSys, x = api.coord([api.value(0), 0])[0], label = args.texts[params.dataIndex];
    if (x < area.x - 1 || x > area.x + area.width + 1) return null;
    const right = x + 6 + getWidth(label, smallFont) <= area.x + area.width + 8;
    return group([
      line(x, area.y, x, area.y + area.height, { stroke: args.color, lineWidth: 1.5, lineDash: args.dash || [5, 4] }),
      text({ text: label, x: right ? x + 5 : x - 5, y: area.y + 8 + 15 * (args.rows ? args.rows[params.dataIndex] : 0), fill: args.ink || args.color, fontSize: 11, align: right ? 'left' : 'right' }),
    ]);
  },

  // The same along x; data: [y].
  ruleY: (args) => (params, api) => {
    const area = params.coordSys, y = api.coord([0, api.value(0)])[1];
    if (y < area.y - 1 || y > area.y + area.height + 1) return null;
    const below = y - 16 < area.y;
    return group([
      line(area.x, y, area.x + area.width, y, { stroke: args.color, lineWidth: 1.5, lineDash: args.dash || [5, 4] }),
      text({ text: args.texts[params.dataIndex], x: area.x + 6, y: below ? y + 9 : y - 9, fill: args.ink || args.color, fontSize: 11 }),
    ]);
  },

  // Rectangle of a table of colours; data: [column, row]; args: texts, color, ink.
  cell: (args) => (params, api) => {
    const [x, y] = api.coord([api.value(0), api.value(1)]), [w, h] = api.size([1, 1]), gap = Math.min(w, h) > 8 ? 1 : 0;
    const label = (args.texts || [])[params.dataIndex] || '';
    const fits = label && h >= 14 && getWidth(label, smallFont) + 4 <= w;
    return {
      type: 'rect', shape: { x: x - w / 2 + gap / 2, y: y - h / 2 + gap / 2, width: w - gap + (gap ? 0 : 0.5), height: h - gap + (gap ? 0 : 0.5) },
      style: { fill: args.color },
      textContent: fits ? { style: { text: label, fill: args.ink, fontSize: 11, fontFamily } } : undefined,
      textConfig: fits ? { position: 'inside' } : undefined,
    };
  },

  // Shape of a distribution around its row; data: [row]; args.profiles: for
  // each row [value, width from 0 to 1].
  violin: (args) => (params, api) => {
    const row = api.value(0), half = api.size([1, 1])[1] * 0.36, profile = args.profiles[params.dataIndex];
    const side = (sign) => profile.map(([v, w]) => { const [x, y] = api.coord([v, row]); return [x, y + sign * w * half]; });
    return { type: 'polygon', shape: { points: side(-1).concat(side(1).reverse()) }, style: { fill: args.colors[params.dataIndex], opacity: 0.3 } };
  },

  // Box with whiskers; data: [row, p1, p25, p50, p75, p99].
  box: (args) => (params, api) => {
    const x = (i) => api.coord([api.value(i), api.value(0)])[0], y = api.coord([api.value(1), api.value(0)])[1];
    const half = Math.min(api.size([1, 1])[1] * 0.12, 9), style = { stroke: args.color, lineWidth: 1.5, fill: 'none' };
    return group([
      line(x(1), y, x(2), y, style), line(x(4), y, x(5), y, style),
      line(x(1), y - half * 0.7, x(1), y + half * 0.7, style), line(x(5), y - half * 0.7, x(5), y + half * 0.7, style),
      { type: 'rect', shape: { x: x(2), y: y - half, width: Math.max(1, x(4) - x(2)), height: 2 * half }, style: { ...style, fill: args.fill } },
      line(x(3), y - half, x(3), y + half, { ...style, lineWidth: 3 }),
    ]);
  },

  // Box with one or two texts; data: [x, y]; args.nodes: [x, y, text, second
  // text, colour of the border].
  node: (args) => (params, api) => {
    const node = args.nodes[params.dataIndex], b = box(api, node, args);
    return group([
      { type: 'rect', shape: { x: b.x - b.w / 2, y: b.y - b.h / 2, width: b.w, height: b.h, r: args.round ? 11 : 3 }, style: { fill: args.paperColor, stroke: args.colors[params.dataIndex], lineWidth: 2 } },
      text({ text: b.title, x: b.x, y: b.below ? b.y - 7 : b.y, align: 'center', fontWeight: 600, fill: args.ink }),
      ...(b.below ? [text({ text: b.below, x: b.x, y: b.y + 9, align: 'center', fontSize: 11, fill: args.mutedColor })] : []),
    ]);
  },

  // Arrow from node to node, bent a little so that there and back differ;
  // args.edges: [from, to, text]; the series has one datum for each.
  edge: (args) => (params, api) => {
    const [from, to, label] = args.edges[params.dataIndex], color = args.colors[params.dataIndex];
    const a = box(api, args.nodes[from], args), b = box(api, args.nodes[to], args);
    const bend = args.bend || 0, mx = (a.x + b.x) / 2 + (b.y - a.y) * bend, my = (a.y + b.y) / 2 - (b.x - a.x) * bend;
    const [x1, y1] = leave(a, mx, my), [x2, y2] = leave(b, mx, my);
    const style = { stroke: color, lineWidth: 1.8, fill: 'none' };
    const w = label ? getWidth(label, smallFont) : 0, lx = (x1 + 2 * mx + x2) / 4, ly = (y1 + 2 * my + y2) / 4;
    return group([
      { type: 'bezierCurve', shape: { x1, y1, x2, y2, cpx1: mx, cpy1: my }, style },
      arrowHead(x2, y2, Math.atan2(y2 - my, x2 - mx), color),
      ...(label ? [
        { type: 'rect', shape: { x: lx - w / 2 - 3, y: ly - 8, width: w + 6, height: 16 }, style: { fill: args.paperColor } },
        text({ text: label, x: lx, y: ly, align: 'center', fontSize: 11, fill: args.ink }),
      ] : []),
    ]);
  },

  // Elbow from the right side of a node to the left side of another.
  elbow: (args) => (params, api) => {
    const [from, to] = args.edges[params.dataIndex], a = box(api, args.nodes[from], args), b = box(api, args.nodes[to], args);
    const x1 = a.x + a.w / 2, x2 = b.x - b.w / 2, mid = x2 - 14;
    return { type: 'polyline', shape: { points: [[x1, a.y], [mid, a.y], [mid, b.y], [x2, b.y]] }, style: { stroke: args.color, lineWidth: 1.4, fill: 'none' } };
  },
};
