package native_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
)

var goPrograms = flag.String("gotest.programs", "", "paste the programs of GOROOT/test whose names match this `pattern` (\"*\": all) instead of a sample, and compare them with go run")

// goSample is how many programs the sample has.
const goSample = 60

// TestProgramsOfTheGoDistribution pastes programs of the Go distribution's own
// tests, those that begin with the line "// run", one after another into one
// session, where each redefines main and much else of those before it. They
// must print what the file beside them holds, or nothing. To compare all with
// go run, in ten minutes and more:
//
//	go test -run TestProgramsOfTheGoDistribution . -gotest.programs '*' -timeout 1h
//
// testdata/gotest.txt lists those that differ, each with the reason.
func TestProgramsOfTheGoDistribution(t *testing.T) {
	differs := goDiffers(t)
	files := distribution(t)
	oracle := beside
	if *goPrograms != "" {
		files = slices.DeleteFunc(files, func(f program) bool { ok, _ := filepath.Match(*goPrograms, f.name); return !ok && *goPrograms != "*" })
		oracle = goRun
	} else {
		// Those that run tools want to be where these find files.
		files = slices.DeleteFunc(files, func(f program) bool { return differs[f.name] != "" || strings.Contains(f.text, `"os/exec"`) })
		files = sample(files, goSample)
	}
	n := open(t, t.TempDir())
	same, listed := 0, 0
	for p, want := range expected(t, files, oracle) {
		got := n.paste(p)
		diff := want.differs(got)
		switch {
		case diff == "":
			same++
			if differs[p.name] != "" {
				t.Logf("%s: agrees, though testdata/gotest.txt lists it", p.name)
			}
		case differs[p.name] != "":
			listed++
		default:
			t.Errorf("%s: %s", p.name, diff)
		}
	}
	t.Logf("%d programs: %d agree, %d are known to differ", len(files), same, listed)
	if same*100 < len(files)*97 {
		t.Errorf("only %d of %d programs agree", same, len(files))
	}
}

// goDiffers reads the names of the programs that differ, with the reasons.
func goDiffers(t *testing.T) map[string]string {
	b, err := os.ReadFile(filepath.Join("testdata", "gotest.txt"))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for line := range strings.Lines(string(b)) {
		name, why, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if ok && !strings.HasPrefix(line, "#") {
			list[name] = why
		}
	}
	return list
}

// program is a file below GOROOT/test.
type program struct {
	name string // relative, with slashes
	file string
	text string
}

// distribution lists the programs.
func distribution(t *testing.T) (list []program) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("ask for GOROOT: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "test")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("this Go distribution comes without its own tests (%v): install one from go.dev/dl to run them", err)
	}
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && filepath.Ext(file) == ".dir" {
			return filepath.SkipDir // parts of one test
		}
		if err != nil || d.IsDir() || filepath.Ext(file) != ".go" {
			return err
		}
		b, err := os.ReadFile(file)
		if first, _, _ := strings.Cut(string(b), "\n"); strings.TrimSpace(first) != "// run" {
			return err
		}
		name, err := filepath.Rel(dir, file)
		list = append(list, program{filepath.ToSlash(name), file, string(b)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sample takes n of the programs, spread evenly.
func sample(list []program, n int) (some []program) {
	for i := range min(n, len(list)) {
		some = append(some, list[i*len(list)/n])
	}
	return some
}

// outcome is what a program does.
type outcome struct {
	stdout, stderr string
	failed         string // how, if it did not end as it should
	took           time.Duration
}

// differs tells in what a program in a cell is unlike the one that Go runs.
// What a failing program says of itself has another form here.
func (want outcome) differs(got outcome) string {
	switch {
	case (want.failed == "") != (got.failed == ""):
		return fmt.Sprintf("fails with %q, want %q\n%.500s", got.failed, want.failed, got.stdout+got.stderr)
	case want.stdout != got.stdout:
		return fmt.Sprintf("prints\n%.1000s\nwant\n%.1000s", got.stdout, want.stdout)
	case want.failed == "" && want.stderr != got.stderr:
		return fmt.Sprintf("writes to standard error\n%.1000s\nwant\n%.1000s", got.stderr, want.stderr)
	}
	return ""
}

// beside reads what a program is to print from the file beside it, without
// which it is to print nothing. That file does not tell the streams apart.
func beside(_ *testing.T, p program) outcome {
	b, err := os.ReadFile(strings.TrimSuffix(p.file, ".go") + ".out")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return outcome{failed: err.Error()}
	}
	return outcome{stdout: string(b)}
}

// goRun runs a program with the go command.
func goRun(t *testing.T, p program) outcome {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	bin := filepath.Join(t.TempDir(), "program")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, p.file)
	if b, err := build.CombinedOutput(); err != nil {
		return outcome{failed: string(b)}
	}
	var stdout, stderr bytes.Buffer
	start := time.Now()
	run := exec.CommandContext(ctx, bin)
	run.Stdout, run.Stderr, run.Dir = &stdout, &stderr, filepath.Dir(p.file)
	o := outcome{}
	if err := run.Run(); err != nil {
		o.failed = err.Error()
	}
	o.stdout, o.stderr, o.took = stdout.String(), stderr.String(), time.Since(start)
	return o
}

// expected yields each program with its outcome; the next is found meanwhile.
func expected(t *testing.T, list []program, oracle func(*testing.T, program) outcome) func(func(program, outcome) bool) {
	return func(yield func(program, outcome) bool) {
		next := make(chan outcome, 4)
		done := make(chan struct{})
		defer close(done)
		go func() {
			for _, p := range list {
				select {
				case next <- oracle(t, p):
				case <-done:
					return
				}
			}
		}()
		for _, p := range list {
			if !yield(p, <-next) {
				return
			}
		}
	}
}

// paste runs a program in a cell.
func (n *notebook) paste(p program) outcome {
	ctx, stop := context.WithTimeout(n.t.Context(), 2*time.Minute)
	defer stop()
	n.count++
	var s streams
	start := time.Now()
	err := n.eng.Execute(ctx, engine.Cell{Code: p.text, Count: n.count}, &s)
	o := outcome{took: time.Since(start)}
	s.mu.Lock()
	defer s.mu.Unlock()
	o.stdout, o.stderr = s.text[engine.Stdout], s.text[engine.Stderr]
	if *goPrograms == "" {
		o.stdout, o.stderr = s.all, ""
	}
	o.stdout, o.stderr = notice.ReplaceAllString(o.stdout, ""), notice.ReplaceAllString(o.stderr, "")
	if err != nil {
		o.failed = err.Error()
	}
	return o
}

// notice is what a cell says of a build constraint in it.
var notice = regexp.MustCompile(`(?m)^cell\[\d+\]:\d+: //go:build has no effect in a notebook\n`)

// streams keeps standard output and standard error apart.
type streams struct {
	page
	mu   sync.Mutex
	text map[engine.Stream]string
	all  string
}

func (s *streams) Stream(stream engine.Stream, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.text == nil {
		s.text = map[engine.Stream]string{}
	}
	s.text[stream] += text
	s.all += text
}
