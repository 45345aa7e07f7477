// Command loops measures eight loops inside cells against the same program
// built as an executable, and fails when the two disagree in a result.
//
// How fast a tight loop runs depends on where its code lies in memory, in an
// executable as in a cell: the matrix product here takes 5.4 ms where its
// function begins at an odd multiple of 32 bytes and 5.8 ms at an even one. An
// executable and a cell that happen to be placed differently differ by that.
// So the program is built several times with padding in front of the loops, 32
// bytes more each time; each placement is run as an executable and as a cell,
// one after the other. One measurement is the median of five runs of a loop in
// one process or cell, and the result the ratio of the pairs with its 95 %
// interval: of the time that passed, and of the CPU time of the process, which
// tells more on a machine with other work to do.
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
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/stats"
)

//go:embed program.go.txt
var program string

// timing is one line of what the program prints.
type timing struct {
	Name   string
	NS     int64
	CPU    int64 // of the process
	Result string
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
	var inCell, asProgram [][]timing
	for i := range rounds * placements {
		p, c, err := pair(ctx, eng, exes[i%placements], i)
		if err != nil {
			return err
		}
		asProgram, inCell = append(asProgram, p), append(inCell, c)
	}
	return report(asProgram, inCell)
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
		fmt.Fprintf(&b, "//go:noinline\nfunc pad%d(x int) int { for x > %d { x /= 3 }; return x }\n", i, i)
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
	fmt.Fprintf(w, "loop\texecutable\tcell\tcell/executable (%d pairs)\tof CPU time\n", len(inCell))
	for i, t := range asProgram[0] {
		var ps, cs, pcpu, ccpu []float64
		for r := range asProgram {
			p, c := asProgram[r][i], inCell[r][i]
			if p.Result != c.Result {
				return fmt.Errorf("%s: the program says %s, the cell %s", t.Name, p.Result, c.Result)
			}
			ps, cs = append(ps, float64(p.NS)/1e6), append(cs, float64(c.NS)/1e6)
			pcpu, ccpu = append(pcpu, float64(p.CPU)), append(ccpu, float64(c.CPU))
		}
		fmt.Fprintf(w, "%s\t%.2f ms\t%.2f ms\t%s\t%s\n", t.Name, stats.Median(ps).Value, stats.Median(cs).Value, ratio(cs, ps), ratio(ccpu, pcpu))
	}
	return w.Flush()
}

// ratio is the median of the pairs' ratios with its interval.
func ratio(a, b []float64) string {
	r := stats.PairedRatio(a, b)
	return fmt.Sprintf("%.3f [%.3f, %.3f]", r.Value, r.Lo, r.Hi)
}

// collector keeps standard output.
type collector struct{ bytes.Buffer }

func (c *collector) Stream(name engine.Stream, text string) {
	if name == engine.Stdout {
		c.WriteString(text)
	}
}
func (c *collector) Display(display.Data) {}
func (c *collector) Update(display.Data)  {}
func (c *collector) Result(display.Data)  {}
func (c *collector) Clear(bool)           {}
func (c *collector) Input(context.Context, string, bool) (string, error) {
	return "", engine.ErrNoStdin
}
