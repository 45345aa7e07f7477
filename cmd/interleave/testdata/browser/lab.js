// JupyterLab 4 and the real kernel, used as a person does.
'use strict';
const fs = require('fs');
const path = require('path');
const { settings, patience, check, must, equal, contains, page, ours, shot, run } = require('./harness');
const { Notebook, launch, opened, trusted, command, look } = require('./notebook');
const { asksAndAnswers, troubles, controls, exported } = require('./usual');
const hostile = require('./hostile');

const chart = `import "github.com/interleave-lab/interleave/charts"
times := []time.Duration{1e6, 2e6, 3e6, 2e6, 4e6, 3e6}
charts.ItemLatency(charts.Latencies{Name: "fast", Times: times})`;

// Twenty updates of one output, and what the reader sees at the end.
const growing = `show := func(n int) charts.Chart {
	c, err := charts.ItemLatency(charts.Latencies{Name: fmt.Sprint("of ", n), Times: append(times, make([]time.Duration, n)...)})
	if err != nil {
		panic(err)
	}
	return c
}
live := display.Live(show(1))
for n := range 20 {
	time.Sleep(60 * time.Millisecond)
	live.Set(show(n + 1))
}
time.Sleep(600 * time.Millisecond)`;

// liveCharts says how charts behave in the notebook that makes them.
async function liveCharts(p, n) {
  let i;
  await check('a chart is live', async () => {
    i = await n.run(chart);
    await n.live(i).waitFor();
    equal(await n.cells().nth(i).locator('.interleave-live').getAttribute('role'), 'img', 'role');
    contains(await n.cells().nth(i).locator('.interleave-live').getAttribute('aria-label'), 'latency', 'the words for a screen reader');
    equal(await n.cells().nth(i).locator('details table tbody tr').count(), 1, 'rows of the table below it');
    await shot(p, 'lab-chart');
  });

  await check('dark and light', async () => {
    const ink = () => n.cells().nth(i).locator('.interleave-live svg text').first().getAttribute('fill');
    const light = await ink();
    await look(p, 'JupyterLab Dark');
    await p.waitForFunction(() => document.body.dataset.jpThemeLight === 'false');
    await p.waitForFunction(([e, before]) => e.querySelector('svg text').getAttribute('fill') !== before,
      [await n.cells().nth(i).locator('.interleave-live').elementHandle(), light]);
    await shot(p, 'lab-chart-dark');
    await look(p, 'JupyterLab Light');
    await p.waitForFunction(([e, before]) => e.querySelector('svg text').getAttribute('fill') === before,
      [await n.cells().nth(i).locator('.interleave-live').elementHandle(), light]);
  });

  await check('two views of one output', async () => {
    await n.cells().nth(i).locator('.jp-OutputArea-output').first().click({ button: 'right' });
    await p.locator('.lm-Menu-item[data-command="notebook:create-output-view"]').click();
    const view = p.locator('.jp-LinkedOutputView .interleave-live svg');
    await view.waitFor();
    await n.live(i).waitFor();
    await shot(p, 'lab-two-views');
    await command(p, 'application:close');
    await view.waitFor({ state: 'detached' });
  });

  await check('updates keep the node', async () => {
    i = await n.start(growing);
    await n.live(i).waitFor();
    const seen = await n.live(i).evaluateHandle((svg) => {
      const seen = { node: svg.closest('.interleave-live'), svg, gone: 0, times: [] };
      const watch = new MutationObserver(() => { if (!seen.svg.isConnected) seen.gone++; });
      watch.observe(seen.node.closest('.jp-OutputArea'), { childList: true, subtree: true });
      return seen;
    });
    await n.ended(i);
    await p.waitForFunction((seen) => seen.svg.textContent.includes('of 20'), seen);
    equal(await seen.evaluate((s) => [s.node.isConnected, s.svg.isConnected, s.gone]), [true, true, 0], 'node, picture, times gone');
  });

  await check('the time of an update', async () => {
    const ms = await n.live(i).evaluate(async (svg) => {
      const { widgets, model } = window.jupyterapp.shell.currentWidget.content, cell = [...widgets].find((w) => w.node.contains(svg));
      const output = cell.model.outputs, first = output.get(0).toJSON(), times = [];
      for (let k = 0; k < 40; k++) {
        const next = structuredClone(first), began = performance.now();
        next.data['application/vnd.interleave.chart.v1+json'].alt = 'update ' + k;
        output.set(0, next);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - began);
      }
      return times.sort((a, b) => a - b)[20];
    });
    return ms.toFixed(1) + ' ms to the next frame';
  });
  return i;
}

// afterwards says what a saved notebook shows when it is opened again.
async function afterwards(p, n) {
  const name = 'saved.ipynb', file = path.join(settings.folder, name);
  await must('save', async () => {
    await n.save(name);
    // Another source line makes another notebook, which nobody has trusted.
    fs.writeFileSync(path.join(settings.folder, 'untrusted.ipynb'), fs.readFileSync(file, 'utf8').replace('x := 6 * 7', 'x := 7 * 6'));
    const last = JSON.parse(fs.readFileSync(file)).cells.findLast((c) => c.outputs && c.outputs.length);
    contains(JSON.stringify(last.outputs[0].data['application/vnd.interleave.chart.v1+json']), 'of 20', 'the stored state of the live chart');
    contains(last.outputs[0].data['text/html'], 'data:image/svg+xml;base64,', 'the stored HTML');
  });

  await check('reopened: charts are live', async () => {
    const m = await opened(p, name);
    await m.live(await m.holding('.interleave-live')).first().waitFor();
    equal(await trusted(p), true, 'trusted');
  });

  await check('reopened where it is not trusted: charts are live', async () => {
    const q = await opened(p, 'untrusted.ipynb');
    equal(await trusted(p), false, 'trusted');
    await q.live(await q.holding('.interleave-live')).first().waitFor();
    await shot(p, 'lab-untrusted');
  });

  await check('HTML alone: a picture, and live when trusted', async () => {
    const html = JSON.parse(fs.readFileSync(file, 'utf8'));
    for (const o of html.cells.flatMap((c) => c.outputs || [])) if (o.data) delete o.data['application/vnd.interleave.chart.v1+json'];
    fs.writeFileSync(path.join(settings.folder, 'html.ipynb'), JSON.stringify(html).replace('x := 6 * 7', 'x := 8 * 7'));
    const q = await opened(p, 'html.ipynb');
    equal(await trusted(p), false, 'trusted');
    const i = await q.holding('.interleave-chart img');
    await p.waitForFunction(() => document.querySelector('.interleave-chart img').naturalWidth > 0);
    equal(await q.live(i).count(), 0, 'live charts');
    await shot(p, 'lab-html-untrusted');
    const done = command(p, 'notebook:trust');
    await p.locator('.jp-Dialog-button.jp-mod-accept').click();
    await done;
    await q.live(i).first().waitFor();
    await shot(p, 'lab-html-trusted');
  });

  await exported(p, () => opened(p, name), 'lab');
}

// A notebook that wants to run something, not trusted and then trusted: charts
// never do, whatever their specs hold.
async function hostileNotebook(p) {
  fs.writeFileSync(path.join(settings.folder, 'hostile.ipynb'), JSON.stringify(hostile.notebook()));
  await check('hostile specs run nothing', async () => {
    const n = await opened(p, 'hostile.ipynb');
    equal(await trusted(p), false, 'trusted');
    await n.live(await n.holding('.interleave-live')).first().waitFor();
    for (const chart of await p.locator('.interleave-live').all()) {
      await chart.focus();
      for (let k = 0; k < 3; k++) await p.keyboard.press('ArrowRight'); // tooltips
      await chart.hover();
      await chart.click({ position: { x: 30, y: 20 } });
    }
    await shot(p, 'lab-hostile');
    equal(await p.evaluate(() => window.pwned || ''), '', 'ran');
    equal(await p.locator('.interleave-live img, .interleave-live a, .interleave-live iframe').count(), 0, 'elements made by specs');
  });
}

run(async (browser) => {
  const p = await page(browser);
  let n;
  await must('launcher', async () => {
    const tile = await launch(p);
    contains(await tile.locator('img').getAttribute('src'), 'kernelspecs/interleave', 'the address of the logo');
    await p.waitForFunction(() => document.querySelector('.jp-LauncherCard[title*="Interleave"] img').naturalWidth >= 32);
    await shot(p, 'lab-launcher');
    await tile.click();
    n = Notebook.inLab(p);
    await n.ready();
  });

  await must('run', async () => {
    const i = await n.run('x := 6 * 7\nx');
    await n.prints(i, '42');
    equal((await n.prompt(i).innerText()).trim(), '[1]:');
  });
  await asksAndAnswers(p, n, 'lab');
  await troubles(p, n, 'lab');
  await controls(p, n, 'lab');
  await liveCharts(p, n);
  await afterwards(p, n);
  await hostileNotebook(p);
  await check('no complaint of ours', () => equal(ours(p), []));
});
