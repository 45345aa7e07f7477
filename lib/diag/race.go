package diag

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// RaceReport is what the race detector has found in one run of a program.
type RaceReport struct {
	Races  []DataRace
	Output string // of the program, both streams, without the reports
	Exit   error  // how the program ended, if not well; nil when only races were found
}

// DataRace is two accesses to the same memory, at least one of them a write,
// that nothing puts in an order.
type DataRace struct {
	First, Second Access // the later one first, as the detector tells it
	Text          string // the detector's own report
}

// Access is one of the two.
type Access struct {
	Op        string // "read", "write", "atomic read" ...
	Goroutine string // "main goroutine" or "goroutine 7"
	Func      string // the innermost function of the program
	File      string // "program.go" for the text given to Race
	Line      int
}

// String is one line.
func (a Access) String() string {
	return fmt.Sprintf("%s by %s in %s (%s:%d)", a.Op, a.Goroutine, a.Func, a.File, a.Line)
}

// String lists the races, each in two lines.
func (r RaceReport) String() string {
	if len(r.Races) == 0 {
		return "no race in this run"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d races", len(r.Races))
	for i, d := range r.Races {
		fmt.Fprintf(&b, "\n%d. %v\n   %v", i+1, d.First, d.Second)
	}
	return b.String()
}

// ErrNoCompiler is returned where the race detector cannot be linked.
var ErrNoCompiler = errors.New("the race detector needs a C compiler: install gcc (Debian, Ubuntu: apt install gcc libc6-dev)")

// Race builds a program with the race detector, in a child process, and runs
// it. The text is a whole program, or only its declarations, or only the
// statements of main; imports from the standard library that are missing are
// added. Lines count from the first of the text. The detector sees the races of
// this one run: none found is no proof.
//
// Building takes a second or more, and the first time on a machine about ten,
// for the standard library. The run ends with ctx.
func Race(ctx context.Context, text string) (RaceReport, error) {
	program, err := complete(text)
	if err != nil {
		return RaceReport{}, fmt.Errorf("race run: %w", err)
	}
	if err := compiler(); err != nil {
		return RaceReport{}, fmt.Errorf("race run: %w", err)
	}
	dir, err := os.MkdirTemp("", "interleave-race-")
	if err != nil {
		return RaceReport{}, fmt.Errorf("race run: %w", err)
	}
	defer os.RemoveAll(dir)
	binary, err := buildRace(ctx, dir, program)
	if err != nil {
		return RaceReport{}, fmt.Errorf("race run: %w", err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=0 exitcode=66")
	cmd.Stdout, cmd.Stderr = &out, &out
	exit := cmd.Run()
	r := parseRaces(out.String(), filepath.Join(dir, programFile))
	if code := (&exec.ExitError{}); errors.As(exit, &code) && code.ExitCode() == 66 {
		exit = nil
	}
	if ctx.Err() != nil {
		return r, fmt.Errorf("race run: %w", context.Cause(ctx))
	}
	r.Exit = exit
	return r, nil
}

const programFile = "program.go"

// compiler looks for what linking the detector needs.
func compiler() error {
	if runtime.GOOS == "darwin" {
		return nil // linked without
	}
	for _, name := range []string{os.Getenv("CC"), "gcc", "clang"} {
		if name, _, _ = strings.Cut(name, " "); name != "" {
			if _, err := exec.LookPath(name); err == nil {
				return nil
			}
		}
	}
	return ErrNoCompiler
}

func buildRace(ctx context.Context, dir, program string) (binary string, err error) {
	binary = filepath.Join(dir, "program.exe")
	files := map[string]string{programFile: program, "go.mod": "module program\n\ngo 1.25\n"}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-race", "-o", binary, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		text := strings.TrimSpace(strings.TrimPrefix(string(out), "# program\n"))
		return "", errors.New(strings.ReplaceAll(text, "./"+programFile, programFile))
	}
	return binary, nil
}

// complete makes a whole program of a text, whose lines keep their numbers.
func complete(text string) (string, error) {
	program := ""
	var first error
	for _, try := range []string{text, "package main; " + text, "package main; func main() { " + text + "\n}"} {
		_, err := parser.ParseFile(token.NewFileSet(), programFile, try, parser.AllErrors)
		if err == nil {
			program = try
			break
		}
		first = cmp.Or(first, err)
	}
	if program == "" {
		return "", first
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, programFile, program, 0)
	if err != nil {
		return "", err
	}
	var imports strings.Builder
	for _, p := range missing(f) {
		imports.WriteString("; import " + strconv.Quote(p))
	}
	at := fset.Position(f.Name.End()).Offset
	return program[:at] + imports.String() + program[at:], nil
}

// missing are the packages of the standard library that a file uses without
// importing them.
func missing(f *ast.File) []string {
	have := map[string]bool{}
	for _, s := range f.Imports {
		p, _ := strconv.Unquote(s.Path.Value)
		name := path.Base(p)
		if s.Name != nil {
			name = s.Name.Name
		}
		have[name] = true
	}
	unresolved := map[*ast.Ident]bool{}
	for _, id := range f.Unresolved {
		unresolved[id] = true
	}
	var paths []string
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if p := standard[nameOf(id)]; ok && unresolved[id] && !have[id.Name] && p != "" && !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
		return true
	})
	return paths
}

func nameOf(id *ast.Ident) string {
	if id == nil {
		return ""
	}
	return id.Name
}

// standard are the packages that programs about concurrency use, by name.
var standard = map[string]string{}

func init() {
	for _, p := range strings.Fields(`
bufio bytes cmp context errors fmt io iter log maps math math/rand/v2 os reflect runtime runtime/debug runtime/trace
slices sort strconv strings sync sync/atomic testing testing/synctest time unicode container/heap container/list
encoding/json hash/crc32 net net/http net/http/httptest os/exec os/signal path/filepath regexp`) {
		name := path.Base(p)
		if name == "v2" {
			name = path.Base(path.Dir(p))
		}
		standard[name] = p
	}
}

// parseRaces takes the reports out of what a program has written; file is the
// path of its source.
func parseRaces(out, file string) (r RaceReport) {
	const bar = "=================="
	inside := false
	var report, rest strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(out, file, programFile)) {
		switch text := strings.TrimSpace(line); {
		case text == bar && inside:
			if d, ok := parseRace(report.String()); ok {
				r.Races = append(r.Races, d)
			}
			inside = false
			report.Reset()
		case text == bar:
			inside = true
		case inside:
			report.WriteString(line)
		case strings.HasPrefix(text, "Found ") && strings.HasSuffix(text, "data race(s)"):
		default:
			rest.WriteString(line)
		}
	}
	r.Output = rest.String()
	return r
}

// parseRace reads one report: two accesses with their stacks, then where the
// goroutines were started.
func parseRace(text string) (DataRace, bool) {
	d := DataRace{Text: strings.TrimSpace(text)}
	if !strings.HasPrefix(d.Text, "WARNING: DATA RACE") {
		return d, false
	}
	_, body, _ := strings.Cut(d.Text, "\n")
	blocks := strings.Split(body, "\n\n")
	if len(blocks) < 2 {
		return d, false
	}
	d.First, d.Second = parseAccess(blocks[0]), parseAccess(blocks[1])
	return d, true
}

// parseAccess reads a block like
//
//	Previous write at 0x00c00001 by goroutine 7:
//	  main.main.func1()
//	      program.go:5 +0x44
func parseAccess(block string) (a Access) {
	lines := strings.Split(strings.TrimRight(block, "\n"), "\n")
	head := strings.TrimSuffix(strings.TrimSpace(lines[0]), ":")
	op, who, _ := strings.Cut(head, " by ")
	op, _, _ = strings.Cut(op, " at 0x")
	a.Op = strings.ToLower(strings.TrimPrefix(op, "Previous "))
	a.Goroutine = who
	for i := 1; i+1 < len(lines); i += 2 {
		function := strings.TrimSuffix(strings.TrimSpace(lines[i]), "()")
		place := placeOf(lines[i+1])
		if a.Func == "" || library(a.Func) { // the innermost that is not the library's
			a.Func = function
			at := strings.LastIndex(place, ":")
			if at > 0 {
				a.File = place[:at]
				a.Line, _ = strconv.Atoi(place[at+1:])
			}
		}
	}
	return a
}
