// Charts of Interleave in JupyterLab 4 and Notebook 7: a renderer for their
// MIME type. JupyterLab loads this file when it starts, as a container of
// webpack's module federation, which for one module is an object with init and
// get. The charts themselves come with the first one, from runtime.js.
(function () {
  'use strict';
  const mime = 'application/vnd.interleave.chart.v1+json';
  const here = document.currentScript.src;
  let shared, loading;

  // The global interleaveCharts, loaded once, and again after a failure.
  function runtime() {
    if (window.interleaveCharts) return Promise.resolve(window.interleaveCharts);
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = here.replace('remoteEntry.js', 'runtime.js');
      script.onload = () => resolve(window.interleaveCharts);
      script.onerror = () => {
        loading = undefined;
        script.remove();
        reject(new Error('cannot load ' + script.src));
      };
      document.head.append(script);
    });
    return loading;
  }

  // A module of JupyterLab's: the one in use, or the newest on offer.
  async function need(name) {
    const offers = Object.entries(shared[name] || {});
    if (!offers.length) throw new Error('JupyterLab does not share ' + name);
    const newest = ([a], [b]) => b.localeCompare(a, 'en', { numeric: true });
    const [, offer] = offers.find(([, o]) => o.loaded) || offers.sort(newest)[0];
    return (await offer.get())();
  }

  // What is seen where a chart cannot be drawn: its picture, or its text.
  function still(data) {
    const png = data['image/png'], text = String(data['text/plain'] || '');
    const e = document.createElement(png ? 'img' : 'pre');
    if (png) Object.assign(e, { src: 'data:image/png;base64,' + png, alt: text, style: 'max-width:min(100%,760px)' });
    else e.textContent = text;
    return e;
  }

  // JupyterLab draws an output again in the same widget when its display is
  // updated; the chart keeps its node.
  const chart = (Widget) => class extends Widget {
    constructor() {
      super();
      this.addClass('jp-RenderedHTMLCommon');
      // JupyterLab has its own mind about the width of an output.
      this.body = document.createElement('div');
      this.body.style.maxWidth = '960px';
      this.node.append(this.body);
    }

    async renderModel(model) {
      this.latest = model;
      try {
        const charts = await runtime();
        if (this.isDisposed || this.latest !== model && this.chart) return;
        this.draw(charts, model.data[mime]);
      } catch (err) {
        console.warn('interleave chart:', err);
        this.clear();
        this.body.replaceChildren(still(model.data));
      }
    }

    draw(charts, spec) {
      if (this.chart) return this.chart.update(spec);
      this.body.replaceChildren();
      this.chart = charts.show(this.body, spec);
    }

    clear() {
      if (this.chart) this.chart.dispose();
      this.chart = undefined;
    }

    dispose() {
      this.clear();
      super.dispose();
    }
  };

  // Nothing in a spec is run and nothing is loaded from elsewhere, so charts
  // are drawn in notebooks that are not trusted, too.
  function plugin(Renderer) {
    return {
      id: 'interleave-charts:plugin',
      description: 'Draws the charts of Interleave.',
      rendererFactory: { safe: true, mimeTypes: [mime], defaultRank: 40, createRenderer: () => new Renderer() },
      dataType: 'json',
    };
  }

  (window._JUPYTERLAB = window._JUPYTERLAB || {})['interleave-charts'] = {
    init(scope) { shared = scope; },
    async get() {
      const { Widget } = await need('@lumino/widgets');
      const module = { __esModule: true, default: plugin(chart(Widget)) };
      return () => module;
    },
    runtime,
  };
})();
