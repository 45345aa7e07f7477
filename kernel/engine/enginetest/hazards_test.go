package enginetest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

// TestHazardsAreCovered counts apart the hazards that were known when the
// engine was designed and those of our own.
func TestHazardsAreCovered(t *testing.T) {
	text, err := os.ReadFile("testdata/hazards.txt")
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]bool{}
	sessions := enginetest.Hazards(t)
	for _, s := range sessions {
		own[s.Title] = true
	}
	if len(own) != len(sessions) {
		t.Errorf("%d sessions have only %d titles", len(sessions), len(own))
	}
	known := 0
	for line := range strings.Lines(string(text)) {
		name, title, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		known++
		if !own[title] {
			t.Errorf("%s: there is no session %q, or it stands for another hazard, too", name, title)
		}
		delete(own, title)
	}
	t.Logf("%d hazards known from the start, %d of our own", known, len(own))
	if known != 81 || len(own) < 150 {
		t.Errorf("%d hazards known from the start, want 81; %d of our own, want 150 and more", known, len(own))
	}
}
