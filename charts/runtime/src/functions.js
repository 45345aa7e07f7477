// Functions a spec may ask for by name: {"$fn": "duration", "args": {...}}.
// No source text ever travels in a notebook and nothing is evaluated, so a
// chart draws under a strict content security policy and cannot run code.
import * as echarts from 'echarts';
import { getWidth } from 'zrender/lib/contain/text.js';
import { fontFamily } from './theme.js';
import { marks } from './marks.js';

const digits = (x) => String(+x.toPrecision(3));

// A number with three digits, large ones with k, M, G, T.
export function number(x) {
  const a = Math.abs(x);
  if (a >= 1e12) return digits(x / 1e12) + ' T';
  if (a >= 1e9) return digits(x / 1e9) + ' G';
  if (a >= 1e6) return digits(x / 1e6) + ' M';
  if (a >= 1e4) return digits(x / 1e3) + ' k';
  return a && a < 1e-3 ? x.toExponential(1) : digits(x);
}

// Bytes with binary prefixes.
export function bytes(x) {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; Math.abs(x) >= 1024 && i < names.length - 1; i++) x /= 1024;
  return digits(x) + ' ' + names[i];
}

// 10 is 90 %, 1000 is 99.9 %: how many there are for each one that is slower.
function nines(x) {
  const places = Math.max(0, Math.ceil(Math.log10(x)) - 2);
  return (100 * (1 - 1 / x)).toFixed(places).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') + ' %';
}

const units = { duration, number, bytes, nines, times: (x) => digits(x) + '×', percent: (x) => digits(100 * x) + ' %', perSecond: (x) => number(x) + '/s' };

// A value as ECharts hands it to a formatter: of an axis, or of a label.
const plain = (v) => +(v && typeof v === 'object' ? [].concat(v.value).at(-1) : v);
const formatters = Object.fromEntries(Object.entries(units).map(([name, unit]) => [name, () => (v) => unit(plain(v))]));

// Nanoseconds to a text with a unit.
export function duration(ns) {
  const a = Math.abs(ns);
  if (a === 0) return '0';
  if (a >= 1e9) return digits(ns / 1e9) + ' s';
  if (a >= 1e6) return digits(ns / 1e6) + ' ms';
  if (a >= 1e3) return digits(ns / 1e3) + ' µs';
  return digits(ns) + ' ns';
}

const line = (x1, y1, x2, y2, style) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });

// The height at which a mark stands on its bar, where horizontal bars share a
// category; args say which of how many groups it belongs to.
function height(api, args) {
  const band = api.size([0, 1])[1];
  return api.coord([0, api.value(0)])[1] + ((args.index + 0.5) / args.groups - 0.5) * args.span * band;
}

export const functions = {
  ...formatters,
  ...marks,

  // Point on a horizontal bar; data: [category, value].
  pointBeside: (args) => (params, api) => ({
    type: 'circle', shape: { cx: api.coord([api.value(1), 0])[0], cy: height(api, args), r: 2.5 },
    style: { fill: args.color, opacity: 0.45 },
  }),

  // Whisker with caps on a horizontal bar; data: [category, value, low, high].
  errorBarBeside: (args) => (params, api) => {
    const low = api.coord([api.value(2), 0])[0], high = api.coord([api.value(3), 0])[0];
    const mid = height(api, args), cap = 6, style = { stroke: args.color, lineWidth: 1.5, fill: 'none' };
    return { type: 'group', children: [
      line(low, mid, high, mid, style),
      line(low, mid - cap, low, mid + cap, style),
      line(high, mid - cap, high, mid + cap, style),
    ] };
  },

  // Text after the end of a horizontal bar, or before where there is no room;
  // data: [category, end of everything drawn, its beginning]. Texts are in
  // args: among the data, ECharts would take "1.10" for a number.
  textBeside: (args) => (params, api) => {
    const text = args.texts[params.dataIndex], end = api.coord([api.value(1), 0])[0], begin = api.coord([api.value(2), 0])[0];
    const area = params.coordSys, right = area.x + area.width + 10, room = getWidth(text, `600 12px ${fontFamily}`) + 8;
    const place = end + room <= right ? { x: end + 8, align: 'left', fill: args.color } // behind everything
      : begin - room >= area.x + 4 ? { x: begin - 8, align: 'right', fill: args.ink } // inside the bar
      : { x: right, align: 'right', fill: args.color }; // between the short bar and what lies far away, or over it
    return { type: 'text', style: { text, ...place, y: height(api, args), verticalAlign: 'middle', fontSize: 12, fontWeight: 600, fontFamily } };
  },

  // Bar from one moment to another; data: [lane, from, to, label]; the labels are in args too,
  // see above.
  span: (args) => (params, api) => {
    const lane = api.value(0), from = api.coord([api.value(1), lane]), to = api.coord([api.value(2), lane]);
    const height = Math.min(api.size([0, 1])[1] * 0.68, 26), area = params.coordSys;
    const shape = echarts.graphic.clipRectByRect(
      { x: from[0], y: from[1] - height / 2, width: Math.max(to[0] - from[0] - 0.5, 0.75), height },
      { x: area.x, y: area.y, width: area.width, height: area.height });
    if (!shape) return null;
    const label = args.labels[params.dataIndex];
    const fits = label !== '' && height > 11 && getWidth(label, `10px ${fontFamily}`) + 4 < shape.width;
    return {
      type: 'rect', shape: args.labels.length <= 40 ? { ...shape, r: 2 } : shape, style: { fill: args.color },
      textContent: fits ? { style: { text: label, fill: args.ink, fontSize: 10, fontFamily } } : undefined,
      textConfig: fits ? { position: 'inside' } : undefined,
    };
  },

  // Texts of tooltips. Lines, never HTML: tooltips are drawn as rich text.
  tipSpan: (args) => (p) => {
    const [lane, from, to, item] = p.value;
    return `${args.lanes[p.seriesIndex][lane]}: ${p.seriesName}${item ? ' ' + item : ''}\n` +
      `${duration(from)} – ${duration(to)} (${duration(to - from)})`;
  },
  tipTiming: (args) => (p) => args.texts[p.seriesIndex][p.dataIndex],
  tipTexts: (args) => (p) => (args.texts[p.seriesIndex] || [])[p.dataIndex] || p.seriesName,
  // All series at one x; args: x and y, the names of units; name, what x is.
  tipAxis: (args) => (ps) => {
    const all = [].concat(ps).filter((p) => p.value !== undefined && p.value !== '-');
    if (!all.length) return '';
    const x = Array.isArray(all[0].value) ? units[args.x || 'number'](all[0].value[0]) : all[0].name;
    return `${args.name || ''} ${x}`.trim() + '\n' + all.map((p) => `${p.seriesName}: ${units[args.y || 'number'](plain(p))}`).join('\n');
  },
  tipPoint: (args) => (p) => `${p.seriesName}\n${args.x} ${digits(p.value[0])}: ${duration(p.value[1])}`,
  tipStep: () => (ps) => [].concat(ps).map((p) => `${p.seriesName}: ${digits(p.value[1])} from ${duration(p.value[0])}`).join('\n'),
};
