//go:build !race

package render_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts/internal/sample"
	"github.com/interleave-lab/interleave/charts/render"
)

// large are samples of more than an ordinary chart shows: hundreds of spans,
// cells or steps.
var large = []string{"waterfall-many", "gantt-many", "heat-cores", "queuedepth", "gantt-two"}

// Every chart draws on white paper, on dark and as PNG, and the picture of an
// ordinary one has at most 20 KB in a notebook.
func TestSamples(t *testing.T) {
	for _, s := range sample.All() {
		c, err := s.Make()
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		light, err := render.SVG(c.Spec(), false)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if err := xml.Unmarshal([]byte(light), new(struct{ XMLName xml.Name })); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if size := len(light) * 4 / 3; size > 20<<10 && !slices.Contains(large, s.Name) {
			t.Errorf("%s: the picture has %d bytes in a notebook, want at most 20 KB", s.Name, size)
		}
		if word, _, _ := strings.Cut(c.Title(), " "); !strings.Contains(light, word) {
			t.Errorf("%s: the picture lacks its title", s.Name)
		}
		if png, err := render.PNG(c.Spec(), false); err != nil || len(png) < 5000 {
			t.Errorf("%s: PNG of %d bytes, %v", s.Name, len(png), err)
		}
		if dark, err := render.SVG(c.Spec(), true); err != nil || dark == light || !strings.Contains(dark, "#0D1117") {
			t.Errorf("%s: the dark look is not dark: %v", s.Name, err)
		}
	}
}
