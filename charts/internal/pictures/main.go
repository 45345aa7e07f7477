// Pictures draws a sample of every chart, on white paper and on dark, into a
// folder, to be looked at, and tells what each costs.
//
//	go run ./charts/internal/pictures -o pictures
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/internal/sample"
	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/machine"
)

func main() {
	dir := flag.String("o", "", "write PNG files into this `folder`; without it only the costs are told")
	rounds := flag.Int("n", 5, "draw each chart so many times and tell the median")
	only := flag.String("only", "", "draw the charts whose name has this `text`")
	flag.Parse()
	if err := run(os.Stdout, *dir, *only, max(1, *rounds)); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, dir, only string, rounds int) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', tabwriter.AlignRight)
	start := spent(func() {
		render.Expand(display.Data{Bundle: map[string]any{render.MIME: map[string]any{"option": map[string]any{}}}})
	})
	fmt.Fprintf(out, "first picture of the process, an empty one: %.0f ms; times are of the processor, medians of %d\n", start.Seconds()*1e3, rounds)
	fmt.Fprintln(w, "chart\tmake\tSVG\tall\tspec\tSVG\tHTML\tPNG\t")
	for _, s := range sample.All() {
		if !strings.Contains(s.Name, only) {
			continue
		}
		if err := one(w, s, dir, rounds); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return w.Flush()
}

// one draws a chart.
func one(w io.Writer, s sample.Sample, dir string, rounds int) error {
	var c charts.Chart
	var made, drawn, whole []time.Duration
	for range rounds {
		var err error
		made = append(made, spent(func() { c, err = s.Make() }))
		if err != nil {
			return err
		}
		drawn = append(drawn, spent(func() { _, err = render.SVG(c.Spec(), false) }))
		if err != nil {
			return err
		}
		whole = append(whole, spent(func() { render.Expand(c.Display()) }))
	}
	bundle := render.Expand(c.Display()).Bundle
	html, _ := bundle["text/html"].(string)
	png, ok := bundle["image/png"].([]byte)
	if !ok {
		return fmt.Errorf("no PNG")
	}
	svg, err := render.SVG(c.Spec(), false)
	if err != nil {
		return err
	}
	spec, err := json.Marshal(c.Spec())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", s.Name, ms(made), ms(drawn), ms(whole), kb(len(spec)), kb(len(svg)), kb(len(html)), kb(len(png)))
	if dir == "" {
		return nil
	}
	return save(dir, s.Name, c.Spec())
}

func save(dir, name string, spec charts.Spec) error {
	for look, dark := range map[string]bool{"light": false, "dark": true} {
		png, err := render.PNG(spec, dark)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+"-"+look+".png"), png, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// spent is the processor time of f: on a busy machine the clock tells of the
// others.
func spent(f func()) time.Duration {
	m := machine.Begin()
	f()
	return m.End().CPU
}

// ms is the median.
func ms(ds []time.Duration) string {
	slices.Sort(ds)
	return fmt.Sprintf("%.1f ms", ds[len(ds)/2].Seconds()*1e3)
}

func kb(n int) string { return fmt.Sprintf("%.1f kB", float64(n)/1e3) }
