// What a person does with a notebook in JupyterLab as in Notebook 7.
'use strict';
const fs = require('fs');
const path = require('path');
const { settings, patience, check, equal, contains, shot } = require('./harness');

// asksAndAnswers are what a front end asks a kernel for beside running cells.
async function asksAndAnswers(p, n, where) {
  await check('complete by Tab', async () => {
    const i = await n.write('strings.Repe');
    await p.keyboard.press('Tab');
    await p.locator('.jp-Completer-item').filter({ hasText: 'Repeat' }).waitFor();
    await p.keyboard.press('Enter');
    await n.editor(i).filter({ hasText: 'strings.Repeat' }).waitFor();
    await n.erase(i);
    await n.write('strings.Trim');
    await p.keyboard.press('Tab');
    await p.locator('.jp-Completer-item').filter({ hasText: 'TrimSuffix' }).first().waitFor();
    await shot(p, `${where}-complete`);
    await p.keyboard.press('Escape');
    await n.erase(i);
  });

  await check('inspect by Shift-Tab', async () => {
    const i = await n.write('strings.Repeat');
    await p.keyboard.press('Shift+Tab');
    await p.locator('.jp-Tooltip').filter({ hasText: 'Repeat(s string, count int) string' }).waitFor();
    await shot(p, `${where}-inspect`);
    await p.keyboard.press('Escape');
    await n.erase(i);
  });

  await check('input box', async () => {
    const i = await n.start('var name string\nfmt.Print("name: ")\nfmt.Scan(&name)\nfmt.Println("hello", name)');
    const box = n.cells().nth(i).locator('.jp-Stdin-input');
    await box.fill('Ada');
    await shot(p, `${where}-input`);
    await box.press('Enter');
    await n.ended(i);
    await n.prints(i, 'hello Ada');
  });

  await check('late output stands under its cell', async () => {
    const early = await n.run('late := make(chan string)\ngo func() { for s := range late { fmt.Println("came", s) } }()');
    await n.run('late <- "late"');
    await n.prints(early, 'came late');
  });
}

// troubles are what goes wrong in a cell, and what a person does about it.
async function troubles(p, n, where) {
  await check('compile error', async () => {
    const i = await n.run('a, b := 2, nope');
    await n.prints(i, 'undefined: nope');
  });

  await check('panic', async () => {
    const i = await n.run('var list []int\nlist[3] = 1');
    await n.prints(i, 'index out of range');
    equal(await n.result('x'), '42', 'x after a panic is');
  });

  await check('interrupt', async () => {
    const i = await n.start('for {\n}');
    await n.prompt(i).filter({ hasText: '[*]' }).waitFor();
    await n.root.locator('[data-command="notebook:interrupt-kernel"]').click();
    await n.ended(i);
    await n.prints(i, /interrupt/i);
    equal(await n.result('x'), '42', 'x after an interrupt is');
  });

  await check('a cell that exits says so', async () => {
    const i = await n.run('os.Exit(3)');
    await n.prints(i, /exit/i);
    await shot(p, `${where}-troubles`);
  });

  await check('notice when the kernel died', async () => {
    await n.start('import "syscall"\nsyscall.Kill(os.Getppid(), syscall.SIGKILL)');
    const dialog = p.locator('.jp-Dialog').filter({ hasText: 'Kernel Restarting' });
    await dialog.waitFor();
    await shot(p, `${where}-died`);
    await dialog.locator('.jp-Dialog-button.jp-mod-accept').click();
    await n.restarted();
    equal(await n.result('1 + 1'), '2', 'after the death of the kernel');
  });

  await check('restart', async () => {
    await n.run('y := 1');
    await n.root.locator('[data-command="notebook:restart-kernel"]').click();
    await p.locator('.jp-Dialog-button.jp-mod-accept').click();
    await n.restarted();
    const i = await n.run('y');
    await n.prints(i, 'undefined: y');
  });
}

// slider is a control that draws a chart anew.
const slider = `import (
	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/widgets"
)
widgets.Interact(widgets.Slider("workers", 1, 8, 2), func(n int) any {
	c, err := charts.ItemLatency(charts.Latencies{Name: fmt.Sprint("with ", n), Times: make([]time.Duration, 4*n)})
	if err != nil {
		return err
	}
	return c
})
pressed := make(chan string)
display.Show(widgets.Button("go on").OnClick(func() { pressed <- "pressed" }))`;

// controls move what they are bound to, also beside a cell that runs.
async function controls(p, n, where) {
  await check('a slider moves a chart', async () => {
    const i = await n.run(slider), cell = n.cells().nth(i), handle = cell.locator('.widget-slider .noUi-handle');
    const drawn = (text) => n.live(i).filter({ hasText: text }).waitFor();
    await drawn('with 2');
    await handle.focus();
    await p.keyboard.press('ArrowRight');
    await drawn('with 3');
    await cell.locator('.widget-readout').filter({ hasText: '3' }).waitFor();
    const waits = await n.start('fmt.Println(<-pressed)');
    await n.prompt(waits).filter({ hasText: '[*]' }).waitFor();
    await handle.focus();
    for (let k = 0; k < 3; k++) await p.keyboard.press('ArrowRight');
    await drawn('with 6');
    await shot(p, `${where}-slider`);
    await cell.locator('button.jupyter-button').filter({ hasText: 'go on' }).click();
    await n.ended(waits);
    await n.prints(waits, 'pressed');
  });
}

// fileMenu chooses an entry of a submenu. JupyterLab fills this one when the
// server has told what it can export to, and not while it is open.
async function fileMenu(p, submenu, entry) {
  const item = p.locator('.lm-Menu-item').filter({ hasText: entry });
  for (let tries = 0; ; tries++) {
    await p.locator('.lm-MenuBar-item').filter({ hasText: 'File' }).click();
    await p.locator('.lm-Menu-item').filter({ hasText: submenu }).click();
    try {
      await item.click({ timeout: 5000 });
      return;
    } catch (err) {
      if (tries === 12) throw err;
      for (let k = 0; k < 3; k++) await p.keyboard.press('Escape');
    }
  }
}

// exported saves a notebook as HTML by the File menu, once open has opened it.
async function exported(p, open, where) {
  await check('export by the File menu', async () => {
    await open();
    await fileMenu(p, 'Save and Export Notebook As', /^HTML/);
    // nbconvert's sanitizer knows no images: it would print every tag.
    await p.locator('.jp-Dialog').filter({ hasText: 'Sanitize' }).locator('input[type=checkbox]').uncheck();
    const download = new Promise((done, fail) => {
      p.on('download', done); // of a tab that is gone at once
      p.context().on('page', (tab) => tab.on('download', done));
      setTimeout(() => fail(new Error('nothing was downloaded')), patience).unref();
    });
    await p.locator('.jp-Dialog-button.jp-mod-accept').click();
    const to = path.join(settings.folder, `${where}-exported.html`);
    await (await download).saveAs(to);
    const html = fs.readFileSync(to, 'utf8');
    contains(html, 'interleave-chart', 'the exported page');
    contains(html, 'highlight hl-go', 'the exported page');
  });
}

module.exports = { asksAndAnswers, troubles, controls, exported };
