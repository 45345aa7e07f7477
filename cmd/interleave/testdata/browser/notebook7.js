// Notebook 7, and the notebook that JupyterLab has saved.
'use strict';
const { settings, check, must, equal, page, ours, shot, run } = require('./harness');
const { Notebook, trusted, look } = require('./notebook');

run(async (browser) => {
  const p = await page(browser);
  let n;
  await must('a saved notebook', async () => {
    await p.goto(`${settings.server}/notebooks/saved.ipynb?token=${settings.token}`);
    n = Notebook.inNotebook7(p);
    const i = await n.holding('.interleave-live');
    await n.live(i).first().waitFor();
    await shot(p, 'notebook7');
  });

  await check('dark', async () => {
    const chart = await n.live(await n.holding('.interleave-live')).first().elementHandle();
    const ink = () => chart.evaluate((svg) => svg.closest('.interleave-live').querySelector('svg text').getAttribute('fill'));
    const light = await ink();
    await look(p, 'JupyterLab Dark');
    await p.waitForFunction(() => document.body.dataset.jpThemeLight === 'false');
    await p.waitForFunction(([before]) => document.querySelector('.interleave-live svg text').getAttribute('fill') !== before, [light]);
    await shot(p, 'notebook7-dark');
    await look(p, 'JupyterLab Light');
  });

  await check('run', async () => {
    await n.ready();
    await n.run('import "github.com/interleave-lab/interleave/charts"\nz := 6 * 7');
    const i = await n.run('charts.ItemLatency(charts.Latencies{Name: "in Notebook 7", Times: []time.Duration{1, 2, time.Duration(z)}})');
    await n.live(i).waitFor();
  });

  await check('not trusted', async () => {
    const q = await page(browser);
    await q.goto(`${settings.server}/notebooks/untrusted.ipynb?token=${settings.token}`);
    const m = Notebook.inNotebook7(q);
    await m.live(await m.holding('.interleave-live')).first().waitFor();
    equal(await trusted(q), false, 'trusted');
    equal(ours(q), [], 'complaints');
  });

  await check('no complaint of ours', () => equal(ours(p), []));
});
