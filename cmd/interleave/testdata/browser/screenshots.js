// The pictures of the README, from real runs. They are made anew by
//   go test ./cmd/interleave -run TestFrontEnds -screenshots ../../docs
'use strict';
const { execFileSync } = require('child_process');
const path = require('path');
const { settings, check, page, run } = require('./harness');
const { Notebook, launch } = require('./notebook');

const cells = [
  `import (
	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/bench"
)`,
  `// This goroutine lives on, whatever cell runs next.
jobs := make(chan string)
go func() {
	for j := range jobs {
		fmt.Println("done:", j)
	}
}()`,
  `jobs <- "first"
jobs <- "second"`,
  `fetch := func() { time.Sleep(2 * time.Millisecond) } // a service that answers in 2 ms
inTurn := func() int {
	for range 8 {
		fetch()
	}
	return 8
}
atOnce := func() int {
	var all sync.WaitGroup
	for range 8 {
		all.Go(fetch)
	}
	all.Wait()
	return 8
}
compared, err := bench.Compare(context.Background(),
	bench.Func("in turn", inTurn), bench.Func("at once", atOnce))
if err != nil {
	panic(err)
}
charts.SeqVsConc(compared)`,
];

const picture = (name) => path.join(settings.pictures, name + '.png');

run(async (browser) => {
  await check('JupyterLab', async () => {
    const p = await page(browser, { viewport: { width: 1180, height: 1180 } });
    await (await launch(p)).click();
    const n = Notebook.inLab(p);
    await n.ready();
    let last;
    for (const code of cells) last = await n.run(code);
    await n.live(last).waitFor();
    await p.keyboard.press('Control+b'); // no files beside it
    await n.root.locator('.jp-WindowedPanel-outer').evaluate((e) => { e.scrollTop = 0; });
    await n.cells().first().click();
    await n.live(last).waitFor();
    await p.screenshot({ path: picture('lab') });
    await p.context().close();
  });

  await check('the report', async () => {
    const file = path.join(settings.folder, 'report.html');
    execFileSync(settings.exe, ['report', settings.notebook, '-o', file]);
    const p = await page(browser, { viewport: { width: 1180, height: 900 }, colorScheme: 'light' });
    await p.goto('file://' + file);
    await p.locator('.interleave-live svg').first().waitFor();
    await p.locator('h2').filter({ hasText: 'What came out' }).evaluate((h) => h.scrollIntoView());
    await p.screenshot({ path: picture('report') });
    await p.context().close();
  });
});
