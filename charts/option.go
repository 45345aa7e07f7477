package charts

import (
	"fmt"
	"math"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// An option is what ECharts draws, in go-echarts' types where they have what
// is needed. Its chart types are left alone: they would link a template engine
// into every cell that draws, and their functions are source text, which
// neither travels nor runs here.
type option struct {
	Title    opts.Title      `json:"title"`
	Legend   opts.Legend     `json:"legend"`
	Tooltip  tooltip         `json:"tooltip"`
	Toolbox  opts.Toolbox    `json:"toolbox"`
	XAxis    []axis          `json:"xAxis"`
	YAxis    []axis          `json:"yAxis"`
	DataZoom []opts.DataZoom `json:"dataZoom,omitempty"`
	Series   []series        `json:"series"`
}

// function asks the runtime for one of its functions.
type function struct {
	Name string         `json:"$fn"`
	Args map[string]any `json:"args,omitempty"`
}

// tooltip replaces the source text in go-echarts' formatters by functions.
type tooltip struct {
	opts.Tooltip
	Formatter *function `json:"formatter,omitempty"`
}

// axis serves as x and y axis; go-echarts has no step for log axes and takes
// source text as formatter.
type axis struct {
	opts.XAxis
	LogBase   float64   `json:"logBase,omitempty"`
	Start     float64   `json:"startValue,omitempty"` // where bars on a log axis begin
	Interval  float64   `json:"interval,omitempty"`
	AxisLabel axisLabel `json:"axisLabel"`
	GridIndex int       `json:"gridIndex,omitempty"`
}

type axisLabel struct {
	opts.AxisLabel
	Formatter *function `json:"formatter,omitempty"`
}

// series has the fields of ECharts which our charts use; go-echarts' own lacks
// z, silent, encode and clip and lives beside its templates.
type series struct {
	Type           string          `json:"type"`
	Name           string          `json:"name"`
	XAxisIndex     int             `json:"xAxisIndex,omitempty"`
	YAxisIndex     int             `json:"yAxisIndex,omitempty"`
	Data           any             `json:"data"`
	Encode         map[string]any  `json:"encode,omitempty"`
	RenderItem     *function       `json:"renderItem,omitempty"`
	Step           string          `json:"step,omitempty"`
	Symbol         string          `json:"symbol,omitempty"`
	SymbolSize     int             `json:"symbolSize,omitempty"`
	BarGap         string          `json:"barGap,omitempty"`
	BarCategoryGap string          `json:"barCategoryGap,omitempty"`
	ItemStyle      *opts.ItemStyle `json:"itemStyle,omitempty"`
	LineStyle      *opts.LineStyle `json:"lineStyle,omitempty"`
	AreaStyle      *opts.AreaStyle `json:"areaStyle,omitempty"`
	Stack          string          `json:"stack,omitempty"`
	Label          *label          `json:"label,omitempty"`
	Tooltip        *hidden         `json:"tooltip,omitempty"`
	Clip           bool            `json:"clip,omitempty"`
	Silent         bool            `json:"silent,omitempty"`
	Z              int             `json:"z,omitempty"`
}

// label is a text at every mark of a series.
type label struct {
	Show      bool      `json:"show"`
	Position  string    `json:"position"`
	Color     string    `json:"color,omitempty"`
	Formatter *function `json:"formatter,omitempty"`
}

// hidden keeps a series out of the tooltips.
type hidden struct {
	Show bool `json:"show"`
}

// drawn is a series whose marks are drawn by a function of the runtime. It
// takes no part in tooltips.
func drawn(mark, name string, args map[string]any, data any, encode map[string]any) series {
	return series{Type: "custom", Name: name, Data: data, Encode: encode, RenderItem: &function{mark, args},
		Tooltip: &hidden{}, Silent: true}
}

// fixed is for marks that must not change the extent of the axes.
var fixed = map[string]any{"x": -1, "y": -1}

// The colours for series in order; grey is kept for waiting.
var palette = []string{"$blue", "$vermillion", "$green", "$purple", "$amber", "$sky"}

func color(i int) string { return palette[i%len(palette)] }

// frame is an option with what all charts have in common.
func frame(title, subtitle string) option {
	yes := opts.Bool(true)
	return option{
		Title:  opts.Title{Title: sentence(title), Subtitle: sentence(subtitle)},
		Legend: opts.Legend{Show: yes},
		Toolbox: opts.Toolbox{Show: yes, Right: "8", Feature: &opts.ToolBoxFeature{
			SaveAsImage: &opts.ToolBoxFeatureSaveAsImage{Show: yes, Type: "svg", Name: "chart", Title: "save as image"},
			Restore:     &opts.ToolBoxFeatureRestore{Show: yes, Title: "restore"},
		}},
	}
}

// durationAxis is a value axis in nanoseconds from 0, labelled with units.
func durationAxis(name string) axis {
	a := valueAxis(name)
	a.AxisLabel.Formatter = &function{Name: "duration"}
	return a
}

// valueAxis is a value axis from 0 with its name in the middle.
func valueAxis(name string) axis {
	a := axis{XAxis: opts.XAxis{Type: "value", Name: name, NameLocation: "middle", NameGap: 28, Min: 0}}
	a.AxisLabel.HideOverlap = opts.Bool(true)
	return a
}

// categoryAxis lists names from top to bottom.
func categoryAxis(names []string) axis {
	return axis{XAxis: opts.XAxis{Type: "category", Data: names, Inverse: opts.Bool(true)}}
}

// sentence begins with a capital letter.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// steps is the end and the step of an axis from 0 that holds x: steps of 1, 2
// or 5 times a power of ten, five to ten of them.
func steps(x float64) (end, step float64) {
	step = math.Pow(10, math.Floor(math.Log10(x/5)))
	for _, m := range []float64{5, 2} {
		if x/(m*step) >= 5 {
			step *= m
			break
		}
	}
	return math.Ceil(x/step) * step, step
}

// seconds is a duration for a table.
func seconds(d time.Duration) float64 { return round(d.Seconds()) }

// human is a duration with three significant digits, as the runtime's
// function "duration" writes it.
func human(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d.Abs() >= u.unit {
			return digits(float64(d)/float64(u.unit)) + " " + u.name
		}
	}
	return fmt.Sprintf("%d ns", d)
}

// digits writes a number with three significant digits, thousands in full.
func digits(x float64) string {
	if math.Abs(x) >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}
