// The two looks of a chart. Colours are named, so that one spec serves both:
// an option says "$blue" where ECharts takes a colour. The palette is Okabe
// and Ito's, which people with colour vision deficiencies can tell apart; on
// dark paper its colours are lighter.
const light = {
  blue: '#0072B2', vermillion: '#D55E00', green: '#009E73', purple: '#CC79A7',
  amber: '#E69F00', sky: '#56B4E9', grey: '#8A8A8A',
  text: '#1F2328', muted: '#59636E', axis: '#59636E', split: '#E4E8EC', paper: '#FFFFFF', tip: '#FFFFFF',
};
const dark = {
  blue: '#58A6E8', vermillion: '#F28C4B', green: '#2EC4A0', purple: '#E0A0C6',
  amber: '#F2BE4F', sky: '#9AD4F5', grey: '#8B949E',
  text: '#E6EDF3', muted: '#9DA7B3', axis: '#9DA7B3', split: '#2B323B', paper: '#0D1117', tip: '#1C2128',
};
const order = ['blue', 'vermillion', 'green', 'purple', 'amber', 'sky', 'grey'];

// Without quotes: zrender puts the text into an attribute as it is.
export const fontFamily = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif';

export function colors(isDark) { return isDark ? dark : light; }

function axis(c) {
  return {
    axisLine: { show: true, lineStyle: { color: c.axis } },
    axisTick: { lineStyle: { color: c.axis } },
    axisLabel: { color: c.muted, fontSize: 12 },
    nameTextStyle: { color: c.muted, fontSize: 12 },
    splitLine: { lineStyle: { color: c.split } },
    minorSplitLine: { lineStyle: { color: c.split } },
  };
}

// The theme object ECharts takes as the second argument of init.
export function theme(isDark) {
  const c = colors(isDark), a = axis(c);
  return {
    darkMode: isDark,
    color: order.map((name) => c[name]),
    backgroundColor: 'transparent',
    textStyle: { fontFamily, color: c.text },
    title: { textStyle: { color: c.text, fontSize: 15, fontWeight: 600 }, subtextStyle: { color: c.muted, fontSize: 12 } },
    legend: { textStyle: { color: c.text, fontSize: 12 }, itemWidth: 16, itemHeight: 10, itemGap: 16 },
    tooltip: { backgroundColor: c.tip, borderColor: c.split, textStyle: { color: c.text, fontSize: 12 } },
    toolbox: { iconStyle: { borderColor: c.muted } },
    categoryAxis: { ...a, splitLine: { show: false } },
    valueAxis: a,
    logAxis: a,
    timeAxis: a,
  };
}
