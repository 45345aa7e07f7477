// Command charts measures what charts and reports cost: the first chart of a
// process, a report of a notebook of 40 cells with 12 charts, and the same
// notebook through jupyter nbconvert. The two are run in turn, and the least of
// each counts: other work on the machine can only make them slower.
//
//	go run ./bench/charts [-rounds 5] [-nbconvert jupyter-nbconvert]
//
// How long an update takes in JupyterLab needs a browser; the test of front
// ends measures it:
//
//	go test ./cmd/interleave -run TestFrontEnds -v
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/render"
)

func main() {
	rounds := flag.Int("rounds", 5, "measure everything `N` times")
	nbconvert := flag.String("nbconvert", "", "the `command`; by default the one in PATH, or in .cache/venv where make test puts it")
	first := flag.Bool("first", false, "draw one chart and print the milliseconds it took; the program runs itself so")
	flag.Parse()
	if *first {
		fmt.Println(drawOne())
		return
	}
	if err := run(context.Background(), max(1, *rounds), *nbconvert); err != nil {
		fmt.Fprintln(os.Stderr, "charts:", err)
		os.Exit(1)
	}
}

// cost is the least that something took, in milliseconds.
type cost struct{ wall, cpu float64 }

func nothingYet() cost { return cost{math.Inf(1), math.Inf(1)} }

func (c *cost) least(wall, cpu time.Duration) {
	c.wall, c.cpu = min(c.wall, wall.Seconds()*1e3), min(c.cpu, cpu.Seconds()*1e3)
}

func run(ctx context.Context, rounds int, nbconvert string) error {
	dir, err := os.MkdirTemp("", "charts")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if nbconvert, err = find(nbconvert); err != nil {
		return err
	}
	book := filepath.Join(dir, "n.ipynb")
	if err := compose(book); err != nil {
		return err
	}
	exe := filepath.Join(dir, "interleave")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", exe, "./cmd/interleave").CombinedOutput(); err != nil {
		return fmt.Errorf("build the command: %w\n%s", err, out)
	}
	report, convert, first := nothingYet(), nothingYet(), nothingYet()
	for range rounds {
		if err := report.command(ctx, exe, "report", book, "-o", filepath.Join(dir, "report.html")); err != nil {
			return err
		}
		if err := convert.command(ctx, nbconvert, "--to", "html", "--output-dir", dir, "--output", "nbconvert.html", book); err != nil {
			return err
		}
		if err := first.chart(ctx); err != nil {
			return err
		}
	}
	return tell(dir, report, convert, first)
}

// find is nbconvert.
func find(given string) (string, error) {
	for _, name := range []string{given, "jupyter-nbconvert", filepath.Join(".cache", "venv", "bin", "jupyter-nbconvert")} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", errors.New("no jupyter-nbconvert: run .ci/setup, or pip install nbconvert")
}

// command runs a command, with everything that it starts.
func (c *cost) command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, out)
	}
	c.least(time.Since(start), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	return nil
}

// chart draws a chart in a new process.
func (c *cost) chart(ctx context.Context) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, exe, "-first")
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("draw the first chart: %w", err)
	}
	ms, err := strconv.ParseFloat(string(out[:len(out)-1]), 64)
	if err != nil {
		return fmt.Errorf("draw the first chart: %w", err)
	}
	c.least(time.Duration(ms*float64(time.Millisecond)), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	return nil
}

// drawOne makes everything that a front end gets of a chart.
func drawOne() float64 {
	var line charts.Line
	for i := range 200 {
		line.Points = append(line.Points, charts.Point{X: float64(i), Y: math.Sin(float64(i) / 20)})
	}
	line.Name = "sine"
	c, err := charts.Lines(charts.Plot{Title: "A sine of 200 points", Lines: []charts.Line{line}})
	if err != nil {
		panic(err)
	}
	start := time.Now()
	if b := render.Expand(c.Display()).Bundle; b["image/png"] == nil || b["text/html"] == nil {
		panic("the chart was not drawn")
	}
	return time.Since(start).Seconds() * 1e3
}

// Of the notebook that is reported.
const (
	cellsWanted  = 40
	chartsWanted = 12
)

// book is a notebook.
type book struct {
	Cells    []json.RawMessage `json:"cells"`
	Metadata json.RawMessage   `json:"metadata"`
	Format   int               `json:"nbformat"`
	Minor    int               `json:"nbformat_minor"`
}

// compose takes cells with their outputs from ready notebooks.
func compose(file string) error {
	var all book
	var drawn, plain []json.RawMessage
	for _, name := range []string{"01-producer-consumer", "90-gallery", "31-web-server"} {
		text, err := os.ReadFile(filepath.Join("notebooks", name+".ipynb"))
		if err != nil {
			return fmt.Errorf("%w; run this in the root of the repository", err)
		}
		var b book
		if err := json.Unmarshal(text, &b); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		all.Metadata, all.Format, all.Minor = b.Metadata, b.Format, b.Minor
		for _, c := range b.Cells {
			if hasChart(c) {
				drawn = append(drawn, c)
			} else {
				plain = append(plain, c)
			}
		}
	}
	if len(drawn) < chartsWanted || len(plain) < cellsWanted-chartsWanted {
		return fmt.Errorf("the notebooks have only %d charts and %d other cells", len(drawn), len(plain))
	}
	for i := range cellsWanted {
		if at := i * chartsWanted / cellsWanted; at < (i+1)*chartsWanted/cellsWanted {
			all.Cells = append(all.Cells, unique(drawn[at], i))
		} else {
			all.Cells = append(all.Cells, unique(plain[i-at], i))
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// unique gives a cell an id of its own.
func unique(c json.RawMessage, i int) json.RawMessage {
	var cell map[string]json.RawMessage
	if json.Unmarshal(c, &cell) != nil {
		return c
	}
	cell["id"] = json.RawMessage(strconv.Quote("c" + strconv.Itoa(i)))
	text, err := json.Marshal(cell)
	if err != nil {
		return c
	}
	return text
}

func hasChart(c json.RawMessage) bool {
	var cell struct {
		Outputs []struct {
			Data map[string]json.RawMessage `json:"data"`
		} `json:"outputs"`
	}
	if json.Unmarshal(c, &cell) != nil {
		return false
	}
	for _, o := range cell.Outputs {
		if o.Data[render.MIME] != nil {
			return true
		}
	}
	return false
}

func tell(dir string, report, convert, first cost) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\ttime\tCPU time\tto reach")
	row := func(name string, c cost, goal string) {
		fmt.Fprintf(w, "%s\t%.0f ms\t%.0f ms\t%s\n", name, c.wall, c.cpu, goal)
	}
	row("first chart of a process", first, "below 300 ms")
	row(fmt.Sprintf("report of %d cells, %d charts", cellsWanted, chartsWanted), report, "below 1000 ms")
	row("the same by nbconvert", convert, "")
	fmt.Fprintf(w, "nbconvert/report\t%.1f\t%.1f\tat least 3\n", convert.wall/report.wall, convert.cpu/report.cpu)
	for _, name := range []string{"report.html", "nbconvert.html"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%.1f MB\n", name, float64(info.Size())/1e6)
	}
	return w.Flush()
}
