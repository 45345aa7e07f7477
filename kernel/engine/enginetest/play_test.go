package enginetest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/lib/display"
)

// parrot is an engine whose cells say what it does, a command a line.
type parrot struct{ late []func() }

func (p *parrot) Info() engine.Info { return engine.Info{Name: "parrot", Banner: "parrot"} }

func (p *parrot) Close() error {
	for _, f := range p.late {
		f()
	}
	return nil
}

func (p *parrot) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	for line := range strings.Lines(c.Code) {
		verb, arg, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if err := p.obey(ctx, verb, arg, c, out); err != nil {
			return err
		}
	}
	return nil
}

func (p *parrot) obey(ctx context.Context, verb, arg string, c engine.Cell, out engine.Output) error {
	mime, content, _ := strings.Cut(arg, " ")
	bundle := display.Data{Bundle: map[string]any{"text/plain": "plain", mime: content}, ID: "id"}
	switch verb {
	case "out":
		out.Stream(engine.Stdout, arg+"\n")
	case "print":
		out.Stream(engine.Stdout, arg)
	case "stderr":
		out.Stream(engine.Stderr, arg+"\n")
	case "result":
		out.Result(display.Data{Bundle: map[string]any{"text/plain": arg}})
	case "display":
		out.Display(bundle)
	case "update":
		out.Update(bundle)
	case "clear":
		out.Clear(arg == "wait")
	case "soon":
		go out.Stream(engine.Stdout, arg+"\n")
	case "atclose":
		p.late = append(p.late, func() { out.Stream(engine.Stdout, arg+"\n") })
	case "input":
		answer, err := out.Input(ctx, arg, false)
		out.Stream(engine.Stdout, fmt.Sprintln(answer, err))
	case "block":
		<-ctx.Done()
		return fail(engine.Interrupted, "interrupted")
	case "fail":
		name, value, _ := strings.Cut(arg, " ")
		return fail(name, value)
	case "refuse":
		return &engine.Error{Name: engine.CompileError, Value: "refused", Line: 1, Column: 2, Traceback: strings.Split(strings.ReplaceAll(arg, "N", fmt.Sprint(c.Count)), "|")}
	case "break":
		return fmt.Errorf("engine is broken")
	}
	return nil
}

func fail(name, value string) error {
	return &engine.Error{Name: name, Value: value, Traceback: []string{"\x1b[31m" + value + "\x1b[0m", "cell[1]:3"}}
}

// play runs one session given as text.
func play(t *testing.T, text string) error {
	t.Helper()
	sessions, err := enginetest.Parse("f", "=== session\n-- in --\n"+text)
	if err != nil {
		t.Fatal(err)
	}
	return sessions[0].Play(t.Context(), &parrot{})
}

func TestPlayAgrees(t *testing.T) {
	for _, text := range []string{
		"out a\n-- out --\na\n",
		"print a\nresult b\nout c\n-- out --\na\nb\nc\n",
		"out a\nresult b\n-- out --\na\n-- result --\nb\n",
		"out a\ndisplay text/html <b>\nout c\n-- out --\na\n-- display --\ntext/html\n<b>\n-- out --\nc\n",
		"display text/html a\nupdate text/html <b>\nclear wait\nclear\n-- display --\ntext/html\na\n-- update has --\ntext/html\nb\n-- clear --\nwait\n-- clear --\n",
		"out b\nout a\nstderr x1\n-- out unordered --\na\nb\n-- stderr regexp --\nx\\d\n",
		"out a\nsoon b\n-- out --\na\n-- after --\nb\n",
		"input p1\ninput p2\n-- stdin --\none\ntwo\n-- prompts --\np1\np2\n-- out --\none <nil>\ntwo <nil>\n",
		"input p\n-- out regexp --\n .*does not answer.*\n",
		"out ready\nblock\n-- interrupt --\nready\n-- out --\nready\n-- err --\nInterrupted: interrupted\n",
		"fail PanicError boom\n-- err --\nPanicError: boom\nboom\ncell[1]:3\n",
		"fail PanicError boom 7\n-- err regexp --\nPanicError: boom \\d\n",
		"refuse cell[N]:1:2: undefined: x|f(x)|  ^|cell[N]:1:3: more\n-- err --\n1:2: undefined: x\nf(x)\n  ^\n1:3: more\n",
	} {
		if err := play(t, text); err != nil {
			t.Errorf("%s\n%v", text, err)
		}
	}
}

func TestPlayDisagrees(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"out a\n", "nobody asked for this out"},
		{"-- out --\na\n", "no out, want"},
		{"out b\n-- out --\na\n", "f:2: cell 1: out\nwant:\n\ta\nhave:\n\tb"},
		{"out b\n-- out regexp --\na\n", "out regexp"},
		{"out b\n-- out unordered --\na\n", "out unordered"},
		{"out b\n-- out has --\na\n", "out has"},
		{"stderr x\n", "stderr"},
		{"out a\nout c\ndisplay text/html b\n-- out --\na\n-- display --\ntext/html\nb\n-- out --\nc\n", "out\nwant"},
		{"update text/html b\n-- update --\ntext/html\nb\n", "never displayed"},
		{"refuse cell[N]:1:2: a|f(x)|   ^\n-- err --\n1:2: a\nf(x)\n  ^\n", "traceback has"},
		{"display text/html b\n-- display --\ntext/html\nc\n", "display\nwant"},
		{"display text/html b\n-- display --\nimage/png\nb\n", "display\nwant"},
		{"result a\n-- out --\na\n-- result --\nb\n", "out"},
		{"atclose a\n", "nobody asked for this out"},
		{"-- stdin --\na\n", "nobody asked for the input"},
		{"input p\n-- stdin --\na\n-- prompts --\nq\n-- out --\na <nil>\n", "prompts"},
		{"fail PanicError boom\n", "unexpected error PanicError: boom"},
		{"-- err --\nPanicError: boom\n", "no error"},
		{"fail PanicError boom\n-- err --\nPanicError: bang\n", "err"},
		{"fail PanicError boom\n-- err --\nPanicError: boom\ncell[2]:3\n", "traceback has"},
		{"refuse cell[N]:1:2: a|cell[N]:1:3: more\n-- err --\n1:2: a\n", "err"},
		{"refuse cell[N]:1:3: a\n-- err --\n1:3: a\n", "the error's position"},
		{"fail ExitError a\n-- err --\n1:2: a\n", "err"},
		{"break\n-- err --\n1:2: a\n", "engine: engine is broken"},
	} {
		err := play(t, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\nerror %v, want %s", c.text, err, c.want)
		}
	}
}
