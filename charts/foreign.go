package charts

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/interleave-lab/interleave/lib/machine"
)

// An ECharts is a chart made with go-echarts, or anything else that can give
// an ECharts option.
type ECharts interface {
	Validate()
	JSON() map[string]any
}

// defaultColors is the palette go-echarts gives every chart. Ours takes its
// place, which more people can tell apart; colours the author chose stay.
const defaultColors = "[#5470c6 #91cc75 #fac858 #ee6666 #73c0de #3ba272 #fc8452 #9a60b4 #ea7ccc]"

// Of shows a chart made with go-echarts. Functions given as JavaScript text
// are left out, since no text from a notebook is ever run; the chart is drawn
// without them.
//
// It returns an error when the option cannot be encoded, as with NaN among the
// data.
func Of(c ECharts) (Chart, error) {
	c.Validate()
	option := c.JSON()
	if fmt.Sprint(option["color"]) == defaultColors {
		delete(option, "color")
	}
	raw, err := json.Marshal(option)
	if err != nil {
		return Chart{}, fmt.Errorf("chart made with go-echarts: encode the option: %w", err)
	}
	var head struct{ Title titles }
	if err := json.Unmarshal(raw, &head); err != nil {
		return Chart{}, fmt.Errorf("chart made with go-echarts: read the title: %w", err)
	}
	return Chart{Spec{Option: raw, Alt: string(head.Title), Note: machine.Read().String(), Width: 760, Height: 440}}, nil
}

// titles is the text of an option's title, which may be one or several.
type titles string

// UnmarshalJSON takes what ECharts takes as title.
func (t *titles) UnmarshalJSON(b []byte) error {
	type title struct{ Text, Subtext string }
	var several []title
	if json.Unmarshal(b, &several) != nil {
		var one title
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		several = []title{one}
	}
	var lines []string
	for _, s := range several {
		lines = append(lines, s.Text, s.Subtext)
	}
	*t = titles(strings.TrimSpace(strings.Join(lines, "\n")))
	return nil
}
