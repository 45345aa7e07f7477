// The picture without a browser: ECharts' server-side SVG.
import * as echarts from 'echarts';
import { colors, theme } from './theme.js';
import { revive, harmless } from './spec.js';
import { arrange, annotate } from './layout.js';

export function prepare(spec, width, isDark) {
  const palette = colors(isDark), option = harmless(revive(spec.option, palette));
  option.aria = { enabled: true, label: { description: spec.alt || ' ' } }; // else ECharts makes up its own words
  return spec.arranged ? arrange(spec, option, width, palette) : annotate(spec, option, width, palette);
}

// renderSVG draws a spec, given as JSON text, on white paper or on dark.
export function renderSVG(json, dark) {
  const spec = JSON.parse(json);
  const chart = echarts.init(null, theme(!!dark), { renderer: 'svg', ssr: true, width: spec.width, height: spec.height });
  try {
    const option = prepare(spec, spec.width, !!dark);
    Object.assign(option, { animation: false, backgroundColor: colors(!!dark).paper });
    delete option.toolbox;
    delete option.dataZoom;
    chart.setOption(option);
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}

// setMeasure tells ECharts how wide a text is where there is no canvas.
export function setMeasure(width) {
  echarts.setPlatformAPI({ measureText: (text, font) => ({ width: width(String(text), font || '12px sans-serif') }) });
}
