package native_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
	"github.com/interleave-lab/interleave/lib/display"
)

// notebook runs cells one after another and keeps what they write.
type notebook struct {
	t     *testing.T
	eng   *native.Engine
	count int
}

func open(t *testing.T, dir string) *notebook {
	t.Helper()
	c := config(t)
	c.Dir = dir
	return openWith(t, c)
}

func openWith(t *testing.T, c native.Config) *notebook {
	t.Helper()
	n := &notebook{t: t, eng: native.New(c)}
	t.Cleanup(func() { n.eng.Close() })
	if err := n.eng.Prepare(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *notebook) run(ctx context.Context, code string) (string, error) {
	n.count++
	var p page
	err := n.eng.Execute(ctx, engine.Cell{Code: code, Count: n.count}, &p)
	return p.text(), err
}

// want runs a cell which must succeed and write exactly this.
func (n *notebook) want(code, out string) {
	n.t.Helper()
	got, err := n.run(n.t.Context(), code)
	if err != nil {
		n.t.Fatalf("cell %d: %v", n.count, err)
	}
	if got != out {
		n.t.Errorf("cell %d wrote %q, want %q", n.count, got, out)
	}
}

// fails runs a cell which must fail like this.
func (n *notebook) fails(code, name, part string) {
	n.t.Helper()
	_, err := n.run(n.t.Context(), code)
	var e *engine.Error
	if !errors.As(err, &e) || e.Name != name || !strings.Contains(e.Text(), part) {
		n.t.Fatalf("cell %d: error %v, want %s with %q", n.count, err, name, part)
	}
}

// page is a cell's output as one text.
type page struct {
	mu sync.Mutex
	b  strings.Builder
}

func (p *page) write(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.b.WriteString(s)
}

func (p *page) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

func (p *page) Stream(_ engine.Stream, text string) { p.write(text) }
func (p *page) Display(d display.Data)              { s, _ := d.Bundle["text/plain"].(string); p.write(s) }
func (p *page) Update(display.Data)                 {}
func (p *page) Clear(bool)                          {}
func (p *page) Result(d display.Data)               { s, _ := d.Bundle["text/plain"].(string); p.write(s) }
func (p *page) Input(context.Context, string, bool) (string, error) {
	return "", engine.ErrNoStdin
}

func TestMagics(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o755); err != nil {
		t.Fatal(err)
	}
	n := open(t, dir)
	n.want("!pwd", dir+"\n")
	n.want("%env COLOUR=blue green\nos.Getenv(\"COLOUR\")", "blue green")
	n.want("!echo $COLOUR", "blue green\n")
	n.want("%cd sub\n!pwd\nd, _ := os.Getwd(); d", sub+"\n"+sub+"\n"+sub)
	n.fails("%cd nowhere", engine.CompileError, "there is no folder "+filepath.Join(sub, "nowhere"))
	n.want("x := 1", "")
	n.want("%%bash\nfor i in 1 2; do echo $i; done", "1\n2\n")
	n.fails("!exit 3", engine.CompileError, "exit status 3")
	n.fails("%whoo\nx = 2", engine.CompileError, "did you mean %who?")
	n.want("x", "1")
	if out, _ := n.run(t.Context(), "%who"); !strings.Contains(strings.Join(strings.Fields(out), " "), "x variable int cell[6]") {
		t.Errorf("%%who wrote\n%s", out)
	}
	n.want("%reset", "All values and declarations are forgotten.\n")
	n.fails("x", engine.CompileError, "undefined: x")
}

func TestHelpNamesEveryMagic(t *testing.T) {
	n := open(t, "")
	out, err := n.run(t.Context(), "%help")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"%who", "%reset", "%cd DIR", "%env NAME=VALUE", "! COMMAND", "%%bash"} {
		if !strings.Contains(out, name) {
			t.Errorf("%%help does not name %s:\n%s", name, out)
		}
	}
}

func TestWorkerDies(t *testing.T) {
	n := open(t, "")
	n.want("x := 7\nfunc twice(n int) int { return 2 * n }", "")
	pids := n.eng.PIDs()
	if len(pids) != 1 {
		t.Fatalf("PIDs %v, want one", pids)
	}
	n.fails("syscall.Kill(os.Getpid(), syscall.SIGKILL); select {}", engine.SessionLost, "x")
	n.want("x", "0")
	n.want("twice(21)", "42")
	if again := n.eng.PIDs(); len(again) != 1 || again[0] == pids[0] {
		t.Errorf("PIDs %v after %v died, want another one", again, pids)
	}
	if err := syscall.Kill(pids[0], 0); err == nil {
		t.Errorf("process %d is still there", pids[0])
	}
}

func TestCloseEndsARunningCell(t *testing.T) {
	n := open(t, "")
	n.want("x := 1", "")
	done := make(chan error)
	go func() {
		_, err := n.run(context.Background(), "select {}")
		done <- err
	}()
	time.Sleep(50 * time.Millisecond) // the cell runs, most likely; both orders must end
	n.eng.Close()
	if err := <-done; err == nil {
		t.Error("a cell of a closed session succeeded")
	}
	if _, err := n.run(t.Context(), "x"); !errors.Is(err, native.ErrClosed) {
		t.Errorf("a cell after Close: %v, want ErrClosed", err)
	}
}

func TestInspectShowsLiveValues(t *testing.T) {
	n := open(t, "")
	n.want("// lights are on\nlamps := []string{\"a\", \"b\"}", "")
	n.want("lamps = append(lamps, \"c\")", "")
	b, err := n.eng.Inspect(t.Context(), "len(lamps)", 6, 0)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := b["text/plain"].(string)
	for _, part := range []string{"[]string", "[a b c]", "cell[1]:2"} {
		if !strings.Contains(text, part) {
			t.Errorf("inspection lacks %q:\n%s", part, text)
		}
	}
}

func TestRepeatedFramesAreFolded(t *testing.T) {
	n := open(t, "")
	n.want("func down(n int) int { if n == 0 { panic(\"bottom\") }; return down(n-1) }", "")
	n.fails("down(5)", engine.PanicError, "(5 times more)")
}

func TestLateOutputBelongsToItsCell(t *testing.T) {
	n := open(t, "")
	var first, second page
	run := func(code string, p *page) {
		n.count++
		if err := n.eng.Execute(t.Context(), engine.Cell{Code: code, Count: n.count}, p); err != nil {
			t.Fatal(err)
		}
	}
	run("say := make(chan string)\ndone := make(chan bool)\ngo func() { for s := range say { fmt.Println(s); done <- true } }()", &first)
	run("say <- \"late\"\n<-done\nfmt.Println(\"mine\")", &second)
	if got := first.text(); got != "late\n" {
		t.Errorf("the first cell has %q, want the line of its goroutine", got)
	}
	if got := second.text(); got != "mine\n" {
		t.Errorf("the second cell has %q", got)
	}
}

func TestImportsThatCannotBe(t *testing.T) {
	n := open(t, "")
	n.fails("import \"example.com/nowhere\"", engine.CompileError, "add its module with: %get example.com/nowhere")
	n.fails("import \"nosuchpackage\"", engine.CompileError, "is not in std")
	n.want("import \"encoding/ascii85\"\nascii85.MaxEncodedLen(4)", "5")
}

func TestPackagesComeBackWithANewWorker(t *testing.T) {
	n := open(t, "")
	n.want("import \"debug/macho\"\nfunc name() string { return macho.CpuAmd64.String() }", "")
	n.fails("syscall.Kill(os.Getpid(), syscall.SIGKILL); select {}", engine.SessionLost, "lost")
	n.want("name()", "CpuAmd64")
}

// A front end asks for kernel_info while the tools are still being built.
func TestInfoDoesNotWaitForTheBuild(t *testing.T) {
	e := native.New(native.Config{Source: interleave.Source, Cache: t.TempDir()})
	defer e.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	info := make(chan engine.Info, 1)
	ask := sync.OnceFunc(func() {
		defer cancel() // the build is not needed any more
		go func() { info <- e.Info() }()
		select {
		case i := <-info:
			if i.Banner == "" {
				t.Error("no banner")
			}
		case <-time.After(30 * time.Second): // no measure: it would wait for ever
			t.Error("Info waits for the build")
		}
	})
	if err := e.Prepare(ctx, func(string) { ask() }); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Prepare: %v", err)
	}
}

func TestWorkerDiesAfterReset(t *testing.T) {
	n := open(t, "")
	n.want("x := 7", "")
	n.fails("%reset\ny := 8\nsyscall.Kill(os.Getpid(), syscall.SIGKILL); select {}", engine.SessionLost, "y")
	n.want("y", "0")
	n.fails("x", engine.CompileError, "undefined: x")
}

func TestCloseDuringACommand(t *testing.T) {
	n := open(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := n.run(context.Background(), "!sleep 1\n1 + 1")
		done <- err
	}()
	<-ctx.Done()
	n.eng.Close()
	if err := <-done; err == nil {
		t.Error("the Go code of a closed session ran")
	}
}
