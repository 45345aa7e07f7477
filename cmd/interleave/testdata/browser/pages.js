// Charts and reports outside of Jupyter's front ends: the report, nbconvert's
// pages, pages with require.js, a host with the rules of VS Code.
'use strict';
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { settings, check, equal, contains, page, shot, run } = require('./harness');
const hostile = require('./hostile');

const site = 'http://pages.test/';
const mime = 'application/vnd.interleave.chart.v1+json';
const at = (name) => path.join(settings.folder, name);
const notebook = JSON.parse(fs.readFileSync(settings.notebook));
const outputs = notebook.cells.flatMap((c) => c.outputs || []).map((o) => o.data || {}).filter((d) => d[mime]);
const chart = fs.readFileSync(at('chart.html'), 'utf8'); // the HTML of an output

// open shows a page of ours, made of text or of a file.
async function open(browser, html, options) {
  const p = await page(browser, options);
  await p.route(site + '**', (route) => {
    const name = route.request().url().slice(site.length);
    if (name === '') return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    if (name === 'nbextensions/interleave-charts/runtime.js') return route.fulfill({ contentType: 'text/javascript', path: at('runtime.js') });
    if (name === 'require.js') return route.fulfill({ contentType: 'text/javascript', path: require.resolve('requirejs/require.js') });
    p.abroad.push(route.request().url());
    return route.abort();
  });
  await p.goto(site);
  return p;
}

const live = (p) => p.locator('.interleave-live svg').count();
const pictures = (p) => p.locator('.interleave-chart > img').evaluateAll((imgs) => imgs.filter((i) => i.naturalWidth > 0 && i.offsetWidth > 0).length);
const nothing = (p) => equal([...p.complaints, ...p.abroad], [], 'complaints and requests');

async function allLive(p, n) {
  await p.waitForFunction((n) => document.querySelectorAll('.interleave-live svg').length === n, n);
  equal(await pictures(p), 0, 'pictures beside live charts');
}

async function reports(browser) {
  execFileSync(settings.exe, ['report', settings.notebook, '-o', at('report.html')]);
  const html = fs.readFileSync(at('report.html'), 'utf8');

  await check('report: light and dark', async () => {
    const p = await open(browser, html, { colorScheme: 'light' });
    await allLive(p, outputs.length);
    await shot(p, 'report-light');
    const ink = () => p.locator('.interleave-live svg text').first().getAttribute('fill');
    const light = await ink();
    await p.locator('button.theme').click(); // light
    equal(await ink(), light, 'colour');
    await p.locator('button.theme').click(); // dark
    await p.waitForFunction((light) => document.querySelector('.interleave-live svg text').getAttribute('fill') !== light, light);
    await shot(p, 'report-dark');
    await shot(p, 'report-dark-full', { fullPage: true });
    nothing(p);
    await p.context().close();
  });

  await check('report: on paper', async () => {
    const p = await open(browser, html, { colorScheme: 'dark' });
    await allLive(p, outputs.length);
    await p.pdf({ path: at('report.pdf'), format: 'A4' });
    await allLive(p, outputs.length);
    await p.emulateMedia({ media: 'print' });
    equal(await pictures(p), outputs.length, 'pictures on paper');
    equal(await p.locator('.interleave-live').evaluateAll((l) => l.filter((e) => e.offsetWidth > 0).length), 0, 'live charts on paper');
    await shot(p, 'report-paper', { fullPage: true });
    nothing(p);
    await p.context().close();
  });

  await check('report: on a phone', async () => {
    const p = await open(browser, html, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    await allLive(p, outputs.length);
    equal(await p.evaluate(() => document.documentElement.scrollWidth), 390, 'width of the page');
    await p.locator('.interleave-live').first().scrollIntoViewIfNeeded();
    await shot(p, 'report-phone');
    await shot(p, 'report-phone-full', { fullPage: true });
    nothing(p);
    await p.context().close();
  });

  await check('report without scripts', async () => {
    const p = await open(browser, html, { javaScriptEnabled: false });
    equal(await p.locator('.interleave-chart > img').count(), outputs.length);
    equal(await p.locator('.interleave-chart > img').first().isVisible(), true);
    await p.context().close();
  });
}

async function hostileReports(browser) {
  fs.writeFileSync(at('hostile.ipynb'), JSON.stringify(hostile.notebook()));
  execFileSync(settings.exe, ['report', at('hostile.ipynb'), '-o', at('hostile.html')]);
  await check('report of a hostile notebook runs nothing', async () => {
    const p = await open(browser, fs.readFileSync(at('hostile.html'), 'utf8'));
    await p.locator('.interleave-live svg').first().waitFor();
    for (const c of await p.locator('.interleave-live').all()) {
      await c.focus();
      for (let k = 0; k < 3; k++) await p.keyboard.press('ArrowRight');
      await c.click({ position: { x: 30, y: 20 } });
    }
    for (const a of await p.locator('main a[href]').all()) contains(await a.getAttribute('href'), '#', 'a link');
    equal(await p.evaluate(() => window.pwned || ''), '', 'ran');
    await shot(p, 'report-hostile', { fullPage: true });
    equal(p.abroad, [], 'requests');
    equal(p.complaints.filter((c) => !/interleave chart: Error/.test(c)), [], 'complaints'); // charts that cannot be drawn say so
    await p.context().close();
  });

  const scripted = { ...notebook, cells: [{ cell_type: 'code', id: 'a', metadata: {}, execution_count: 1, source: 'x',
    outputs: [{ output_type: 'display_data', metadata: {}, data: { 'text/html': `<p id="p">still</p><script>document.getElementById('p').textContent = 'moved'; fetch('http://abroad.example/').catch(() => {})</script>` } }] }] };
  fs.writeFileSync(at('scripted.ipynb'), JSON.stringify(scripted));
  execFileSync(settings.exe, ['report', '--trusted', at('scripted.ipynb'), '-o', at('scripted.html')]);
  await check('report of a trusted notebook runs its scripts, and reaches nothing', async () => {
    const p = await open(browser, fs.readFileSync(at('scripted.html'), 'utf8'));
    await p.locator('#p').filter({ hasText: 'moved' }).waitFor();
    equal(p.abroad, [], 'requests');
    await p.context().close();
  });
}

async function nbconvert(browser) {
  execFileSync('jupyter-nbconvert', ['--to', 'html', '--output-dir', settings.folder, '--output', 'nbconvert.html', settings.notebook], { stdio: 'pipe' });
  await check('nbconvert: pictures, on the screen and on paper', async () => {
    const p = await open(browser, fs.readFileSync(at('nbconvert.html'), 'utf8'));
    equal([await live(p), await pictures(p)], [0, outputs.length], 'live, pictures');
    await shot(p, 'nbconvert', { fullPage: true });
    await p.pdf({ path: at('nbconvert.pdf'), format: 'A4' }); // what --to webpdf does
    equal(p.complaints.filter((c) => /interleave/i.test(c)), [], 'complaints');
    await p.context().close();
  });
}

async function otherHosts(browser) {
  await check('a page with require.js, as the classic notebook', async () => {
    const p = await open(browser, `<!doctype html><meta charset="utf-8"><body data-base-url="/" data-notebook-path="x.ipynb">
      <script src="require.js"></script><div>${chart}</div><div>${chart}</div>`);
    await allLive(p, 2);
    equal(await p.evaluate(() => typeof window.require.s.contexts._.defined.interleaveCharts), 'undefined', 'a module of ours');
    equal(await p.locator('script[data-interleave]').count(), 1, 'runtimes');
    nothing(p);
    await shot(p, 'requirejs');
    await p.context().close();
  });

  // A host like VS Code puts HTML in and makes its scripts anew, elsewhere.
  const host = (policy, runtime) => `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
    <body class="vscode-dark" style="background:#1e1e1e">${runtime}<div id="output"></div><script>
      for (let view = 0; view < 2; view++) {
        const div = document.createElement('div');
        div.innerHTML = ${JSON.stringify(chart).replace(/</g, '\\u003c')};
        document.getElementById('output').append(div);
        for (const old of div.querySelectorAll('script')) {
          const s = document.createElement('script');
          s.text = old.text;
          if (old.type) s.type = old.type;
          document.body.append(s);
          s.remove();
        }
      }
    </script>`;
  const policy = "default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'";

  await check('a host like VS Code: pictures', async () => {
    const p = await open(browser, host(policy, ''));
    equal([await live(p), await pictures(p)], [0, 2], 'live, pictures');
    nothing(p);
    await shot(p, 'vscode-like');
    await p.context().close();
  });

  await check('a host like VS Code with the runtime: live and dark', async () => {
    const p = await open(browser, host(policy + ' http://pages.test', '<script src="nbextensions/interleave-charts/runtime.js"></script>'));
    await allLive(p, 2);
    nothing(p);
    await shot(p, 'vscode-like-live');
    await p.context().close();
  });

  await check('no scripts at all: pictures', async () => {
    const p = await open(browser, `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">${chart}`);
    equal(await pictures(p), 1, 'pictures');
    await p.context().close();
  });
}

async function sites(browser) {
  await check('a site: the index leads to the reports and back', async () => {
    fs.mkdirSync(at('notebooks/more'), { recursive: true });
    fs.copyFileSync(settings.notebook, at('notebooks/one.ipynb'));
    fs.copyFileSync(at('scripted.ipynb'), at('notebooks/more/two.ipynb'));
    execFileSync(settings.exe, ['report', at('notebooks'), '-o', at('site')]);
    const p = await page(browser, { viewport: { width: 900, height: 600 } });
    await p.goto('file://' + at('site/index.html'));
    await shot(p, 'site-index');
    await p.getByRole('link', { name: 'two' }).click();
    await p.locator('a[rel=next]').click();
    await allLive(p, outputs.length);
    await p.locator('.site a').click();
    equal(await p.locator('tbody tr').count(), 2, 'reports');
    equal([...p.complaints, ...p.abroad], []);
    await p.context().close();
  });
}

run(async (browser) => {
  await reports(browser);
  await hostileReports(browser);
  await nbconvert(browser);
  await otherHosts(browser);
  await sites(browser);
});
