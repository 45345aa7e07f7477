// A notebook in JupyterLab or Notebook 7, used by its keys, buttons and menus.
'use strict';
const { settings } = require('./harness');

class Notebook {
  constructor(page, panel) {
    this.page = page;
    this.root = page.locator(panel);
  }

  // The notebook in front, of several tabs.
  static inLab(page) { return new Notebook(page, '.jp-NotebookPanel:not(.lm-mod-hidden)'); }
  static inNotebook7(page) { return new Notebook(page, '.jp-NotebookPanel'); }

  cells() { return this.root.locator('.jp-Notebook-cell'); }
  editor(i) { return this.cells().nth(i).locator('.cm-content'); }
  prompt(i) { return this.cells().nth(i).locator('.jp-InputArea-prompt'); }

  // The live charts in the outputs of a cell.
  live(i) { return this.cells().nth(i).locator('.interleave-live svg'); }

  // ready waits for the kernel: what is run before is forgotten by the front
  // end.
  async ready() {
    await this.root.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    await this.page.waitForFunction(() => {
      const { session } = window.jupyterapp.shell.currentWidget.sessionContext;
      return session && session.kernel && session.kernel.connectionStatus === 'connected' && session.kernel.status === 'idle';
    });
  }

  // restarted waits for the kernel that comes after another. JupyterLab may not
  // know its status until the first cell has run.
  async restarted() {
    await this.page.waitForFunction(() => {
      const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
      return document.querySelectorAll('.jp-Dialog').length === 0 && kernel && kernel.connectionStatus === 'connected' && !/restarting|dead/.test(kernel.status);
    });
    // What is asked while it reconnects is lost: ask until there is an answer.
    await this.page.waitForFunction(async () => {
      const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
      const late = new Promise((done) => setTimeout(done, 3000, false));
      return Promise.race([kernel.requestKernelInfo().then(() => true, () => false), late]);
    });
  }

  // write types a cell at the end, without running it, and returns its number.
  async write(code) {
    const last = (await this.cells().count()) - 1;
    await this.editor(last).click();
    await this.page.keyboard.insertText(code);
    return last;
  }

  async erase(i) {
    await this.editor(i).click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.press('Delete');
  }

  // start writes a cell and starts it.
  async start(code) {
    const i = await this.write(code);
    await this.page.keyboard.press('Shift+Enter');
    return i;
  }

  // run writes a cell, runs it and waits for its end.
  async run(code) {
    const i = await this.start(code);
    await this.ended(i);
    return i;
  }

  // ended waits for the number of a cell.
  async ended(i) { await this.prompt(i).filter({ hasText: /\[\d+\]/ }).waitFor(); }

  // result runs a cell and returns what it shows.
  async result(code) {
    const i = await this.run(code), shown = this.cells().nth(i).locator('.jp-OutputArea-output').first();
    return (await shown.innerText()).trim();
  }

  // prints waits until the outputs of a cell hold a text.
  async prints(i, text) {
    await this.cells().nth(i).locator('.jp-OutputArea').filter({ hasText: text }).first().waitFor();
  }

  // holding is the number of the first cell with an element.
  async holding(selector) {
    await this.cells().locator(selector).first().waitFor({ state: 'attached' });
    return this.cells().evaluateAll((cells, s) => cells.findIndex((c) => c.querySelector(s)), selector);
  }

  // save saves a new notebook under a name.
  async save(name) {
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('Control+s');
    const dialog = this.page.locator('.jp-Dialog').filter({ hasText: 'Rename' });
    await dialog.locator('input[type=text], input:not([type])').fill(name);
    await dialog.locator('.jp-Dialog-button.jp-mod-accept').click();
    await this.page.waitForFunction((name) => {
      const { context } = window.jupyterapp.shell.currentWidget;
      return context.path === name && !context.model.dirty;
    }, name);
  }
}

// launch opens the launcher, and returns the tile of our kernel.
async function launch(page) {
  await page.goto(`${settings.server}/lab?token=${settings.token}&reset`);
  const tile = page.locator('.jp-LauncherCard[data-category="Notebook"][title*="Interleave"]');
  await tile.waitFor();
  return tile;
}

// opened opens a notebook there is.
async function opened(page, name) {
  await page.goto(`${settings.server}/lab/tree/${name}?reset`);
  const n = Notebook.inLab(page);
  await n.cells().first().waitFor();
  return n;
}

// trusted says whether the outputs of the notebook in front may run scripts.
async function trusted(page) {
  await page.evaluate(() => window.jupyterapp.shell.currentWidget.context.ready);
  return page.evaluate(() => [...window.jupyterapp.shell.currentWidget.content.model.cells].filter((c) => c.type === 'code').every((c) => c.trusted));
}

// command runs a command of the front end that has no button in view.
const command = (page, id, args) => page.evaluate(([id, args]) => window.jupyterapp.commands.execute(id, args), [id, args]);

const look = (page, theme) => command(page, 'apputils:change-theme', { theme });

module.exports = { Notebook, launch, opened, trusted, command, look };
