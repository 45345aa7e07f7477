// Live charts: pictures of a page that come alive, and charts that a front end
// shows and updates itself.
import * as echarts from 'echarts';
import { theme } from './theme.js';
import { prepare } from './static.js';
import { tall } from './layout.js';
import { table } from './table.js';

const charts = new Set();

// JupyterLab says it on the body, VS Code by a class, our report on the root;
// elsewhere the reader's system decides.
function isDark() {
  const body = document.body, jupyter = body.dataset.jpThemeLight, page = document.documentElement.dataset.theme;
  if (jupyter) return jupyter === 'false';
  if (body.classList.contains('vscode-dark') || body.classList.contains('vscode-high-contrast')) return true;
  if (body.classList.contains('vscode-light')) return false;
  if (page) return page === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

// Live is a chart in a node of its own. The node stays through updates, so
// that nothing flickers and what stands below does not jump.
class Live {
  // The picture, if there is one, is what paper gets; it stands where the
  // chart comes.
  constructor(parent, picture, spec, alt) {
    this.spec = spec;
    this.picture = picture;
    this.node = document.createElement('div');
    this.node.className = 'interleave-live';
    this.node.style.width = '100%';
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'img');
    this.node.setAttribute('aria-label', alt);
    this.node.addEventListener('keydown', (e) => this.key(e));
    parent.insertBefore(this.node, picture);
    try {
      this.draw();
    } catch (err) {
      this.dispose();
      throw err;
    }
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.node);
    charts.add(this);
    this.paper(false);
  }

  // On paper there is the picture, drawn for it, or the light look.
  paper(on) {
    if (!this.picture) return this.draw(on ? false : isDark());
    this.picture.style.display = on ? 'block' : 'none';
    this.node.style.display = on ? 'none' : '';
  }

  draw(dark = isDark()) {
    if (this.chart && this.dark === dark) return;
    if (this.chart) this.chart.dispose();
    this.dark = dark;
    this.measure();
    this.chart = echarts.init(this.node, theme(dark), { renderer: 'svg', width: this.width, height: this.height });
    this.chart.setOption(this.option());
  }

  measure() {
    this.width = this.node.clientWidth || this.width || this.spec.width; // 0 while a front end has it put aside
    this.height = tall(this.spec, this.width);
    this.node.style.height = this.height + 'px';
  }

  // The option for the present width and look. Nothing moves into its place: a
  // chart says where the numbers are, and paper does not wait.
  option() {
    const spec = { ...this.spec, height: this.height };
    return Object.assign(prepare(spec, this.width, this.dark), { animation: false });
  }

  update(spec, alt) {
    this.spec = spec;
    this.at = undefined;
    this.node.setAttribute('aria-label', alt);
    this.renew();
  }

  resize() {
    const width = this.node.clientWidth;
    if (width && width !== this.width) this.renew();
  }

  // Draws anew what may have changed in any part; what the reader has zoomed
  // to stays.
  renew() {
    const { width, height } = this;
    this.measure();
    if (width !== this.width || height !== this.height) this.chart.resize({ width: this.width, height: this.height });
    const zoomed = (this.chart.getOption().dataZoom || []).map(({ start, end }) => ({ start, end }));
    const option = this.option();
    if (option.dataZoom) option.dataZoom = [].concat(option.dataZoom).map((z, i) => ({ ...z, ...zoomed[i] }));
    this.chart.setOption(option, { notMerge: true });
  }

  dispose() {
    if (this.observer) this.observer.disconnect();
    if (this.chart) this.chart.dispose();
    this.node.remove();
    charts.delete(this);
  }

  // Arrow keys walk along the points, Escape leaves them.
  key(e) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (e.key === 'Escape') return this.chart.dispatchAction({ type: 'hideTip' });
    if (!step) return;
    e.preventDefault();
    e.stopPropagation(); // a notebook moves to another cell by them
    const series = this.chart.getOption().series, all = [];
    series.forEach((s, seriesIndex) => (s.silent ? [] : s.data || []).forEach((_, dataIndex) => all.push({ seriesIndex, dataIndex })));
    if (!all.length) return;
    this.at = ((this.at === undefined ? (step > 0 ? -1 : 0) : this.at) + step + all.length) % all.length;
    this.chart.dispatchAction({ type: 'showTip', ...all[this.at] });
  }
}

// show draws a spec in a node, with its table below, for a front end that has
// the spec itself. It throws where a spec cannot be drawn, and leaves the node
// as it was. update takes the place of the first spec by another.
export function show(parent, given) {
  const spec = sized(given), live = new Live(parent, null, spec, spec.alt || '');
  let numbers = table(spec.table);
  parent.append(...numbers);
  return {
    update(next) {
      const spec = sized(next), fresh = table(spec.table);
      live.update(spec, spec.alt || '');
      if (numbers.length && fresh.length) fresh[0].open = numbers[0].open;
      numbers.forEach((n) => n.remove());
      parent.append(...(numbers = fresh));
    },
    dispose() {
      live.dispose();
      numbers.forEach((n) => n.remove());
    },
  };
}

// A spec may come from anywhere; its size is bounded as it is on the server
// side.
function sized(spec) {
  if (!spec || typeof spec !== 'object' || !spec.option || typeof spec.option !== 'object') throw new Error('the spec has no option');
  const bounded = (n, otherwise) => (n >= 100 && n <= 4000 ? n : otherwise);
  return { ...spec, width: bounded(spec.width, 760), height: bounded(spec.height, 440) };
}

// mount turns a static picture live.
function mount(root) {
  root.dataset.live = '';
  const picture = root.querySelector('img');
  try {
    const spec = sized(JSON.parse(root.querySelector('script[type="application/json"]').textContent));
    new Live(root, picture, spec, picture ? picture.alt : '');
  } catch (err) { // the static picture stays
    console.error('interleave chart:', err);
  }
}

// mountAll turns every picture live that is not yet. It may run at any time
// and any number of times.
export function mountAll() {
  document.querySelectorAll('.interleave-chart:not([data-live])').forEach(mount);
}

// each does something with every chart, and lets go of those of a page whose
// output is gone. A chart that a front end shows is disposed of by it: it may
// be put aside and come back.
function each(act) {
  for (const live of charts) {
    if (live.picture && !live.node.isConnected) live.dispose();
    else act(live);
  }
}

export function watch() {
  const look = () => each((live) => live.draw());
  new MutationObserver(look).observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light', 'class'] });
  new MutationObserver(look).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look);
  window.addEventListener('beforeprint', () => each((live) => live.paper(true)));
  window.addEventListener('afterprint', () => each((live) => live.paper(false)));
  mountAll();
}
