// Turns static pictures in a page into live charts.
import * as echarts from 'echarts';
import { theme } from './theme.js';
import { prepare } from './static.js';

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

class Live {
  constructor(root) {
    this.root = root;
    this.spec = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    this.picture = root.querySelector('img');
    this.node = document.createElement('div');
    this.node.style.cssText = `width:100%;height:${this.spec.height}px`;
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'img');
    this.node.setAttribute('aria-label', this.picture ? this.picture.alt : '');
    root.insertBefore(this.node, this.picture);
  }

  start() {
    this.draw();
    if (this.picture) this.picture.style.display = 'none'; // stays for a page that is saved
    this.node.addEventListener('keydown', (e) => this.key(e));
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.node);
  }

  draw(dark = isDark()) {
    if (this.chart && this.dark === dark) return;
    if (this.chart) this.chart.dispose();
    this.dark = dark;
    this.width = this.node.clientWidth || this.spec.width;
    this.chart = echarts.init(this.node, theme(dark), { renderer: 'svg', width: this.width, height: this.spec.height });
    this.chart.setOption(prepare(this.spec, this.width, dark));
  }

  resize() {
    if (!this.root.isConnected) return this.stop();
    const width = this.node.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    this.chart.resize({ width, height: this.spec.height });
    this.chart.setOption(prepare(this.spec, width, this.dark), { notMerge: true });
  }

  stop() {
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
    const series = this.chart.getOption().series, all = [];
    series.forEach((s, seriesIndex) => (s.silent ? [] : s.data || []).forEach((_, dataIndex) => all.push({ seriesIndex, dataIndex })));
    if (!all.length) return;
    this.at = ((this.at === undefined ? (step > 0 ? -1 : 0) : this.at) + step + all.length) % all.length;
    this.chart.dispatchAction({ type: 'showTip', ...all[this.at] });
  }
}

function mount(root) {
  root.dataset.live = '';
  const live = new Live(root);
  try {
    live.start();
    charts.add(live);
  } catch (err) { // the static picture stays
    live.stop();
    console.error('interleave chart:', err);
  }
}

// mountAll turns every picture live that is not yet. It may run at any time
// and any number of times.
export function mountAll() {
  document.querySelectorAll('.interleave-chart:not([data-live])').forEach(mount);
}

function redraw(dark) {
  for (const live of charts) {
    if (live.root.isConnected) live.draw(dark);
    else live.stop();
  }
}

export function watch() {
  const look = () => redraw(isDark());
  new MutationObserver(look).observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light', 'class'] });
  new MutationObserver(look).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look);
  window.addEventListener('beforeprint', () => redraw(false)); // paper is white
  window.addEventListener('afterprint', look);
  mountAll();
}
