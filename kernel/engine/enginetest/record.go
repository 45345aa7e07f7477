package enginetest

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// An event is something a reader sees; neighbouring standard output is one.
type event struct {
	kind string // section name: out, result, display, update, clear
	text string // of out; "wait" for clear
	data display.Data
}

// A record is the engine.Output of one cell.
type record struct {
	mu      sync.Mutex
	events  []event
	stderr  strings.Builder
	answers []string // not yet asked for
	prompts []string
	changed chan struct{} // holds one value when something was added
}

func newRecord(answers []string) *record {
	return &record{answers: answers, changed: make(chan struct{}, 1)}
}

func (r *record) Stream(name engine.Stream, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.notify()
	if name == engine.Stderr {
		r.stderr.WriteString(text)
		return
	}
	if n := len(r.events); n > 0 && r.events[n-1].kind == "out" {
		r.events[n-1].text += text
		return
	}
	r.events = append(r.events, event{kind: "out", text: text})
}

func (r *record) Display(d display.Data) { r.add(event{kind: "display", data: d}) }
func (r *record) Update(d display.Data)  { r.add(event{kind: "update", data: d}) }
func (r *record) Result(d display.Data)  { r.add(event{kind: "result", data: d}) }

func (r *record) Clear(wait bool) {
	e := event{kind: "clear"}
	if wait {
		e.text = "wait"
	}
	r.add(e)
}

// Input answers with the next line of the stdin section, then with
// engine.ErrNoStdin.
func (r *record) Input(ctx context.Context, prompt string, password bool) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.answers) == 0 {
		return "", engine.ErrNoStdin
	}
	r.prompts = append(r.prompts, prompt)
	answer := r.answers[0]
	r.answers = r.answers[1:]
	return answer, ctx.Err()
}

func (r *record) add(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	r.notify()
}

func (r *record) notify() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// A seen is what a reader of one cell has seen up to a moment.
type seen struct {
	events  []event
	stderr  string
	answers []string
	prompts []string
}

func (r *record) seen() seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	return seen{
		events:  append([]event(nil), r.events...),
		stderr:  r.stderr.String(),
		answers: append([]string(nil), r.answers...),
		prompts: append([]string(nil), r.prompts...),
	}
}

// stdout returns all standard output.
func (s seen) stdout() string {
	var b strings.Builder
	for _, e := range s.events {
		if e.kind == "out" {
			b.WriteString(e.text)
		}
	}
	return b.String()
}

// A part is a stretch of what a reader sees, named as its section.
type part struct {
	Section
	bundle map[string]any
}

// flow returns the events as sections. Unless apart, results are part of the
// text around them.
func (s seen) flow(apart bool) []part {
	var flow []part
	text := func(t string) {
		if n := len(flow); n > 0 && flow[n-1].Name == "out" {
			flow[n-1].Text += t
			return
		}
		flow = append(flow, part{Section: Section{Name: "out", Text: t}})
	}
	for _, e := range s.events {
		switch {
		case e.kind == "out":
			text(e.text)
		case e.kind == "result" && !apart:
			if n := len(flow); n > 0 && flow[n-1].Name == "out" && !strings.HasSuffix(flow[n-1].Text, "\n") {
				text("\n")
			}
			text(strings.TrimSuffix(plain(e.data), "\n") + "\n")
		case e.kind == "result":
			flow = append(flow, part{Section: Section{Name: "result", Text: plain(e.data)}, bundle: e.data.Bundle})
		default:
			flow = append(flow, part{Section: Section{Name: e.kind, Text: e.text + describe(e.data)}, bundle: e.data.Bundle})
		}
	}
	return flow
}

func plain(d display.Data) string {
	s, ok := d.Bundle["text/plain"].(string)
	if !ok {
		return "(no text/plain) " + describe(d)
	}
	return s
}

// describe shows a bundle in a failure.
func describe(d display.Data) string {
	if d.Bundle == nil {
		return ""
	}
	return fmt.Sprint(d.Bundle)
}
