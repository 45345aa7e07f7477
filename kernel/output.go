package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/lib/display"
)

// output publishes what one cell shows, under the header of the request that
// ran it; also what its goroutines show after its end. A silent cell's output
// goes nowhere.
type output struct {
	k     *Kernel
	job   *job
	count int

	mu    sync.Mutex // guards what follows; held while posting, which keeps the order
	ended bool
	text  text // waits to be published
	// updates wait to be published, one for each display; text is empty then.
	updates []jupyter.Display
	flood   map[engine.Stream]*flood
	result  string // text/plain of the value
}

func (k *Kernel) newOutput(j *job, count int) *output {
	return &output{k: k, job: j, count: count, flood: make(map[engine.Stream]*flood)}
}

// maxText is how much text waits at most, in bytes: a message of this size
// leaves at once.
const maxText = 64 << 10

// Stream publishes text at once when the cell has been quiet, and otherwise
// together with what follows within batchInterval.
func (o *output) Stream(name engine.Stream, text string) {
	if o.job.Silent || text == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.publishUpdates()
	o.text.add(name, text)
	if o.k.batch.enter(o) || o.text.size >= maxText {
		o.publish(o.text.take())
	}
}

// Display publishes display_data.
func (o *output) Display(d display.Data) {
	o.show(d, func(s jupyter.Display) jupyter.Content { return jupyter.DisplayData{Display: s} })
}

// maxUpdates is how many displays wait at most to be updated.
const maxUpdates = 32

// Update publishes update_display_data, at once when the cell has been quiet.
// Of the updates that come within batchInterval, a display gets only the last:
// a person sees no more, and a loop that updates as fast as it can would keep a
// browser busy for minutes.
func (o *output) Update(d display.Data) {
	if o.job.Silent {
		return
	}
	shown, faults := encode(o.readable(d))
	o.mu.Lock()
	defer o.mu.Unlock()
	o.publish(o.text.takeAll())
	if len(faults) > 0 {
		o.flush()
		o.tell(faults)
	}
	if len(shown.Data) == 0 && len(faults) > 0 {
		return
	}
	at := slices.IndexFunc(o.updates, func(u jupyter.Display) bool { return u.Transient == shown.Transient })
	if at < 0 {
		o.updates = append(o.updates, shown)
	} else {
		o.updates[at] = shown
	}
	if o.k.batch.enter(o) || len(o.updates) >= maxUpdates {
		o.flush()
	}
}

// Result publishes execute_result.
func (o *output) Result(d display.Data) {
	o.show(d, func(s jupyter.Display) jupyter.Content {
		o.result = plain(s.Data)
		return jupyter.ExecuteResult{Display: s, ExecutionCount: o.count}
	})
}

// show publishes d after the text before it. What cannot be encoded is told on
// stderr in its place.
func (o *output) show(d display.Data, content func(jupyter.Display) jupyter.Content) {
	if o.job.Silent {
		return
	}
	shown, faults := encode(o.readable(d))
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.tell(faults)
	if len(shown.Data) > 0 || len(faults) == 0 {
		o.k.iopub.post(o.job.Header, content(shown))
	}
}

// widgetView is what a widget of Jupyter is shown as.
const widgetView = "application/vnd.jupyter.widget-view+json"

// readable leaves widgets out where nobody is there to use them: a notebook that
// is run unattended keeps the value they show beside.
func (o *output) readable(d display.Data) display.Data {
	if _, widget := d.Bundle[widgetView]; !widget || o.job.AllowStdin || len(d.Bundle) == 1 {
		return d
	}
	d.Bundle = maps.Clone(d.Bundle)
	delete(d.Bundle, widgetView)
	return d
}

// tell writes to stderr what could not be shown. The caller holds mu.
func (o *output) tell(faults []error) {
	for _, err := range faults {
		o.post(engine.Stderr, err.Error()+"\n")
	}
}

// Clear publishes clear_output. The bounds on text count from here again, since
// front ends forget what was shown.
func (o *output) Clear(wait bool) {
	if o.job.Silent {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	for _, f := range o.flood {
		f.clear()
	}
	o.k.iopub.post(o.job.Header, jupyter.ClearOutput{Wait: wait})
}

// Input asks the client that sent the cell.
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	o.mu.Lock()
	o.flush()
	ended := o.ended
	o.mu.Unlock()
	if !o.job.AllowStdin {
		return "", engine.ErrNoStdin
	}
	if ended {
		return "", fmt.Errorf("the cell that asks has ended: %w", engine.ErrNoStdin)
	}
	return o.k.stdin.ask(ctx, o.job.request, jupyter.InputRequest{Prompt: prompt, Password: password})
}

// end publishes what waits and tells where the rest of a flood went. Later
// output is still published, under the same header.
func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.ended = true
	for _, name := range []engine.Stream{engine.Stdout, engine.Stderr} {
		if f := o.flood[name]; f != nil && f.spill != nil {
			o.post(name, f.spill.summary())
		}
	}
}

// tick publishes what has waited for a batch interval. It is false when nothing
// has: then the cell is quiet. The caller holds mu.
func (o *output) tick() bool {
	if o.text.size == 0 && len(o.updates) == 0 {
		return false
	}
	o.publish(o.text.take())
	o.publishUpdates()
	return true
}

// flush publishes all that waits. The caller holds mu.
func (o *output) flush() {
	o.publish(o.text.takeAll())
	o.publishUpdates()
}

func (o *output) publishUpdates() {
	for _, u := range o.updates {
		o.k.iopub.post(o.job.Header, jupyter.UpdateDisplayData{Display: u})
	}
	o.updates = o.updates[:0]
}

// publish publishes what the limit leaves room for, and puts the rest into
// files. The caller holds mu.
func (o *output) publish(segments []segment) {
	for _, s := range segments {
		f := o.flood[s.stream]
		if f == nil {
			f = &flood{}
			o.flood[s.stream] = f
		}
		head, rest := f.split(s.text, o.k.cfg.Limits.Stream)
		if len(head) > 0 {
			o.post(s.stream, string(head))
		}
		if len(rest) > 0 {
			o.overflow(s.stream, f, rest)
		}
	}
}

// overflow writes text into the file of the stream, and says so where the
// output is cut.
func (o *output) overflow(name engine.Stream, f *flood, text []byte) {
	if f.spill == nil {
		f.spill = o.k.spills.open(o.count, name)
	}
	if !f.full {
		f.full = true
		o.post(name, "\n"+f.spill.notice(o.k.cfg.Limits.Stream))
	}
	f.spill.write(text)
}

func (o *output) post(name engine.Stream, text string) {
	o.k.iopub.post(o.job.Header, jupyter.Stream{Name: string(name), Text: text})
}

func (o *output) resultText() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.result
}

// plain returns the text/plain of a bundle, empty when there is none.
func plain(b jupyter.Bundle) string {
	var text string
	if json.Unmarshal(b["text/plain"], &text) != nil {
		return ""
	}
	return text
}

// valueOutput keeps the result of a user expression, and shows all else under
// its cell.
type valueOutput struct {
	*output
	value jupyter.Expression
}

// Result keeps the value.
func (o *valueOutput) Result(d display.Data) {
	shown, faults := encode(d)
	if len(faults) > 0 {
		var text strings.Builder
		for _, err := range faults {
			text.WriteString(err.Error() + "\n")
		}
		o.Stream(engine.Stderr, text.String())
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.value.Data, o.value.Metadata = shown.Data, shown.Metadata
}

func (o *valueOutput) expression() jupyter.Expression {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.value.Outcome = jupyter.Outcome{Status: jupyter.OK}
	return o.value
}
