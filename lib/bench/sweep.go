package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/result"
)

// Parameter is something to vary, with the values it takes.
type Parameter struct {
	Name   string   `json:"name"`
	Values []string `json:"values"` // as text

	values []any
}

// Over is a parameter with its values: Over("buffer", 0, 1, 64).
func Over[T any](name string, values ...T) Parameter {
	p := Parameter{Name: name}
	for _, v := range values {
		p.values = append(p.values, v)
		p.Values = append(p.Values, fmt.Sprint(v))
	}
	return p
}

// Setting is one value of each parameter.
type Setting struct {
	parameters []Parameter
	index      []int
}

// Value is that of the parameter with this name. It panics when there is
// none: a misspelt name is a mistake in the program.
func (s Setting) Value(name string) any {
	for i, p := range s.parameters {
		if p.Name == name {
			return p.values[s.index[i]]
		}
	}
	panic(fmt.Sprintf("bench: no parameter %q", name))
}

// Int is Value of a parameter over integers.
func (s Setting) Int(name string) int { return s.Value(name).(int) }

// String is the setting in words: "buffer 64, procs 2".
func (s Setting) String() string {
	var parts []string
	for i, p := range s.parameters {
		parts = append(parts, p.Name+" "+p.Values[s.index[i]])
	}
	return strings.Join(parts, ", ")
}

// Grid is what Sweep measured: a sample for every setting.
type Grid struct {
	Result // its cases in the order of the settings, the last parameter fastest
	// Parameters that were varied.
	Parameters []Parameter `json:"parameters"`
}

// At is the sample of one setting, by the index of each parameter's value.
func (g Grid) At(index ...int) Sample {
	at := 0
	for i, p := range g.Parameters {
		at = at*len(p.Values) + index[i]
	}
	return g.Cases[at]
}

// Sweep measures with the zero Plan; see Plan.Sweep.
func Sweep(ctx context.Context, work func(s Setting) Case, over ...Parameter) (Grid, error) {
	return Plan{}.Sweep(ctx, work, over...)
}

// Sweep measures one case for every setting of one or two parameters, all in
// turn like the cases of Compare. The results need not agree, since the work
// may depend on the setting; Check judges each. Name may be left empty.
//
// It ends early as Compare does, and returns an error for the same reasons.
func (p Plan) Sweep(ctx context.Context, work func(s Setting) Case, over ...Parameter) (Grid, error) {
	settings, err := settings(over)
	if err != nil {
		return Grid{}, fmt.Errorf("sweep %s: %w", p.work(), err)
	}
	var cases []Case
	for _, s := range settings {
		c := work(s)
		c.Name = s.String()
		cases = append(cases, c)
	}
	if err := check(cases); err != nil {
		return Grid{}, fmt.Errorf("sweep %s: %w", p.work(), err)
	}
	r, err := p.measure(ctx, subjects(cases, false), func(r Result) { display.Show(Grid{r, over}) })
	if err != nil {
		return Grid{}, fmt.Errorf("sweep %s: %w", p.work(), err)
	}
	return Grid{Result: r, Parameters: over}, nil
}

// settings lists all combinations, the last parameter fastest.
func settings(over []Parameter) ([]Setting, error) {
	if len(over) < 1 || len(over) > 2 {
		return nil, fmt.Errorf("%d parameters; want one or two", len(over))
	}
	all := []Setting{{parameters: over}}
	for _, p := range over {
		if len(p.values) == 0 {
			return nil, fmt.Errorf("parameter %q has no values; make it with Over", p.Name)
		}
		var next []Setting
		for _, s := range all {
			for i := range p.values {
				next = append(next, Setting{over, append(slices.Clone(s.index), i)})
			}
		}
		all = next
	}
	return all, nil
}

const gridKind = "bench.Grid"

// File is the grid as it is saved and compared.
func (g Grid) File() (result.File, error) {
	f, err := g.Result.File()
	if err != nil {
		return f, err
	}
	detail, err := result.New(gridKind, g.Work, g.Machine, g)
	f.Kind, f.Detail = gridKind, detail.Detail
	return f, err
}

// Save writes the grid to a file, for LoadGrid and for interleave compare.
func (g Grid) Save(path string) error { return result.Save(g, path) }

// LoadGrid reads a grid that Save wrote.
func LoadGrid(path string) (Grid, error) {
	return result.LoadAs(path, gridKind, func(g *Grid) error {
		want := 1
		for _, p := range g.Parameters {
			want *= len(p.Values)
		}
		if len(g.Parameters) == 0 || len(g.Cases) != want {
			return errors.New("the samples do not fill the grid")
		}
		return nil
	})
}

// Table is what the grid shows: a row for each setting of one parameter, and
// for two a column for each value of the second.
func (g Grid) Table() result.Table {
	t := result.Table{Title: g.Work + " by " + g.Parameters[0].Name, Notes: g.notes()}
	if len(g.Parameters) == 1 {
		t.Head = []string{g.Parameters[0].Name, "time", "95 %"}
		for i, v := range g.Parameters[0].Values {
			m := g.At(i).Median()
			t.Rows = append(t.Rows, []string{v, result.Nanoseconds(m.Value), result.Interval(m, "ns")})
		}
		return t
	}
	second := g.Parameters[1]
	t.Title += " and " + second.Name
	t.Head = []string{g.Parameters[0].Name}
	for _, v := range second.Values {
		t.Head = append(t.Head, second.Name+" "+v)
	}
	for i, v := range g.Parameters[0].Values {
		row := []string{v}
		for j := range second.Values {
			row = append(row, result.Nanoseconds(g.At(i, j).Median().Value))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// String is the table as plain text.
func (g Grid) String() string { return g.Table().String() }

// Display implements display.Displayer.
func (g Grid) Display() display.Data {
	f, err := g.File()
	return result.Show(g.Table(), f, err)
}
