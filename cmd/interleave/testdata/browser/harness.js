// What the browser tests share: a browser without a network but the test's own
// server, checks with names, and the complaints of pages.
'use strict';
const { chromium } = require('playwright-core');
const path = require('path');

const settings = JSON.parse(process.env.BROWSER_TEST);
const patience = settings.patience || 120_000; // for anything to happen on a slow machine

// Each check tells the Go test how it ended, as one line of JSON.
let failed = false;
const pages = [];
async function check(name, act) {
  const began = Date.now();
  let error = '', note;
  try {
    note = await act();
  } catch (err) {
    failed = true;
    error = String((err && err.stack) || err);
    for (const p of pages) await shot(p, 'failed-' + name.replace(/\W+/g, '-')).catch(() => {});
  }
  console.log(JSON.stringify({ name, error, note: note === undefined ? '' : String(note), ms: Date.now() - began }));
  return error === '';
}

// Without a call of must the checks after a failed one would fail as well.
async function must(name, act) {
  if (!await check(name, act)) throw new Error('stopped: ' + name + ' failed');
}

function equal(got, want, what) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what || 'got'} ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

function contains(text, part, what) {
  if (!String(text).includes(part)) throw new Error(`${what || 'the text'} lacks ${JSON.stringify(part)}: ${String(text).slice(0, 2000)}`);
}

// page opens an empty page that reaches nothing but the test's server, and
// notes what it complains of.
async function page(browser, options) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 1000 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(patience);
  const p = await context.newPage();
  pages.push(p);
  p.on('close', () => pages.splice(pages.indexOf(p), 1));
  p.complaints = [];
  p.abroad = [];
  p.on('console', (m) => { if (m.type() === 'error') p.complaints.push(`${m.text()} (${m.location().url})`); });
  p.on('pageerror', (err) => p.complaints.push('uncaught: ' + (err.stack || err)));
  p.on('dialog', (d) => {
    if (d.type() === 'beforeunload') return d.accept();
    p.complaints.push('dialog: ' + d.message());
    return d.dismiss();
  });
  await context.route(/.*/, (route) => {
    const url = route.request().url();
    if (/^(data|blob|file|about):/.test(url) || settings.server && url.startsWith(settings.server)) return route.fallback();
    p.abroad.push(url);
    return route.abort();
  });
  return p;
}

// ours is what Interleave is to blame for among the complaints of a front end.
const ours = (p) => [...p.complaints.filter((c) => /interleave|^dialog/i.test(c)), ...p.abroad];

// shot keeps a picture for people to look at.
async function shot(p, name, options) {
  if (settings.shots) await p.screenshot({ path: path.join(settings.shots, name + '.png'), ...options });
}

// run runs a suite with a browser and ends the process.
async function run(suite) {
  const browser = await chromium.launch({
    executablePath: settings.browser, timeout: patience,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  try {
    await suite(browser);
  } catch (err) {
    await check('the suite ran to its end', () => { throw err; });
  }
  await browser.close();
  process.exitCode = failed ? 1 : 0;
}

module.exports = { settings, patience, check, must, equal, contains, page, ours, shot, run };
