package display

import (
	"crypto/rand"
	"maps"
	"sync"
	"time"
)

// Handle is an output which may be replaced later, also from another cell or
// goroutine. Its methods may be called from several goroutines at once.
type Handle struct {
	id string

	passing sync.Mutex // held while data is passed on, which keeps the order

	mu      sync.Mutex    // guards what follows; taken while holding passing, never before it
	latest  any           // set and not passed on yet
	waiting bool          // there is a latest
	open    Data          // passed on as changing; shown once more when it has settled
	sending bool          // a goroutine passes on what is set
	settled chan struct{} // tells it that the last value stays; has room for one
}

// Live shows values, as Of does, and returns the handle that updates them.
func Live(values ...any) *Handle {
	h := &Handle{id: rand.Text()}
	current().Show(h.data(values))
	return h
}

// Update shows values in place of what the handle showed before, and returns
// when they have been passed on.
func (h *Handle) Update(values ...any) {
	h.passing.Lock()
	defer h.passing.Unlock()
	h.take()
	h.close()
	current().Update(h.data(values))
}

// Clear shows nothing in place of what the handle showed before. A later Update
// shows something there again.
func (h *Handle) Clear() { h.Update(Text("")) }

// Display returns no data: what the handle stands for has been shown already.
func (h *Handle) Display() Data { return Data{} }

func (h *Handle) data(values []any) Data {
	d := Of(values...)
	if len(d.Bundle) == 0 {
		d = Text("")
	}
	d.ID = h.id
	return d
}

const (
	setInterval = time.Second / 20       // between two values that are passed on
	settleAfter = 250 * time.Millisecond // without a new value
)

// Set shows v in place of what the handle showed before, soon: it costs well
// under a microsecond and never waits. Of all values set within a 20th of a
// second only the last is shown, and v is asked what it looks like then; the
// last of all is always shown, at the latest when the cell ends.
//
// While values keep coming, their data carry the metadata "interleave":
// {"live": true}, for which a renderer may spare what takes long.
//
// In a plain program every value is printed, as by Update.
func (h *Handle) Set(v any) {
	if !Attached() {
		h.Update(v)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest, h.waiting = v, true
	if !h.sending {
		h.start()
	}
}

// start begins to pass on what is set. The goroutine belongs to the cell of
// the caller, as what it shows does. The caller holds mu.
func (h *Handle) start() {
	h.sending, h.settled = true, make(chan struct{}, 1)
	changing.add(h)
	go h.send(h.settled)
}

// send passes on what is set until nothing comes any more.
func (h *Handle) send(settled <-chan struct{}) {
	defer h.stopped()
	for quiet := time.Duration(0); quiet < settleAfter; quiet += setInterval {
		if h.pass() {
			quiet = 0
		}
		select {
		case <-time.After(setInterval):
		case <-settled:
			return
		}
	}
	h.settle()
}

// stopped notes that no goroutine passes on what is set, also when the author
// has interrupted it.
func (h *Handle) stopped() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sending = false
	if h.waiting { // set after the last look
		h.start()
		return
	}
	if len(h.open.Bundle) == 0 {
		changing.remove(h)
	}
}

// pass passes on the latest value as one that still changes, if there is one.
func (h *Handle) pass() bool {
	h.passing.Lock()
	defer h.passing.Unlock()
	v, ok := h.take()
	if !ok {
		return false
	}
	d := h.data([]any{v})
	current().Update(withLive(d))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = d
	return true
}

func (h *Handle) take() (v any, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, ok = h.latest, h.waiting
	h.latest, h.waiting = nil, false
	return v, ok
}

// settle passes on the last value once more, as one that stays.
func (h *Handle) settle() {
	h.passing.Lock()
	defer h.passing.Unlock()
	v, ok := h.take()
	d := h.close()
	if ok {
		d = h.data([]any{v})
	}
	if len(d.Bundle) > 0 {
		current().Update(d)
	}
}

// close ends the time of change, and returns what has not been shown for good.
func (h *Handle) close() (open Data) {
	h.mu.Lock()
	defer h.mu.Unlock()
	open, h.open = h.open, Data{}
	if h.sending {
		select {
		case h.settled <- struct{}{}:
		default:
		}
	}
	return open
}

// withLive marks data that will soon be replaced.
func withLive(d Data) Data {
	d.Metadata = maps.Clone(d.Metadata)
	if d.Metadata == nil {
		d.Metadata = map[string]any{}
	}
	about := map[string]any{"live": true}
	if known, ok := d.Metadata["interleave"].(map[string]any); ok {
		about = maps.Clone(known)
		about["live"] = true
	}
	d.Metadata["interleave"] = about
	return d
}

// changing are the handles whose last value has not been passed on for good.
var changing handles

type handles struct {
	mu  sync.Mutex
	set map[*Handle]bool
}

func (hs *handles) add(h *Handle) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.set == nil {
		hs.set = map[*Handle]bool{}
	}
	hs.set[h] = true
}

func (hs *handles) remove(h *Handle) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	delete(hs.set, h)
}

func (hs *handles) all() (list []*Handle) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	for h := range hs.set {
		list = append(list, h)
	}
	return list
}

// Flush passes on the last value of every handle that was Set, and returns
// then; at once when there is none. The kernel does so at the end of a cell.
func Flush() {
	for _, h := range changing.all() {
		h.settle()
		h.mu.Lock()
		if !h.sending { // its goroutine was interrupted
			changing.remove(h)
		}
		h.mu.Unlock()
	}
}
