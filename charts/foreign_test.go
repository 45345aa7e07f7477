package charts_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/charts"
)

func bar(values ...any) *echarts.Bar {
	b := echarts.NewBar()
	b.SetGlobalOptions(echarts.WithTitleOpts(opts.Title{Title: "Two values", Subtitle: "by go-echarts"}))
	var data []opts.BarData
	for _, v := range values {
		data = append(data, opts.BarData{Value: v})
	}
	b.SetXAxis([]string{"a", "b"}).AddSeries("s", data)
	return b
}

func ExampleOf() {
	c, err := charts.Of(bar(3, 5))
	fmt.Println(c.Title(), err)
	// Output: Two values <nil>
}

func TestOfNaN(t *testing.T) {
	if _, err := charts.Of(bar(math.NaN())); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("got %v, want an error that names NaN", err)
	}
}

func TestOfColors(t *testing.T) {
	if c, err := charts.Of(bar(1)); err != nil || strings.Contains(string(c.Spec().Option), "#5470c6") {
		t.Errorf("go-echarts' palette is in the option (%v)", err)
	}
	b := bar(1)
	b.SetGlobalOptions(echarts.WithColorsOpts(opts.Colors{"#123456"}))
	if c, err := charts.Of(b); err != nil || !strings.Contains(string(c.Spec().Option), "#123456") {
		t.Errorf("the author's colour is lost (%v)", err)
	}
}
