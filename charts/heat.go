package charts

import (
	"errors"
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/bench"
)

// Matrix is a measure over two parameters.
type Matrix struct {
	Title  string // the finding; computed from the numbers when empty
	Name   string // what was measured: "time per item"
	Unit   Unit
	X, Y   Parameter
	Values [][]float64 // a row for each value of Y, a column for each of X; NaN where nothing was measured
	Best   string      // "least" or "most": what a reader looks for; empty for neither
	Notes  []string    // circumstances besides the machine
}

// Parameter is one side of a Matrix.
type Parameter struct {
	Name   string
	Values []string
}

// shades are seven steps of the cividis map (Nuñez et al., PLoS ONE 2018),
// which looks alike with and without a colour vision deficiency, and the ink
// that can be read on each.
var shades = []struct{ fill, ink string }{
	{"#FDE737", "#1F2328"}, {"#D9C55B", "#1F2328"}, {"#B3A772", "#1F2328"}, {"#8E8B79", "#1F2328"},
	{"#6C6E72", "#FFFFFF"}, {"#41536E", "#FFFFFF"}, {"#00326F", "#FFFFFF"},
}

// maxCells is how many cells are drawn; neighbours along x are averaged beyond.
const maxCells = 3000

// Heat shows a measure over two parameters as a table of colours, each with
// its number where there is room: the load of every core over time, a time over
// workers and batch size.
//
// It returns an error when there are no values, when rows differ in length
// from the parameters and for infinite values; NaN is a cell left out.
//
// It takes a Matrix, or a bench.Grid of two parameters, whose median times it
// draws.
func Heat[M Matrix | bench.Grid](measures M) (Chart, error) {
	m, note, err := matrixOf(measures)
	if err != nil {
		return Chart{}, fmt.Errorf("chart a grid: %w", err)
	}
	if err := m.check(); err != nil {
		return Chart{}, fmt.Errorf("chart %s over %s and %s: %w", m.Name, m.X.Name, m.Y.Name, err)
	}
	m, merged := m.coarse()
	o := frame(m.title(), m.subtitle(merged))
	x := axis{XAxis: opts.XAxis{Type: "category", Name: m.X.Name, NameLocation: "middle", NameGap: 28, Data: m.X.Values}}
	x.AxisLabel.HideOverlap = opts.Bool(true)
	y := axis{XAxis: opts.XAxis{Type: "category", Name: m.Y.Name, NameLocation: "end", Data: m.Y.Values}}
	o.XAxis, o.YAxis = []axis{x}, []axis{y}
	o.cells(m)
	return build(o, Spec{Table: m.table(), Height: 190 + max(min(30, max(8, 2400/len(m.Y.Values)))*len(m.Y.Values), 120), Note: note})
}

func matrixOf(measures any) (m Matrix, note string, err error) {
	switch v := measures.(type) {
	case Matrix:
		return v, honestly(v.Notes), nil
	case bench.Grid:
		m, err := gridMatrix(v)
		return m, measured(v.Machine, v.Rounds(), v.Disturbed(), v.Parts, v.Partial), err
	default:
		return m, "", fmt.Errorf("%T is no matrix", measures)
	}
}

// gridMatrix has the first parameter of a sweep on y and the second on x.
func gridMatrix(g bench.Grid) (Matrix, error) {
	if len(g.Parameters) != 2 {
		return Matrix{}, fmt.Errorf("%d parameters; want 2", len(g.Parameters))
	}
	y, x := g.Parameters[0], g.Parameters[1]
	m := Matrix{Name: g.Work, Unit: Nanoseconds, Best: "least",
		X: Parameter{x.Name, x.Values}, Y: Parameter{y.Name, y.Values}}
	for i := range y.Values {
		var row []float64
		for j := range x.Values {
			row = append(row, g.At(i, j).Median().Value)
		}
		m.Values = append(m.Values, row)
	}
	return m, nil
}

func (m Matrix) check() error {
	if len(m.Values) == 0 || len(m.X.Values) == 0 {
		return errors.New("no values given")
	}
	if len(m.Values) != len(m.Y.Values) {
		return fmt.Errorf("%d rows for %d values of %s", len(m.Values), len(m.Y.Values), m.Y.Name)
	}
	known := 0
	for i, row := range m.Values {
		if len(row) != len(m.X.Values) {
			return fmt.Errorf("the row of %s %s has %d values for %d of %s", m.Y.Name, m.Y.Values[i], len(row), len(m.X.Values), m.X.Name)
		}
		for j, v := range row {
			if math.IsInf(v, 0) {
				return fmt.Errorf("%s is %v at %s %s, %s %s; want a finite number", m.Name, v, m.X.Name, m.X.Values[j], m.Y.Name, m.Y.Values[i])
			}
			if !math.IsNaN(v) {
				known++
			}
		}
	}
	if known == 0 {
		return errors.New("every value is NaN")
	}
	return nil
}

// coarse averages neighbours along x until there are few enough cells.
func (m Matrix) coarse() (Matrix, int) {
	merged := (len(m.X.Values)*len(m.Values) + maxCells - 1) / maxCells
	if merged <= 1 {
		return m, 1
	}
	fewer := m
	fewer.X.Values, fewer.Values = nil, nil
	for j := 0; j < len(m.X.Values); j += merged {
		fewer.X.Values = append(fewer.X.Values, m.X.Values[j])
	}
	for _, row := range m.Values {
		var means []float64
		for j := 0; j < len(row); j += merged {
			sum, n := 0.0, 0
			for _, v := range row[j:min(j+merged, len(row))] {
				if !math.IsNaN(v) {
					sum, n = sum+v, n+1
				}
			}
			means = append(means, sum/float64(n)) // NaN where there is none
		}
		fewer.Values = append(fewer.Values, means)
	}
	return fewer, merged
}

func (m Matrix) subtitle(merged int) string {
	if merged > 1 {
		return fmt.Sprintf("averages of %d neighbours along %s each", merged, m.X.Name)
	}
	return ""
}

// ends are the cells with the least and the most.
func (m Matrix) ends() (least, most [2]int) {
	low, high := math.Inf(1), math.Inf(-1)
	for i, row := range m.Values {
		for j, v := range row {
			if v < low {
				low, least = v, [2]int{i, j}
			}
			if v > high {
				high, most = v, [2]int{i, j}
			}
		}
	}
	return least, most
}

func (m Matrix) title() string {
	if m.Title != "" {
		return m.Title
	}
	least, most := m.ends()
	at := func(c [2]int) string {
		return fmt.Sprintf("%s at %s %s, %s %s", m.Unit.text(m.Values[c[0]][c[1]]), m.X.Name, m.X.Values[c[1]], m.Y.Name, m.Y.Values[c[0]])
	}
	if m.Best == "most" {
		return fmt.Sprintf("%s: most is %s; least %s", m.Name, at(most), at(least))
	}
	return fmt.Sprintf("%s: least is %s; most %s", m.Name, at(least), at(most))
}

// cells adds a series for each shade, so that the legend tells what it means
// and can hide it.
func (o *option) cells(m Matrix) {
	limits := m.limits()
	data, texts := make([][][]int, len(limits)-1), make([][]string, len(limits)-1)
	for i, row := range m.Values {
		for j, v := range row {
			if math.IsNaN(v) {
				continue
			}
			class := 0
			for class < len(limits)-2 && v >= limits[class+1] {
				class++
			}
			data[class] = append(data[class], []int{j, i})
			texts[class] = append(texts[class], m.Unit.text(round(v)))
		}
	}
	for class, cells := range data {
		shade := shades[class*(len(shades)-1)/max(1, len(data)-1)]
		if m.Best == "least" { // what is looked for is dark, as ink on paper
			shade = shades[len(shades)-1-class*(len(shades)-1)/max(1, len(data)-1)]
		}
		args := map[string]any{"color": shade.fill, "ink": shade.ink}
		if len(m.X.Values) <= 24 {
			args["texts"] = texts[class]
		}
		name := "from " + m.Unit.text(limits[class])
		s := drawn("cell", name, args, cells, map[string]any{"x": 0, "y": 1})
		s.ItemStyle = &opts.ItemStyle{Color: shade.fill}
		s.Tooltip, s.Silent = nil, false
		o.Series = append(o.Series, s)
	}
	o.Tooltip.Formatter = &function{"tipTexts", map[string]any{"texts": m.tips(texts)}}
}

// tips are the numbers of all cells, unless they are many.
func (m Matrix) tips(texts [][]string) [][]string {
	if len(m.Values)*len(m.X.Values) > 600 {
		return nil
	}
	return texts
}

// limits divide the values into up to seven classes of equal width, on a
// logarithmic scale where they span more than a factor of 20.
func (m Matrix) limits() []float64 {
	least, most := m.ends()
	low, high := m.Values[least[0]][least[1]], m.Values[most[0]][most[1]]
	if low == high {
		return []float64{low, high}
	}
	n := len(shades)
	var limits []float64
	for i := range n + 1 {
		share := float64(i) / float64(n)
		if low > 0 && high/low > 20 {
			limits = append(limits, significant(low*math.Pow(high/low, share), 3))
		} else {
			limits = append(limits, significant(low+(high-low)*share, 3))
		}
	}
	return limits
}

// table has the columns of x; many of them are chosen evenly.
func (m Matrix) table() Table {
	t := Table{Columns: []Column{{m.Y.Name, ""}}}
	var columns []int
	for j := range m.X.Values {
		columns = append(columns, j)
	}
	columns = chosen(columns, 20)
	for _, j := range columns {
		t.Columns = append(t.Columns, m.Unit.head(m.X.Name+" "+m.X.Values[j]))
	}
	for i, row := range m.Values {
		cells := []any{m.Y.Values[i]}
		for _, j := range columns {
			if math.IsNaN(row[j]) {
				cells = append(cells, "")
			} else {
				cells = append(cells, m.Unit.value(row[j]))
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
