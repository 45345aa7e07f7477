// Command loops measures eight loops inside cells against the same program
// built as an executable, and fails when the two disagree in a result.
//
// How fast a tight loop runs depends on where its code lies in memory, in an
// executable as in a cell: functions begin at multiples of 32 bytes, and the
// matrix product here takes a twelfth longer at the even ones than at the odd.
// So the program is built several times with padding in front of the loops, 32
// bytes more each time; each placement is run as an executable and as a cell,
// one after the other, and then placements are compared whose loop begins at
// the same offset in a line of 64 bytes.
//
// Of each placement the fastest run of each loop counts, which other work on
// the machine can only make slower: what passed by the clock, and CPU time of
// the process. The means of CPU time are compared too. They have the garbage
// collector in them: a collection marks what a process has for good, which is
// more in a worker (about 1 MB, 0.2 to 0.3 ms) than in a small program.
//
//	go run ./bench/loops [-rounds 3] [-placements 8]
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
	"github.com/interleave-lab/interleave/lib/stats"
)

//go:embed program.go.txt
var program string

// timing is one line of what the program prints.
type timing struct {
	Name      string
	At        int     // where the function begins, modulo 64
	Wall, CPU float64 // of the fastest run, in nanoseconds
	All       float64 // the mean of CPU time
	Result    string
}

func main() {
	rounds := flag.Int("rounds", 3, "measure each placement `N` times")
	placements := flag.Int("placements", 8, "place the loops at `N` addresses, 32 bytes apart")
	flag.Parse()
	if err := run(context.Background(), *rounds, *placements); err != nil {
		fmt.Fprintln(os.Stderr, "loops:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds, placements int) error {
	dir, err := os.MkdirTemp("", "loops")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	eng := native.New(native.Config{Source: interleave.Source})
	defer eng.Close()
	exes := make([]string, placements)
	for i := range exes {
		if exes[i], err = build(dir, i); err != nil {
			return err
		}
	}
	if _, err := runCell(ctx, eng, padded(0), 1); err != nil { // the worker warms up
		return err
	}
	asProgram, inCell := make([][]timing, placements), make([][]timing, placements)
	for i := range rounds * placements {
		p, c, err := pair(ctx, eng, exes[i%placements], i)
		if err != nil {
			return err
		}
		if err := agree(p, c); err != nil {
			return err
		}
		at := i % placements
		asProgram[at], inCell[at] = better(asProgram[at], p), better(inCell[at], c)
	}
	return report(asProgram, inCell)
}

// agree compares the results.
func agree(program, cell []timing) error {
	for i, p := range program {
		if c := cell[i]; p.Result != c.Result {
			return fmt.Errorf("%s: the program says %s, the cell %s", p.Name, p.Result, c.Result)
		}
	}
	return nil
}

// better takes the least of each time. A mean over few runs has been lengthened
// by whatever else happened, too.
func better(before, now []timing) []timing {
	for i, b := range before {
		n := &now[i]
		n.Wall, n.CPU, n.All = min(b.Wall, n.Wall), min(b.CPU, n.CPU), min(b.All, n.All)
	}
	return now
}

// pair runs one placement both ways, now this one first, now that one.
func pair(ctx context.Context, eng engine.Engine, exe string, i int) (p, c []timing, err error) {
	for half := range 2 {
		if (i+half)%2 == 0 {
			p, err = runProgram(exe)
		} else {
			number, _ := strconv.Atoi(filepath.Base(exe))
			c, err = runCell(ctx, eng, padded(number), i+2)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return p, c, nil
}

// padded is the program with n functions of 32 bytes in front of its loops.
func padded(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "//go:noinline\nfunc pad%d(x int) int { return x + %d }\n", i, i)
	}
	b.WriteString("var pads = []func(int) int{")
	for i := range n {
		fmt.Fprintf(&b, "pad%d, ", i)
	}
	b.WriteString("}\n\n")
	return strings.Replace(program, "// padding\n", b.String(), 1)
}

// build builds a placement; the file is named for it.
func build(dir string, placement int) (exe string, err error) {
	exe = filepath.Join(dir, strconv.Itoa(placement))
	src := exe + ".go"
	if err := os.WriteFile(src, []byte(padded(placement)), 0o644); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", exe, src)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return exe, nil
}

func runProgram(exe string) ([]timing, error) {
	out, err := exec.Command(exe).Output()
	if err != nil {
		return nil, fmt.Errorf("run the program: %w", err)
	}
	return parse(out)
}

func runCell(ctx context.Context, eng engine.Engine, code string, n int) ([]timing, error) {
	var out collector
	if err := eng.Execute(ctx, engine.Cell{Code: code, Count: n}, &out); err != nil {
		return nil, fmt.Errorf("run the cell: %w", err)
	}
	return parse(out.Bytes())
}

func parse(b []byte) (ts []timing, err error) {
	if err := json.Unmarshal(b, &ts); err != nil {
		return nil, fmt.Errorf("read %q: %w", b, err)
	}
	return ts, nil
}

func report(asProgram, inCell [][]timing) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "loop\texecutable\tcell\tcell/executable\tof CPU time\tof mean CPU time\tplacements")
	for i, t := range asProgram[0] {
		ps, cs := alike(nth(asProgram, i), nth(inCell, i))
		wall, cpu, all := func(t timing) float64 { return t.Wall }, func(t timing) float64 { return t.CPU }, func(t timing) float64 { return t.All }
		fmt.Fprintf(w, "%s\t%.2f ms\t%.2f ms\t%s\t%s\t%s\t%d\n", t.Name, slices.Min(each(ps, wall))/1e6, slices.Min(each(cs, wall))/1e6,
			ratio(cs, ps, wall), ratio(cs, ps, cpu), ratio(cs, ps, all), len(ps))
	}
	return w.Flush()
}

// nth takes one loop of all placements.
func nth(placements [][]timing, loop int) (ts []timing) {
	for _, p := range placements {
		ts = append(ts, p[loop])
	}
	return ts
}

// alike pairs placements that begin at the same offset.
func alike(program, cell []timing) (ps, cs []timing) {
	for _, p := range program {
		i := slices.IndexFunc(cell, func(c timing) bool { return c.At == p.At })
		if i < 0 {
			continue
		}
		ps, cs = append(ps, p), append(cs, cell[i])
		cell = slices.Delete(cell, i, i+1)
	}
	return ps, cs
}

func each(ts []timing, of func(timing) float64) (x []float64) {
	for _, t := range ts {
		x = append(x, of(t))
	}
	return x
}

// ratio is the median of the pairs' ratios with its interval.
func ratio(a, b []timing, of func(timing) float64) string {
	r := stats.PairedRatio(each(a, of), each(b, of))
	return fmt.Sprintf("%.3f [%.3f, %.3f]", r.Value, r.Lo, r.Hi)
}

// collector keeps standard output.
type collector struct {
	engine.Discard
	bytes.Buffer
}

func (c *collector) Stream(name engine.Stream, text string) {
	if name == engine.Stdout {
		c.WriteString(text)
	}
}
