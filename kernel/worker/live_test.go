package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// live is a session whose worker is the real one: cells are compiled, linked
// and loaded.
type live struct {
	*worker.Worker
	*recorder
	t     testing.TB
	tools *toolchain.Toolchain
	link  *toolchain.Session
	dir   string
	n     int
	decls string // of earlier cells, in force
}

func startLive(t testing.TB, change ...func(*worker.Options)) *live {
	t.Helper()
	tools, err := toolchain.Open(t.Context(), toolchain.Config{Source: interleave.Source, Progress: func(s string) { t.Log(s) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tools.Close() })
	r := &recorder{}
	opt := worker.Options{Path: tools.Worker(), BuildID: tools.BuildID(), Handler: r}
	for _, f := range change {
		f(&opt)
	}
	w, err := worker.Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	l := &live{Worker: w, recorder: r, t: t, tools: tools, dir: t.TempDir()}
	if l.link, err = tools.NewSession(l.dir); err != nil {
		t.Fatal(err)
	}
	return l
}

// imports of all cells; each file names those which it uses.
var imports = []string{
	"bufio", "bytes", "context", "encoding/json", "errors", "flag", "fmt", "io", "log", "net", "net/http", "os", "os/exec",
	"runtime", "sort", "strings", "sync", "sync/atomic", "syscall", "time", "unsafe",
	"github.com/interleave-lab/interleave/kernel/worker/rt",
	"github.com/interleave-lab/interleave/lib/virt",
	"github.com/interleave-lab/interleave/lib/display",
}

// load makes statements the next cell; earlier declarations are in force. It
// returns the address of the cell's function.
func (l *live) load(decls, statements string) uint64 {
	l.t.Helper()
	l.n++
	l.decls += decls + "\n"
	entry := fmt.Sprintf("ʹcell%d", l.n)
	body := fmt.Sprintf("%s//line cell[%d]:1\nfunc %s() { %s\n}\n", l.decls, l.n, entry, statements)
	text := "package main\n"
	for _, p := range imports {
		if regexp.MustCompile(`\b` + p[strings.LastIndexByte(p, '/')+1:] + `\.`).MatchString(body) {
			text += fmt.Sprintf("import %q\n", p)
		}
	}
	source := filepath.Join(l.dir, "cell.go")
	if err := os.WriteFile(source, []byte(text+body), 0o600); err != nil {
		l.t.Fatal(err)
	}
	m, err := l.linked(source, "main."+entry)
	if err != nil {
		l.t.Fatalf("cell %d: %v", l.n, err)
	}
	return m.Entry
}

func (l *live) linked(source, entry string) (m worker.Module, err error) {
	ctx := l.t.Context()
	object := source + ".a"
	if err := l.link.Compile(ctx, toolchain.Compile{Source: source, Object: object}); err != nil {
		return m, err
	}
	linked, err := l.link.Link(ctx, toolchain.Link{Object: object, Entry: entry})
	if err != nil {
		return m, err
	}
	for {
		conflicts, err := l.Load(ctx, linked.Module)
		if err != nil {
			return m, err
		}
		if len(conflicts) == 0 {
			return linked.Module, l.link.Commit(linked)
		}
		if linked, err = l.link.Relink(ctx, linked, conflicts); err != nil {
			return m, err
		}
	}
}

// run runs statements as the next cell.
func (l *live) run(decls, statements string) worker.Report {
	l.t.Helper()
	entry := l.load(decls, statements)
	r, err := l.Run(l.t.Context(), worker.Run{Cell: l.n, Entry: entry})
	if err != nil {
		l.t.Fatalf("cell %d: %v\n%s", l.n, err, tailOf(err))
	}
	return r
}

// runFor runs statements and interrupts them soon.
func (l *live) runFor(decls, statements string) worker.Report {
	l.t.Helper()
	entry := l.load(decls, statements)
	r, err := l.Run(interrupted(l.t), worker.Run{Cell: l.n, Entry: entry})
	if err != nil {
		l.t.Fatalf("cell %d: %v\n%s", l.n, err, tailOf(err))
	}
	return r
}

func tailOf(err error) string {
	var d *worker.Death
	if errors.As(err, &d) {
		return d.Tail
	}
	return ""
}

// want runs a cell that ends well and compares what it prints to stdout.
func (l *live) want(out, decls, statements string) {
	l.t.Helper()
	if r := l.run(decls, statements); r.Kind != worker.Fine {
		l.t.Errorf("cell %d: %s: %s", l.n, r.Kind, r.Value)
	}
	if got := l.stdout(); got != out {
		l.t.Errorf("cell %d: got %q, want %q", l.n, got, out)
	}
}

func TestLiveHello(t *testing.T) {
	l := startLive(t)
	l.want("hello 1\n", "var x int", `x++; fmt.Println("hello", x)`)
	l.want("hello 2\n", "", `x++; fmt.Println("hello", x)`)
}

func TestLiveRefusesOtherBuilds(t *testing.T) {
	l := startLive(t)
	if _, err := l.Load(context.Background(), worker.Module{File: "x", BuildID: "other"}); err == nil || !strings.Contains(err.Error(), "it was linked for worker other") {
		t.Errorf("got %v", err)
	}
	m := worker.Module{File: filepath.Join(l.dir, "none"), BuildID: l.tools.BuildID(), Moduledata: 0x20000000,
		Segments: []worker.Segment{{Addr: 0x20000000, Size: 4096, FileSize: 4096, Prot: worker.ReadWrite}}}
	if _, err := l.Load(context.Background(), m); !strings.Contains(fmt.Sprint(err), "no such file") {
		t.Errorf("got %v", err)
	}
	m.File = os.Args[0]
	m.Segments[0].Addr, m.Moduledata = 0x400000, 0x400000 // the worker's own code is there
	if _, err := l.Load(context.Background(), m); !strings.Contains(fmt.Sprint(err), "file exists") {
		t.Errorf("got %v", err)
	}
	l.want("alive\n", "", `fmt.Println("alive")`)
}

// All ways by which Go code writes, in order, and each line of the cell that
// wrote it.
func TestLiveStreams(t *testing.T) {
	l := startLive(t)
	l.want("a\nb\nc\nd\ne\nf\ng\nh\n", "", `
fmt.Println("a")
os.Stdout.WriteString("b\n")
syscall.Write(1, []byte("c\n"))
fmt.Fprintln(os.Stdout, "d")
io.Copy(os.Stdout, strings.NewReader("e\n"))
w := bufio.NewWriter(os.Stdout); w.WriteString("f\n"); w.Flush()
cmd := exec.Command("echo", "g"); cmd.Stdout = os.Stdout; cmd.Run()
fmt.Println("h")`)
	l.run("", `log.SetFlags(0); for i := range 300 { println(i, "raw"); log.Print(i, " log"); fmt.Fprintln(os.Stderr, i, "fmt") }`)
	var want strings.Builder
	for i := range 300 {
		fmt.Fprintf(&want, "%d raw\n%d log\n%d fmt\n", i, i, i)
	}
	if got := l.take(); len(got) != 1 || got[0].what != "stderr" || got[0].text != want.String() {
		t.Errorf("got %.300v", got)
	}
}

func TestLiveLateOutput(t *testing.T) {
	l := startLive(t)
	l.run("var step, done = make(chan int), make(chan int)", `
step, done = make(chan int), make(chan int)
go func() { for i := range step { fmt.Println("goroutine", i); done <- i } }()
time.AfterFunc(time.Millisecond, func() { fmt.Println("timer"); done <- 0 }); <-done`)
	l.run("", `fmt.Println("two"); step <- 1; <-done; fmt.Println("three")`)
	want := "[{1 stdout timer\n} {2 stdout two\n} {1 stdout goroutine 1\n} {2 stdout three\n}]"
	if got := fmt.Sprint(l.take()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLiveInput(t *testing.T) {
	l := startLive(t)
	l.input = answers("3", "4", "one line", "another")
	l.want("2 <nil> 7\n", "", `var a, b int; n, err := fmt.Scan(&a, &b); fmt.Println(n, err, a+b)`)
	l.want("\"one line\\n\" <nil>\n", "", `s, err := bufio.NewReader(os.Stdin).ReadString('\n'); fmt.Printf("%q %v\n", s, err)`)
	l.want("another\nend\n", "", `for s := bufio.NewScanner(os.Stdin); s.Scan(); { fmt.Println(s.Text()) }; fmt.Println("end")`)
	l.input = func(context.Context, string, bool) (string, error) { return "", errors.New("nobody is there") }
	l.want("0 read standard input: nobody is there\n", "", `var a int; n, err := fmt.Scanln(&a); fmt.Println(n, err)`)
	l.input = answers("copied")
	l.want("copied\n", "", `io.Copy(os.Stdout, os.Stdin)`)
}

func TestLiveResults(t *testing.T) {
	l := startLive(t)
	l.run("type point struct{ X, y int }", `rt.Show(point{1, 2})`)
	l.run("", `_, err := os.Open("no-such-file"); rt.ShowErr(1, err)`)
	if got := fmt.Sprint(l.take()); got != "[{1 result {1 2}}]" {
		t.Errorf("got %s", got)
	}
}

// In a bubble of testing/synctest the author prints and shows as anywhere.
func TestLiveBubble(t *testing.T) {
	l := startLive(t)
	l.want("slept 1h0m0s\n1\n", "", `
virt.Run(func() {
	begin := time.Now()
	time.Sleep(time.Hour)
	fmt.Println("slept", time.Since(begin))
	display.Show(len("seven"))
	var wg sync.WaitGroup
	for i := range 3 { wg.Go(func() { println("raw"); fmt.Fprintln(os.Stderr, i); display.Show(i) }) }
	wg.Wait()
})
fmt.Println(1)`)
}

// What cannot be survived is told, with the line that says why.
func TestLiveDeath(t *testing.T) {
	for statements, want := range map[string]string{
		`syscall.Exit(5)`: "exit status 5",
		`syscall.Kill(os.Getpid(), syscall.SIGBUS); select {}`: "exit status 2: SIGBUS: bus error",
		`var keep [][]byte; syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: 256<<20, Max: 256<<20}); for { keep = append(keep, make([]byte, 1<<20)) }`: "exit status 2: fatal error: runtime: out of memory",
	} {
		l := startLive(t)
		entry := l.load("", "fmt.Println(\"last words\");"+statements)
		_, err := l.Run(t.Context(), worker.Run{Cell: l.n, Entry: entry})
		var d *worker.Death
		if !errors.As(err, &d) || d.Reason != want {
			t.Errorf("%s: %v", statements, err)
		}
		if d != nil && d.OutOfMemory != strings.Contains(want, "memory") {
			t.Errorf("%s: out of memory: %v", statements, d.OutOfMemory)
		}
		if got := l.stdout(); got != "last words\n" {
			t.Errorf("%s: stdout %q", statements, got)
		}
	}
}

// A whole program finds a process that has just started.
func TestLiveProgram(t *testing.T) {
	l := startLive(t)
	program := `
n := flag.Int("n", 3, "number of items"); flag.Parse()
http.HandleFunc("/path", func(http.ResponseWriter, *http.Request) {})
fmt.Println(len(os.Args), *n, flag.NArg(), log.Prefix())
log.SetPrefix("prefix")
time.AfterFunc(20*time.Millisecond, func() { fmt.Println("timer") })
go func() { for { rt.Check(); fmt.Println("more"); time.Sleep(time.Millisecond) } }()`
	for range 2 {
		entry := l.load("", program)
		r, err := l.Run(t.Context(), worker.Run{Cell: l.n, Entry: entry, Program: true})
		if err != nil || r.Kind != worker.Fine {
			t.Fatalf("%+v, %v", r, err)
		}
		if got := strings.ReplaceAll(l.stdout(), "more\n", ""); got != "1 3 0 \n" {
			t.Errorf("got %q", got)
		}
		l.want("", "", "time.Sleep(30*time.Millisecond)") // nothing of the program is heard any more
	}
	// A program ends when any of its goroutines calls os.Exit or panics.
	for statements, want := range map[string]worker.Kind{
		`go os.Exit(4); select {}`:                     worker.Exit,
		`go func() { panic("x") }(); <-make(chan int)`: worker.Panic,
		`os.Exit(0)`: worker.Exit,
		`flag.CommandLine.Parse([]string{"-none"})`:         worker.Exit,
		`defer fmt.Println("x"); runtime.Goexit()`:          worker.Goexit,
		`time.AfterFunc(1, func() { panic(1) }); select {}`: worker.Panic,
	} {
		entry := l.load("", statements)
		r, err := l.Run(t.Context(), worker.Run{Cell: l.n, Entry: entry, Program: true})
		if err != nil || r.Kind != want {
			t.Errorf("%s: %+v, %v", statements, r, err)
		}
	}
}
