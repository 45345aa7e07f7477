// Where title, legend, panels and the note below them stand.
import { getWidth } from 'zrender/lib/contain/text.js';
import { fontFamily } from './theme.js';

const margin = 14;

function fontOf(size, weight) { return `${weight || 400} ${size}px ${fontFamily}`; }

// Breaks a text into lines of at most the given width, between words.
function wrap(text, font, width) {
  const lines = [];
  for (const paragraph of String(text || '').split('\n')) {
    let row = '';
    for (const word of paragraph.split(' ')) {
      const longer = row ? row + ' ' + word : word;
      if (row && getWidth(longer, font) > width) { lines.push(row); row = word; } else row = longer;
    }
    if (row) lines.push(row);
  }
  return lines;
}

const first = (x) => (Array.isArray(x) ? x[0] : x) || {};

// The title with its subtitle at the top; returns where they end.
function head(option, width) {
  const title = first(option.title), room = width - 2 * margin - 84; // the toolbox stands at the right
  const lines = wrap(title.text, fontOf(15, 600), room), sub = wrap(title.subtext, fontOf(12), width - 2 * margin);
  option.title = [{ ...title, text: lines.join('\n'), subtext: sub.join('\n'), left: margin - 5, top: 4, itemGap: 6,
    textStyle: { ...title.textStyle, lineHeight: 20 }, subtextStyle: { ...title.subtextStyle, lineHeight: 16 } }];
  return 12 + 20 * lines.length + (sub.length ? 6 + 16 * sub.length : 0);
}

// The note (machine, cores, versions) at the bottom; returns its height.
function foot(option, note, width, palette) {
  const lines = wrap(note, fontOf(11), width - 2 * margin);
  if (!lines.length) return 6;
  const height = 14 * lines.length;
  option.title.push({ text: lines.join('\n'), left: margin - 5, bottom: 2,
    textStyle: { fontSize: 11, fontWeight: 400, lineHeight: 14, color: palette.muted } });
  return height + 16;
}

function legend(option, top) {
  if (!option.legend || option.legend.show === false) return top;
  option.legend = { type: 'scroll', left: margin - 5, top, right: margin, ...option.legend };
  return top + 28;
}

// The widest label of the lanes, so that panels share one left edge. Longer
// ones than a third of the picture are cut.
function laneWidth(axes, width) {
  let widest = 0;
  for (const a of axes.filter((a) => a.type === 'category')) {
    if (a.axisLabel && a.axisLabel.show === false) continue;
    for (const label of a.data || []) widest = Math.max(widest, getWidth(label, fontOf(12)));
  }
  const most = Math.round(width / 3);
  if (widest > most) for (const a of axes) if (a.type === 'category') a.axisLabel = { ...a.axisLabel, width: most, overflow: 'truncate' };
  return Math.min(widest, most);
}

function panels(spec, option, width, top, bottom, palette) {
  const y = [].concat(option.yAxis), lanes = Math.max(laneWidth(y, width), spec.left || 0), gap = 26;
  const weight = spec.panels.reduce((sum, p) => sum + p.weight, 0);
  const axisRoom = 42; // labels and name of the lowest x axis
  const named = spec.panels.filter((p) => p.name).length;
  const between = spec.left ? 18 : 10; // labels of values need more than names of lanes
  const room = spec.height - top - bottom - axisRoom - named * gap - (spec.panels.length - 1) * between;
  option.grid = [];
  for (const p of spec.panels) {
    if (p.name) {
      option.title.push({ text: p.name, left: margin - 5, top: top - 2, textStyle: { fontSize: 12, fontWeight: 600, color: palette.text } });
      top += gap;
    }
    const height = Math.max(20, room * p.weight / weight);
    option.grid.push({ left: margin + lanes + 8, right: margin + 14, top, height, outerBoundsMode: 'none' });
    top += height + between;
  }
}

// How much of the height the texts above and below take.
function words(spec, width) {
  return head({ title: spec.option.title }, width) + foot({ title: [] }, spec.note, width, {});
}

// The height of a picture of that width. Where it is narrower than the spec
// has it, as on a phone, its texts take more lines; what is drawn keeps its
// room.
export function tall(spec, width) {
  if (!spec.arranged || width >= spec.width) return spec.height;
  return spec.height + words(spec, width) - words(spec, spec.width);
}

// Moves everything to its place for a picture of that width.
export function arrange(spec, option, width, palette) {
  let top = head(option, width);
  top = legend(option, top) + 10;
  const bottom = foot(option, spec.note, width, palette);
  if (spec.panels && spec.panels.length) {
    panels(spec, option, width, top, bottom, palette);
    return option;
  }
  laneWidth([].concat(option.yAxis || []), width); // cuts long names
  option.grid = { left: margin, right: margin + 10, top: top + 6, bottom, outerBoundsMode: 'same', outerBoundsContain: 'all' };
  return option;
}

// An option made elsewhere keeps its layout; only the note is added.
export function annotate(spec, option, width, palette) {
  if (!spec.note) return option;
  option.title = [].concat(option.title || []);
  foot(option, spec.note, width, palette);
  return option;
}
