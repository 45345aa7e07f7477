// Notebook 7 used as a person does, first with the notebook that JupyterLab has
// saved.
'use strict';
const { settings, check, must, equal, page, ours, shot, run } = require('./harness');
const { Notebook, trusted, look } = require('./notebook');
const { asksAndAnswers, troubles, exported } = require('./usual');

// create makes a notebook by the menu New of the list of files.
async function create(p) {
  await p.goto(`${settings.server}/tree?token=${settings.token}`);
  await p.locator('.jp-FileBrowser-toolbar').getByText('New', { exact: true }).click();
  const opens = p.context().waitForEvent('page');
  await p.locator('.lm-Menu-item').filter({ hasText: 'Go (Interleave)' }).click();
  const tab = await opens;
  await tab.waitForURL(/\/notebooks\//);
  const url = tab.url();
  await tab.close();
  await p.goto(url);
  const n = Notebook.inNotebook7(p);
  await n.cells().first().waitFor();
  await n.ready();
  return n;
}

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

  await must('a new notebook', async () => {
    n = await create(p);
    equal(await n.result('x := 6 * 7\nx'), '42');
    equal((await n.prompt(0).innerText()).trim(), '[1]:');
    await shot(p, 'notebook7-new');
  });
  await asksAndAnswers(p, n, 'notebook7');
  await troubles(p, n, 'notebook7');
  await exported(p, () => p.goto(`${settings.server}/notebooks/saved.ipynb`), 'notebook7');
  await check('no complaint of ours', () => equal(ours(p), []));
});
