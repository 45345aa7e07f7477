// From a spec, which may come from anywhere, to an option ECharts can be
// trusted with.
import { functions } from './functions.js';

const isColorKey = (key) => /colors?$/i.test(key) || key === 'fill' || key === 'stroke' || key === 'ink';

// What could load something from outside, or reach out of the chart.
const loads = (value) => /url\s*\(/i.test(value);
const styles = (key) => isColorKey(key) || /cursor|font|background/i.test(key);

// What a value under a key becomes: named functions and colours are looked up,
// what could load or run something from outside is left out (undefined).
function text(key, value, palette) {
  if (value[0] === '$' && isColorKey(key)) return palette[value.slice(1)];
  if (value.startsWith('__f__')) return undefined; // JavaScript text of go-echarts' FuncOpts is never run
  if (value.startsWith('image://') && !value.startsWith('image://data:image/')) return undefined;
  if (key === 'image' && !value.startsWith('data:image/')) return undefined;
  if (/link$/i.test(key) && !/^https?:\/\//i.test(value)) return undefined;
  if (styles(key) && loads(value)) return undefined;
  return value;
}

export function revive(value, palette, key = '') {
  if (value === null) return undefined;
  if (typeof value === 'string') return text(key, value, palette);
  if (Array.isArray(value)) return value.map((v) => (v === null ? '-' : revive(v, palette, key)));
  if (typeof value !== 'object') return value;
  if (typeof value.$fn === 'string') {
    if (!Object.hasOwn(functions, value.$fn)) throw new Error('unknown function ' + value.$fn);
    return functions[value.$fn](revive(value.args || {}, palette));
  }
  const copy = {};
  for (const k of Object.keys(value)) {
    if (k === '__proto__' || k === 'constructor' || k === 'prototype') continue; // ECharts merges what it is given
    const v = revive(value[k], palette, k);
    if (v !== undefined) copy[k] = v;
  }
  return copy;
}

// A tooltip may stand in any component, and the one that decides how all are
// drawn in several places of an option.
const reaching = ['appendTo', 'appendToBody', 'extraCssText', 'className'];

function tame(tip) {
  for (const k of reaching) delete tip[k];
  return Object.assign(tip, { renderMode: 'richText', confine: true });
}

const allowed = ['saveAsImage', 'dataZoom', 'restore'];

function tools(box) {
  const f = box.feature || {};
  box.feature = Object.fromEntries(allowed.filter((k) => f[k]).map((k) => [k, f[k]]));
}

// Every tooltip and toolbox below a value.
function walk(value) {
  if (Array.isArray(value)) return value.forEach(walk);
  if (!value || typeof value !== 'object') return;
  for (const k of Object.keys(value)) {
    if (k === 'data' && Array.isArray(value[k]) && typeof value[k][0] !== 'object') continue; // plain numbers
    if (k === 'tooltip') [].concat(value[k]).filter((t) => t && typeof t === 'object').forEach(tame);
    if (k === 'toolbox') [].concat(value[k]).filter((t) => t && typeof t === 'object').forEach(tools);
    walk(value[k]);
  }
}

// Parts of ECharts that make HTML from an option are left out or told not to.
// An option within the option, as timelines and media queries have them, would
// take the place of what is said here.
export function harmless(option) {
  for (const k of ['baseOption', 'options', 'media', 'timeline']) delete option[k];
  walk(option);
  option.tooltip = option.tooltip && typeof option.tooltip === 'object' ? option.tooltip : tame({});
  return option;
}
