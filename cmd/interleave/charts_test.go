package main

import "testing"

func TestChartWithoutPictureIsAnError(t *testing.T) {
	for _, spec := range []any{nil, "nonsense", 3, map[string]any{"option": 3}} {
		if html, err := chartHTML(spec, ""); err == nil {
			t.Errorf("%v was drawn: %s", spec, html)
		}
	}
}
