// A notebook by somebody who wants a chart to run a script: each chart tries
// one way, and says which by the name it would leave in window.pwned.
'use strict';

const html = (name) => `<img src=x onerror="window.pwned='${name}'"><script>window.pwned='${name}'</script>`;
const series = [{ type: 'bar', data: [1, 2, 3], name: html('series') }];
const axes = { xAxis: { type: 'category', data: ['a', 'b', html('axis')] }, yAxis: {} };

const options = {
  formatter: { tooltip: { formatter: html('formatter'), renderMode: 'html' }, ...axes, series },
  axis: { tooltip: { trigger: 'axis', formatter: html('axis'), renderMode: 'html', extraCssText: 'background:url(http://abroad.example/a)', appendTo: 'body' }, ...axes, series },
  seriesTooltip: { tooltip: { renderMode: 'html' }, ...axes, series: [{ ...series[0], tooltip: { renderMode: 'html', formatter: html('seriesTooltip') } }] },
  itemTooltip: { tooltip: {}, ...axes, series: [{ type: 'bar', data: [{ value: 1, tooltip: { renderMode: 'html', formatter: html('itemTooltip') } }, 2, 3] }] },
  baseOption: { baseOption: { tooltip: { renderMode: 'html', formatter: html('baseOption') }, ...axes, series }, options: [{ tooltip: { renderMode: 'html' } }] },
  media: { ...axes, series, media: [{ option: { tooltip: { renderMode: 'html', formatter: html('media') } } }] },
  timeline: { timeline: { data: [1], tooltip: { renderMode: 'html', formatter: html('timeline') } }, options: [{ tooltip: { renderMode: 'html', formatter: html('timeline') }, ...axes, series }] },
  link: { title: { text: 'click', link: "javascript:window.pwned='link'", sublink: "javascript:window.pwned='link'", subtext: 'click', target: 'self' }, ...axes, series },
  treemap: { series: [{ type: 'treemap', nodeClick: 'link', data: [{ name: 'x', value: 1, link: "javascript:window.pwned='treemap'", target: 'self' }] }] },
  functions: { tooltip: { formatter: "__f__function(){window.pwned='functions'}__f__" }, ...axes, series: [{ type: 'custom', renderItem: "function(){window.pwned='functions'}", data: [1] }] },
  images: { backgroundColor: { image: 'http://abroad.example/b' }, graphic: [{ type: 'image', style: { image: 'http://abroad.example/c' } }], ...axes, series: [{ type: 'scatter', symbol: 'image://http://abroad.example/d', cursor: 'url(http://abroad.example/e),auto', data: [1, 2, 3] }] },
  toolbox: { toolbox: { feature: { dataView: { title: html('toolbox'), lang: [html('toolbox')] }, myTool: { show: true, onclick: "window.pwned='toolbox'", icon: 'image://http://abroad.example/f' } } }, ...axes, series },
  proto: { ...axes, series, constructor: { prototype: { pwned: 1 } } },
};

// spec is a chart with one of the options; title and table are hostile too.
const spec = (name) => ({
  option: { title: { text: html('title') + '</script>' }, ...options[name] }, arranged: name === 'axis',
  alt: html('alt') + '</script>', note: html('note'), width: 760, height: 220,
  table: { columns: [{ name: html('column'), unit: html('unit') }], rows: [[html('cell')]] },
});

const output = (data) => ({ output_type: 'display_data', metadata: {}, data });

function notebook() {
  const chart = (name) => output({ 'application/vnd.interleave.chart.v1+json': spec(name), 'text/plain': name });
  const broken = [null, 3, 'x', [], {}, { option: 3 }, { option: {}, table: 3 }, { option: { series: [{ type: html('type') }] } }]
    .map((s) => output({ 'application/vnd.interleave.chart.v1+json': s, 'text/plain': html('plain'), 'image/png': '" onerror="window.pwned=1' }));
  const outputs = [...Object.keys(options).map(chart), ...broken,
    output({ 'text/html': html('html'), 'text/plain': 'html' }),
    output({ 'text/markdown': `[x](javascript:window.pwned='md') ${html('md')}`, 'text/plain': 'md' }),
    output({ 'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned='svg'"/>`, 'text/plain': 'svg' }),
    output({ 'application/javascript': "window.pwned='js'", 'text/plain': 'js' }),
    { output_type: 'error', ename: html('ename'), evalue: html('evalue'), traceback: [html('traceback')] },
    { output_type: 'stream', name: 'stdout', text: html('stream') }];
  return {
    nbformat: 4, nbformat_minor: 5,
    metadata: { kernelspec: { name: 'interleave', display_name: html('kernel'), language: 'go' }, title: html('title') },
    cells: [
      { cell_type: 'code', id: 'charts', metadata: {}, execution_count: 1, source: 'x', outputs },
      { cell_type: 'markdown', id: 'text', metadata: {}, source: `# ${html('heading')}\n\n[x](javascript:window.pwned='cell')\n\n${html('markdown')}\n\n$\\href{javascript:window.pwned='tex'}{x}$` },
    ],
  };
}

module.exports = { notebook, options, spec };
