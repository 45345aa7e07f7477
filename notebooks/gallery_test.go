package notebooks_test

import (
	"regexp"
	"strings"
	"testing"
)

// lastState is the row of the table when the work is done: a point for the
// start and one for each step.
var lastState = regexp.MustCompile(`walk +201 `)

// TestGallery runs the notebook that shows every chart. What changes while a
// cell runs ends as one output each.
func TestGallery(t *testing.T) {
	n := illustrated(t, "90-gallery.ipynb", 19)
	for _, c := range n.Cells {
		if c.ID != "live" {
			continue
		}
		if len(c.Outputs) != 2 {
			t.Fatalf("the cell with a live chart and a bar has %d outputs, want 2", len(c.Outputs))
		}
		if table := string(c.Outputs[0].Data["text/plain"]); !lastState.MatchString(table) {
			t.Errorf("what stays of the live chart is not its last state: %s", table)
		}
		if bar := string(c.Outputs[1].Data["text/plain"]); !strings.Contains(bar, "steps 200/200 in ") {
			t.Errorf("what stays of the bar is %s", bar)
		}
	}
}
