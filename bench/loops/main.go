// Command loops measures eight loops inside cells against the same program
// built as an executable: interleaved rounds, medians, ratios. It fails when
// the two disagree in a result.
//
// The matrix product is still slower in a cell: 1.13 to 1.25 over four runs.
// The executable's own varies with the place of its function (medians of 5.4
// to 6.5 ms at four addresses 32 bytes apart, two runs each), and so do cells
// (6.1 to 6.8 ms), which explains a part of it and perhaps not all.
//
//	go run ./bench/loops [-rounds 15]
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
	"text/tabwriter"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
	"github.com/interleave-lab/interleave/lib/display"
)

//go:embed program.go.txt
var program string

// timing is one line of what the program prints.
type timing struct {
	Name   string
	NS     int64
	Result string
}

func main() {
	rounds := flag.Int("rounds", 15, "measure `N` times each")
	flag.Parse()
	if err := run(context.Background(), *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "loops:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int) error {
	dir, err := os.MkdirTemp("", "loops")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	exe, err := build(dir)
	if err != nil {
		return err
	}
	eng := native.New(native.Config{Source: interleave.Source})
	defer eng.Close()
	var inCell, asProgram [][]timing
	for i := range rounds + 1 {
		p, err := runProgram(exe)
		if err != nil {
			return err
		}
		c, err := runCell(ctx, eng, i+1)
		if err != nil {
			return err
		}
		if i > 0 { // the first round warms up
			asProgram, inCell = append(asProgram, p), append(inCell, c)
		}
	}
	return report(asProgram, inCell)
}

func build(dir string) (exe string, err error) {
	src := filepath.Join(dir, "main.go")
	if err := os.WriteFile(src, []byte(program), 0o644); err != nil {
		return "", err
	}
	exe = filepath.Join(dir, "loops")
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

func runCell(ctx context.Context, eng engine.Engine, n int) ([]timing, error) {
	var out collector
	if err := eng.Execute(ctx, engine.Cell{Code: program, Count: n}, &out); err != nil {
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
	fmt.Fprintln(w, "loop\texecutable\tcell\tcell/executable (median of pairs)")
	for i, t := range asProgram[0] {
		var ps, cs, ratios []float64
		for r := range asProgram {
			p, c := asProgram[r][i], inCell[r][i]
			if p.Result != c.Result {
				return fmt.Errorf("%s: the program says %s, the cell %s", t.Name, p.Result, c.Result)
			}
			ps, cs = append(ps, float64(p.NS)/1e6), append(cs, float64(c.NS)/1e6)
			ratios = append(ratios, float64(c.NS)/float64(p.NS))
		}
		fmt.Fprintf(w, "%s\t%.1f ms\t%.1f ms\t%.3f\n", t.Name, median(ps), median(cs), median(ratios))
	}
	return w.Flush()
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
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
