//go:build !race

package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/lib/display"
)

// state is the n-th state of a chart with a display id.
func state(t *testing.T, n int, changing bool) display.Data {
	t.Helper()
	d := chart(t, fmt.Sprint("state ", n)).Display()
	d.ID = "chart of " + t.Name()
	if changing {
		d.Metadata = map[string]any{"interleave": map[string]any{"live": true}}
	}
	return d
}

// While a chart changes its picture may be that of a moment ago; the last state
// has its own.
func TestChanging(t *testing.T) {
	for n := range 20 {
		b := render.Expand(state(t, n, true)).Bundle
		html, _ := b["text/html"].(string)
		if !strings.Contains(html, "<img") || b["image/png"] != nil || b["text/plain"] == nil || b[render.MIME] == nil {
			t.Fatalf("state %d has %.80s, png %v", n, html, b["image/png"] != nil)
		}
	}
	b := render.Expand(state(t, 99, false)).Bundle
	if html, _ := b["text/html"].(string); !strings.Contains(html, "state 99") || b["image/png"] == nil {
		t.Error("the last state has no picture of its own")
	}
	if html, _ := render.Expand(state(t, 100, true)).Bundle["text/html"].(string); !strings.Contains(html, "state 100") {
		t.Error("a chart that had settled starts with an old picture")
	}
}

func TestChangingFaulty(t *testing.T) {
	faulty := spec(`{"series":[{"type":"custom","renderItem":{"$fn":"no"}}]}`)
	faulty.ID, faulty.Metadata = "x", map[string]any{"interleave": map[string]any{"live": true}}
	for range 2 {
		if b := render.Expand(faulty).Bundle; b["text/html"] != nil || b["text/plain"] == nil {
			t.Errorf("a changing chart that cannot be drawn has html %v, text %v", b["text/html"], b["text/plain"])
		}
	}
	faulty.Metadata = nil
	if html, _ := render.Expand(faulty).Bundle["text/html"].(string); !strings.Contains(html, "No picture") {
		t.Error("its last state does not say why")
	}
}
