package headless

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// recorder puts outputs into the cells of one notebook.
type recorder struct {
	cfg Config

	mu     sync.Mutex // guards the rest, and the outputs of all cells
	closed bool
	shown  map[string][]*notebook.Output // by display id
}

// close ends the recording; what goroutines show afterwards is dropped.
func (r *recorder) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

func (r *recorder) cell(c *notebook.Cell, count int) *output {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.Count = count
	limit := r.cfg.TextLimit
	if limit == 0 {
		limit = 16 << 20
	}
	return &output{r: r, cell: c, room: limit}
}

// output takes what one cell shows, also after the cell has ended.
type output struct {
	r    *recorder
	cell *notebook.Cell

	// guarded by r.mu
	text  strings.Builder  // of the last output, when that is a stream
	clear bool             // clear before the next output
	room  int              // bytes of streams still kept
	left  int              // bytes of streams left out
	note  *notebook.Output // says that output was left out
}

var _ engine.Output = (*output)(nil)

// Stream appends to the last output when that is the same stream.
func (o *output) Stream(name engine.Stream, text string) {
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	if o.r.closed || text == "" {
		return
	}
	o.clearNow()
	if text = o.bound(text); text == "" {
		return
	}
	last := o.last()
	if last == nil || last.Type != notebook.Stream || last.Name != string(name) {
		last = &notebook.Output{Type: notebook.Stream, Name: string(name)}
		o.add(last)
	}
	o.text.WriteString(text)
	last.Text = o.text.String()
}

// bound cuts text to the room there is and keeps the note about the rest.
func (o *output) bound(text string) string {
	keep := min(o.room, len(text))
	o.room -= keep
	if keep == len(text) {
		return text
	}
	o.left += len(text) - keep
	if o.note == nil {
		o.note = &notebook.Output{Type: notebook.Stream, Name: string(engine.Stderr)}
	}
	o.note.Text = fmt.Sprintf("\n[%d more bytes of output are not kept in the notebook]\n", o.left)
	return strings.ToValidUTF8(text[:keep], "")
}

func (o *output) last() *notebook.Output {
	if n := len(o.cell.Outputs); n > 0 {
		return o.cell.Outputs[n-1]
	}
	return nil
}

func (o *output) add(n *notebook.Output) {
	o.text.Reset()
	o.cell.Outputs = append(o.cell.Outputs, n)
}

// Display adds an output and remembers its display id.
func (o *output) Display(d display.Data) { o.show(notebook.Display, d) }

// Result adds the value of the cell.
func (o *output) Result(d display.Data) { o.show(notebook.Result, d) }

func (o *output) show(kind notebook.OutputType, d display.Data) {
	n := &notebook.Output{Type: kind}
	n.Data, n.Metadata = plain(d)
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	if o.r.closed {
		return
	}
	o.clearNow()
	if kind == notebook.Result {
		n.Count = o.cell.Count
	}
	o.add(n)
	if d.ID != "" {
		o.r.shown[d.ID] = append(o.r.shown[d.ID], n)
	}
}

// Update replaces the data of every output, of any cell, that was displayed
// with the id.
func (o *output) Update(d display.Data) {
	data, metadata := plain(d)
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	if o.r.closed {
		return
	}
	for _, n := range o.r.shown[d.ID] {
		n.Data, n.Metadata = data, metadata
	}
}

// Clear removes the cell's outputs, at once or when the next one comes.
func (o *output) Clear(wait bool) {
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	if o.r.closed {
		return
	}
	o.clear = true
	if !wait {
		o.clearNow()
	}
}

func (o *output) clearNow() {
	if o.clear {
		o.clear = false
		o.cell.Outputs = nil
		o.text.Reset()
	}
}

// Input returns engine.ErrNoStdin: nobody can be asked.
func (o *output) Input(context.Context, string, bool) (string, error) {
	return "", engine.ErrNoStdin
}

// end records the times of the cell and its error, which it also returns as
// one to be shown.
func (o *output) end(start, end time.Time, err error) *engine.Error {
	fault := shown(err)
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	if fault != nil {
		o.clearNow()
		o.add(&notebook.Output{Type: notebook.Error, EName: fault.Name, EValue: fault.Value, Traceback: fault.Traceback})
	}
	if o.note != nil {
		o.add(o.note)
	}
	for key, t := range map[string]time.Time{
		"iopub.status.busy":   start,
		"iopub.execute_input": start,
		"shell.execute_reply": end,
		"iopub.status.idle":   end,
	} {
		notebook.Set(o.cell.Metadata, t.UTC().Format("2006-01-02T15:04:05.000000Z"), "execution", key)
	}
	return fault
}

// shown is the error as the cell shows it, nil for none.
func shown(err error) *engine.Error {
	if err == nil {
		return nil
	}
	if fault, ok := errors.AsType[*engine.Error](err); ok {
		return fault
	}
	text := err.Error()
	value, _, _ := strings.Cut(text, "\n")
	return &engine.Error{Name: EngineError, Value: value, Traceback: strings.Split(text, "\n")}
}

// plain is the bundle as a notebook stores it. Content that JSON cannot hold
// is left out, and a text says so when nothing else remains.
func plain(d display.Data) (data, metadata map[string]any) {
	data, err := plainMap(d.Bundle)
	if len(data) == 0 && err != nil {
		data["text/plain"] = "not shown: " + err.Error()
	}
	metadata, _ = plainMap(d.Metadata)
	return data, metadata
}

func plainMap(m map[string]any) (map[string]any, error) {
	plain := make(map[string]any, len(m))
	var first error
	for key, v := range m {
		switch v := v.(type) {
		case string:
			plain[key] = v
		case []byte:
			plain[key] = base64.StdEncoding.EncodeToString(v)
		default:
			p, err := notebook.Plain(v)
			if err != nil {
				first = fmt.Errorf("%s: %w", key, err)
				continue
			}
			plain[key] = p
		}
	}
	return plain, first
}
