package native

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// magic is a line of a cell that is not Go. Its help is part of it.
type magic struct {
	name string // as it is typed: "%who", "!", "%%bash"
	args string // for the help: "DIR"
	help string
	// cell says that the magic takes the whole text below its line; text, that
	// this is no Go.
	cell, text bool
	// offers completes what follows the name; nil offers files.
	offers func(e *Engine, word string) []engine.CompletionItem
	run    func(e *Engine, ctx context.Context, m call) error
}

// call is one use of a magic.
type call struct {
	name string // of the magic
	arg  string // what follows the name
	body string // the text below, of a magic that takes the cell, at its lines in the cell
	text string // the same without the lines above
	out  engine.Output
	// count is the execution count of the cell.
	count int
}

// magics are all there are; another one is another value here. It is a
// function because the help lists its own list.
func magics() []magic {
	return []magic{
		{name: "%help", help: "list these magics", offers: words(), run: help},
		{name: "%who", help: "list what the notebook has declared", offers: words(), run: who},
		{name: "%list", help: "the same as %who", offers: words(), run: who},
		{name: "%time", help: "tell what the cell's time was spent on: check, compile, link, load, run", offers: words(), run: timing},
		{name: "%race", args: "on|off", help: "run cells with the race detector, or without; declarations stay, values are lost", offers: words("on", "off"), run: race},
		{name: "%goroutines", help: "list the goroutines that live, by cell, and what they wait for", offers: words(), run: listGoroutines},
		{name: "%stop", args: "N|all", help: "stop the goroutines of cell N, or of all cells", offers: words("all"), run: stopCell},
		{name: "%limit", args: "memory SIZE|off", help: "bound the memory of the session, as in %limit memory 1GB; alone, show the bound", offers: words("memory", "off"), run: limit},
		{name: "%get", args: "MODULE[@VERSION]|FOLDER", help: "add a module, to the go.mod of the notebook's folder or of the session", offers: (*Engine).folders, run: get},
		{name: "%autoget", args: "on|off", help: "add modules that cells import without being asked", offers: words("on", "off"), run: autoget},
		{name: "%reset", help: "forget all values and declarations", offers: words(), run: reset},
		{name: "%cd", args: "DIR", help: "change the working directory of cells and commands", offers: (*Engine).folders, run: changeDir},
		{name: "%env", args: "NAME=VALUE", help: "set an environment variable; without a value, show it", offers: (*Engine).variables, run: setenv},
		{name: "!", args: "COMMAND", help: "run a command of the shell", run: shell},
		{name: "$", args: "COMMAND", help: "the same as !", run: shell},
		{name: "%%test", args: "[-v] [-run RE] [-bench RE]", help: "run the cell, then the Test, Benchmark, Example and Fuzz functions of the notebook", cell: true, offers: words("-v", "-run", "-skip", "-bench", "-benchtime", "-benchmem", "-count", "-short", "-failfast"), run: testCell},
		{name: "%%bench", args: "[-rounds N] [-budget D] [-seed N] [WORK]", help: "measure the statements of the cell; lines \"// case NAME\" begin ways that are compared", cell: true, offers: words("-rounds", "-budget", "-seed"), run: benchCell},
		{name: "%%trace", args: "[-last D] [-others]", help: "run the statements and show when each goroutine ran and what it waited for", cell: true, offers: words("-last", "-others"), run: traceCell},
		{name: "%%virtual", help: "run the statements in virtual time (testing/synctest): sleeping takes none", cell: true, offers: words(), run: virtualCell},
		{name: "%%race", help: "run the cell with the race detector, in a process of its own; the values of the session stay", cell: true, offers: words(), run: raceCell},
		{name: "%%go", args: "FLAGS", help: "run the cell as a program of its own, built with flags of go build, as in: %%go -gcflags=-m", cell: true, offers: words("-race", "-gcflags=-m", "-gcflags=-S", "-tags=", "-ldflags="), run: goRun},
		{name: "%%writefile", args: "[-a] FILE", help: "write the cell to a file, or add it to its end", cell: true, text: true, run: writeFile},
		{name: "%%html", help: "show the cell as HTML", cell: true, text: true, offers: words(), run: shown(display.HTML)},
		{name: "%%markdown", help: "show the cell as Markdown", cell: true, text: true, offers: words(), run: shown(display.Markdown)},
		{name: "%%bash", help: "run the cell as a script of the shell", cell: true, text: true, offers: words(), run: script},
		{name: "%args", args: "ARGUMENTS", help: "set what os.Args holds beside the name of the program", run: arguments},
		{name: "%main", args: "[ARGUMENTS]", help: "the same as %%", run: arguments},
		{name: "%goflags", args: "FLAGS|none", help: "set GOFLAGS for packages imported later, as in: %goflags -tags=sqlite; alone, show it", offers: words("-tags=", "-mod=mod", "none"), run: goFlags},
		{name: "%rm", args: "NAME ...", help: "forget declarations and free what variables hold", offers: (*Engine).declared, run: removeNames},
		{name: "%%", args: "[ARGUMENTS]", help: "the rest is ordinary Go (for notebooks of other Go kernels), with what os.Args is to hold", offers: words(), run: arguments},
		{name: "%go111module", args: "on|off", help: "accepted for old notebooks; modules are always on", offers: words("on", "off", "auto"), run: nothing},
	}
}

// magics runs the magic lines of a cell, in order, and returns the Go code
// that is left. Nothing runs when one of them is unknown.
func (e *Engine) magics(ctx context.Context, c engine.Cell, out engine.Output) (code string, err error) {
	lines, code := cell.SplitMagics(c.Code)
	calls := make([]call, len(lines))
	found := make([]magic, len(lines))
	for i, line := range lines {
		if found[i], calls[i].arg, err = lookup(line); err != nil {
			return "", err
		}
		calls[i].name, calls[i].out, calls[i].count = found[i].name, out, c.Count
		if found[i].cell {
			calls[i].body, code = code, ""
			_, calls[i].text, _ = strings.Cut(c.Code[strings.Index(c.Code, line):], "\n")
		}
	}
	for i, m := range found {
		if err := m.run(e, ctx, calls[i]); err != nil {
			return "", err
		}
	}
	return code, nil
}

// lookup finds the magic of a line; the longest name that fits wins.
func lookup(line string) (best magic, arg string, err error) {
	line = strings.TrimSpace(line)
	for _, m := range magics() {
		rest, ok := strings.CutPrefix(line, m.name)
		if ok && (m.name == "!" || rest == "" || rest[0] == ' ' || rest[0] == '\t') && len(m.name) > len(best.name) {
			best, arg = m, strings.TrimSpace(rest)
		}
	}
	if best.name == "" {
		word := strings.Fields(line)[0]
		return best, "", fault(fmt.Sprintf("%s is not known%s; %%help lists what there is", word, suggestion(word)))
	}
	return best, arg, nil
}

// suggestion names the magic which the word is closest to.
func suggestion(word string) string {
	best, least := "", 3 // more than two letters wrong is another word
	bare := strings.ToLower(strings.TrimLeft(word, "%!"))
	for _, m := range magics() {
		name := strings.Trim(m.name, "%!")
		if name == "" {
			continue
		}
		d := distance(bare, name)
		if strings.HasPrefix(name, bare) && len(bare) >= 2 || strings.HasPrefix(bare, name) {
			d = 1
		}
		if d < least {
			best, least = m.name, d
		}
	}
	if best == "" {
		return ""
	}
	return ", did you mean " + best + "?"
}

// distance is how many letters have to be changed, added or removed to make a
// of b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func fault(text string) *engine.Error {
	return &engine.Error{Name: engine.CompileError, Value: text, Line: 1, Traceback: []string{text}}
}

func nothing(*Engine, context.Context, call) error { return nil }

func help(_ *Engine, _ context.Context, m call) error {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, x := range magics() {
		fmt.Fprintf(w, "%s %s\t%s\n", x.name, x.args, x.help)
	}
	w.Flush()
	m.out.Stream(engine.Stdout, b.String())
	return nil
}

func who(e *Engine, _ context.Context, m call) error {
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	s.known.mu.Lock()
	names := s.known.scope.Names()
	s.known.mu.Unlock()
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, n := range names {
		where := ""
		if n.Cell > 0 {
			where = fmt.Sprintf("cell[%d]", n.Cell)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", n.Name, n.Kind, n.Type, where)
	}
	w.Flush()
	m.out.Stream(engine.Stdout, b.String())
	return nil
}

func reset(e *Engine, ctx context.Context, m call) error {
	if err := e.drop(); err != nil {
		return err
	}
	if err := e.Prepare(ctx, nil); err != nil {
		return err
	}
	m.out.Stream(engine.Stdout, "All values and declarations are forgotten.\n")
	return nil
}

func changeDir(e *Engine, ctx context.Context, m call) error {
	dir := m.arg
	if home, err := os.UserHomeDir(); err == nil && (dir == "" || dir == "~" || strings.HasPrefix(dir, "~/")) {
		dir = home + strings.TrimPrefix(dir, "~")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(e.cfg.Dir, dir)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return fault(fmt.Sprintf("%%cd %s: there is no folder %s", m.arg, dir))
	}
	if err := e.quiet(ctx, m, fmt.Sprintf(`if err := os.Chdir(%q); err != nil { panic(err) }`, dir)); err != nil {
		return err
	}
	e.cfg.Dir = dir
	e.folder.Store(&dir)
	m.out.Stream(engine.Stdout, dir+"\n")
	return nil
}

func setenv(e *Engine, ctx context.Context, m call) error {
	name, val, set := strings.Cut(m.arg, "=")
	name = strings.TrimSpace(name)
	if !set {
		return e.quiet(ctx, m, fmt.Sprintf("fmt.Println(os.Getenv(%q))", name))
	}
	if err := e.quiet(ctx, m, fmt.Sprintf("if err := os.Setenv(%q, %q); err != nil { panic(err) }", name, val)); err != nil {
		return err
	}
	if e.cfg.Env == nil {
		e.cfg.Env = os.Environ()
	}
	e.cfg.Env = append(slices.Clip(e.cfg.Env), name+"="+val)
	return nil
}

// quiet runs Go of ours in the worker; it declares nothing.
func (e *Engine) quiet(ctx context.Context, m call, code string) error {
	e.serial++
	e.outputs.add(e.serial, m.out)
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	return e.execute(ctx, s, "{\n"+code+"\n}", 0, m.out)
}

func shell(e *Engine, ctx context.Context, m call) error {
	return e.command(ctx, m, "-c", strings.TrimPrefix(m.arg, "*"))
}

func script(e *Engine, ctx context.Context, m call) error {
	return e.command(ctx, m, "-c", m.body)
}

// command runs the shell where the session began, or where %cd and %env have
// led it; os.Chdir and os.Setenv of a cell concern the worker alone.
func (e *Engine) command(ctx context.Context, m call, args ...string) error {
	name := "bash"
	if _, err := exec.LookPath(name); err != nil {
		name = "sh"
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = e.cfg.Dir, e.cfg.Env
	return e.follow(ctx, m, cmd, name)
}

// writer leads bytes to a stream of a cell.
type writer struct {
	out  engine.Output
	name engine.Stream
}

func (w writer) Write(b []byte) (int, error) {
	w.out.Stream(w.name, string(b))
	return len(b), nil
}
