// Package provenance says how the outputs of a notebook came about. It is
// kept in the notebook's own metadata, so that a report made later tells of
// the run and not of the machine that made the report.
package provenance

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/lib/machine"
)

// Run describes one run of a notebook.
type Run struct {
	Interleave string            `json:"interleave"` // version of the command
	Engine     string            `json:"engine"`
	Machine    machine.Stamp     `json:"machine"`
	Started    time.Time         `json:"started"` // UTC
	Seconds    float64           `json:"seconds"` // wall time of all cells
	Status     Status            `json:"status"`
	Parameters map[string]string `json:"parameters,omitempty"`
}

// Status says how the run ended.
type Status string

// The ends of a run.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Stopped Status = "stopped" // by a person or a signal
)

// key is our place in the notebook's metadata.
const key = "interleave"

// Record writes r into the notebook's metadata.
func Record(n *notebook.Notebook, r Run) error {
	v, err := notebook.Plain(r)
	if err != nil {
		return fmt.Errorf("record the run: %w", err)
	}
	if n.Metadata == nil {
		n.Metadata = map[string]any{}
	}
	notebook.Set(n.Metadata, v, key, "run")
	return nil
}

// Read returns what the notebook's metadata tell of its run, and whether they
// tell anything.
func Read(n *notebook.Notebook) (Run, bool) {
	ours, _ := n.Metadata[key].(map[string]any)
	raw, err := json.Marshal(ours["run"])
	if err != nil || ours["run"] == nil {
		return Run{}, false
	}
	var r Run
	if err := json.Unmarshal(raw, &r); err != nil {
		return Run{}, false
	}
	return r, true
}
