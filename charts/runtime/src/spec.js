// From a spec, which may come from anywhere, to an option ECharts can be
// trusted with.
import { functions } from './functions.js';

const isColorKey = (key) => /colors?$/i.test(key) || key === 'fill' || key === 'stroke' || key === 'ink';

// What a value under a key becomes: named functions and colours are looked up,
// what could load or run something from outside is left out (undefined).
function text(key, value, palette) {
  if (value[0] === '$' && isColorKey(key)) return palette[value.slice(1)];
  if (value.startsWith('__f__')) return undefined; // JavaScript text of go-echarts' FuncOpts is never run
  if (value.startsWith('image://') && !value.startsWith('image://data:image/')) return undefined;
  if (key === 'image' && !value.startsWith('data:image/')) return undefined;
  if ((key === 'link' || key === 'sublink') && !/^https?:\/\//i.test(value)) return undefined;
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
    if (k === '__proto__') continue;
    const v = revive(value[k], palette, k);
    if (v !== undefined) copy[k] = v;
  }
  return copy;
}

// Parts of ECharts that make HTML from an option are left out or told not to.
export function harmless(option) {
  for (const tip of [].concat(option.tooltip || {})) {
    for (const k of ['appendTo', 'appendToBody', 'extraCssText', 'className']) delete tip[k];
    Object.assign(tip, { renderMode: 'richText', confine: true });
  }
  option.tooltip = option.tooltip || { renderMode: 'richText', confine: true };
  for (const box of [].concat(option.toolbox || [])) {
    const f = box.feature || {};
    box.feature = Object.fromEntries(['saveAsImage', 'dataZoom', 'restore'].filter((k) => f[k]).map((k) => [k, f[k]]));
  }
  return option;
}
