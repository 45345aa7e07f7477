package native

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// Magics that run the statements of a cell inside of something: a measurement,
// a recording, virtual time. Imports and declarations of the cell come before
// and stay; what its statements declare is theirs alone.

// parts are the two halves of a cell, each at its lines.
type parts struct {
	declarations string
	statements   []cell.Item
	lines        int
}

func (m call) parts() (parts, error) {
	items, err := cell.Items(m.body, m.count)
	if err != nil {
		return parts{}, understood(err)
	}
	p := parts{lines: strings.Count(m.body, "\n") + 1}
	var above sheet
	for _, it := range items {
		if it.Kind == cell.Statement || it.Kind == cell.Variables {
			p.statements = append(p.statements, it)
		} else {
			above.put(it.Line, it.Text)
		}
	}
	p.declarations = above.String()
	return p, nil
}

// sheet is a text that grows at given lines.
type sheet struct {
	b    strings.Builder
	line int // of what comes next, from 1
}

// put writes a text that begins at a line, or as soon after it as there is room.
func (p *sheet) put(line int, text string) {
	p.line = max(p.line, 1)
	for p.line < line {
		p.b.WriteByte('\n')
		p.line++
	}
	p.b.WriteString(text + "; ")
	p.line += strings.Count(text, "\n")
}

// raw writes a text without an end of a statement.
func (p *sheet) raw(text string) { p.b.WriteString(text) }

func (p *sheet) String() string { return p.b.String() }

// put writes statements into a sheet. The last one is changed by last, if it is
// an expression.
func (p *parts) put(out *sheet, statements []cell.Item, last func(it cell.Item) string) {
	for i, it := range statements {
		text := it.Text
		if i == len(statements)-1 && expression(text) {
			text = last(it)
		}
		out.put(it.Line, text)
	}
}

// expression says whether a statement is an expression.
func expression(text string) bool {
	items, err := cell.Items(text, 0)
	return err == nil && len(items) == 1 && items[0].Show
}

// isCall says whether an expression is a call, which need not have a value.
func isCall(text string) bool { return strings.HasSuffix(strings.TrimSpace(text), ")") }

// wrap runs the declarations of a cell, and then its statements between before
// and after. Imports stand in before, which is one line.
func (e *Engine) wrap(ctx context.Context, m call, before, after string) error {
	p, err := m.parts()
	if err != nil {
		return err
	}
	if len(p.statements) == 0 {
		return fault(m.name + ": the cell has no statements to run")
	}
	if err := e.declare(ctx, m, p); err != nil {
		return err
	}
	var text sheet
	text.raw(before)
	p.put(&text, p.statements, func(it cell.Item) string {
		if isCall(it.Text) {
			return it.Text
		}
		return "ʹdisplay.Show(" + it.Text + ")"
	})
	text.raw("\n" + after)
	return e.inside(ctx, m, text.String())
}

// declare runs what a cell declares outside of its statements.
func (e *Engine) declare(ctx context.Context, m call, p parts) error {
	if strings.TrimSpace(p.declarations) == "" {
		return nil
	}
	return e.inside(ctx, m, p.declarations)
}

// inside runs Go as a part of the cell.
func (e *Engine) inside(ctx context.Context, m call, code string) error {
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	e.serial++
	e.outputs.add(e.serial, m.out)
	e.outputs.number(e.serial, m.count)
	return e.execute(ctx, s, code, m.count, m.out)
}

const (
	displayImport = "import ʹdisplay \"" + ourModule + "/lib/display\"; "
	contextImport = "import ʹcontext \"context\"; "
)

// virtualCell runs the statements in virtual time.
func virtualCell(e *Engine, ctx context.Context, m call) error {
	if m.arg != "" {
		return fault("%%virtual takes no arguments, got " + m.arg)
	}
	return e.wrap(ctx, m, displayImport+"import ʹvirt \""+ourModule+"/lib/virt\"; ʹvirt.Run(func() {", "})")
}

// traceCell records the statements and shows when each goroutine ran and
// waited.
func traceCell(e *Engine, ctx context.Context, m call) error {
	options, err := traceOptions(m.arg)
	if err != nil {
		return err
	}
	before := displayImport + contextImport + "import ʹcharts \"" + ourModule + "/charts\"; import ʹexectrace \"" + ourModule + "/lib/exectrace\"; " +
		"func() (ʹcharts.Chart, error) { ʹr, ʹerr := ʹexectrace.Record(ʹcontext.Background(), func(ʹcontext.Context) error {"
	after := "return nil }, " + options + "); if ʹerr != nil { return ʹcharts.Chart{}, ʹerr }; " +
		"ʹdisplay.Show(ʹdisplay.Text(ʹr.Class().String())); return ʹcharts.Gantt(ʹr.Goroutines) }()"
	return e.wrap(ctx, m, before, after)
}

// traceOptions are the options of exectrace.Record that the words after
// %%trace stand for.
func traceOptions(arg string) (string, error) {
	options := "ʹexectrace.Name(\"cell\"), "
	words := strings.Fields(arg)
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "-others":
			options += "ʹexectrace.Others(), "
		case "-last":
			i++
			d, err := time.ParseDuration(strings.Join(words[min(i, len(words)):min(i+1, len(words))], ""))
			if err != nil || d <= 0 {
				return "", fault("%%trace -last needs a duration, as in: %%trace -last 100ms")
			}
			options += fmt.Sprintf("ʹexectrace.Last(%d), ", d)
		default:
			return "", fault("%%trace takes -last DURATION and -others, got " + words[i])
		}
	}
	return options, nil
}

// benchCell measures the statements, or compares the ways that "// case NAME"
// lines begin.
func benchCell(e *Engine, ctx context.Context, m call) error {
	plan, err := benchPlan(m.arg)
	if err != nil {
		return err
	}
	p, err := m.parts()
	if err != nil {
		return err
	}
	setup, cases := benchCases(m.body, p.statements)
	if len(cases) == 0 {
		return fault("%%bench: the cell has no statements to measure")
	}
	if err := e.declare(ctx, m, p); err != nil {
		return err
	}
	plain := map[int]bool{} // cases whose last call has no value
	for range len(cases) + 1 {
		err = e.inside(ctx, m, p.bench(plan, setup, cases, plain))
		var fault *engine.Error
		if !errors.As(err, &fault) || fault.Name != engine.CompileError {
			return err
		}
		at := slices.IndexFunc(cases, func(c benchCase) bool { return c.last() == fault.Line })
		if at < 0 || plain[at] {
			return err
		}
		plain[at] = true
	}
	return err
}

// benchCase is one way to do the work.
type benchCase struct {
	name       string
	statements []cell.Item
}

// last is the line in which its last statement begins.
func (c benchCase) last() int {
	if len(c.statements) == 0 {
		return 0
	}
	return c.statements[len(c.statements)-1].Line
}

// caseMark begins a comment that names a way.
const caseMark = "// case "

// benchCases sorts the statements by the comments above them. Those above the
// first such comment prepare all ways; without any comment all statements are
// the one way there is.
func benchCases(body string, statements []cell.Item) (setup []cell.Item, cases []benchCase) {
	marks := map[int]string{}
	for i, line := range strings.Split(body, "\n") {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), caseMark); ok {
			marks[i+1] = strings.TrimSpace(name)
		}
	}
	if len(marks) == 0 {
		if len(statements) > 0 {
			cases = []benchCase{{"the cell", statements}}
		}
		return nil, cases
	}
	seen := 0
	for _, it := range statements {
		for ; seen < it.Line; seen++ {
			if name, ok := marks[seen+1]; ok && seen+1 <= it.Line {
				cases = append(cases, benchCase{name: name})
			}
		}
		if len(cases) == 0 {
			setup = append(setup, it)
			continue
		}
		c := &cases[len(cases)-1]
		c.statements = append(c.statements, it)
	}
	return setup, slices.DeleteFunc(cases, func(c benchCase) bool { return len(c.statements) == 0 })
}

// bench is a cell that compares the cases. The value of the last expression of
// each is its result, which the others must have, too; of the cases in plain it
// has none.
func (p *parts) bench(plan string, setup []cell.Item, cases []benchCase, plain map[int]bool) string {
	var text sheet
	text.raw("import ʹbench \"" + ourModule + "/lib/bench\"; " + contextImport + "func() (ʹbench.Result, error) { ")
	p.put(&text, setup, func(it cell.Item) string { return it.Text })
	text.raw("return " + plan + ".Compare(ʹcontext.Background(), ")
	for i, c := range cases {
		text.raw(fmt.Sprintf("ʹbench.Case{Name: %q, Run: func(ʹcontext.Context) (any, error) { ", c.name))
		value := "nil"
		p.put(&text, c.statements, func(it cell.Item) string {
			if plain[i] {
				return it.Text
			}
			value = "ʹresult"
			return "ʹresult := any(" + it.Text + ")"
		})
		text.raw("return " + value + ", nil }}, ")
	}
	text.raw(") }()")
	return text.String()
}

// benchPlan is the measuring plan that the words after %%bench describe.
func benchPlan(arg string) (string, error) {
	var fields, work []string
	words := strings.Fields(arg)
	for i := 0; i < len(words); i++ {
		name, isFlag := strings.CutPrefix(words[i], "-")
		if !isFlag {
			work = append(work, words[i])
			continue
		}
		value := ""
		if i++; i < len(words) {
			value = words[i]
		}
		switch d, err := time.ParseDuration(value); {
		case name == "rounds" && isCount(value):
			fields = append(fields, "Rounds: "+value)
		case name == "seed" && isCount(value):
			fields = append(fields, "Seed: "+value)
		case name == "budget" && err == nil && d > 0:
			fields = append(fields, fmt.Sprintf("Budget: %d", d))
		default:
			return "", fault("%%bench takes -rounds N, -budget DURATION, -seed N and what the work is called, got " + strings.TrimSpace("-"+name+" "+value))
		}
	}
	if len(work) > 0 {
		fields = append(fields, fmt.Sprintf("Work: %q", strings.Join(work, " ")))
	}
	return "ʹbench.Plan{" + strings.Join(fields, ", ") + "}", nil
}

func isCount(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != "" && len(s) < 10
}
