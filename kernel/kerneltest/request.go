package kerneltest

import (
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// Request is a request that was sent. Its methods take the messages that belong
// to it, one after another, and fail the test where another message comes.
type Request struct {
	front     *Front
	header    jupyter.Header
	published *inbox // on iopub
	sent      *inbox // replies and questions

	// Question is the header of the question taken last.
	Question    jupyter.Header
	dropped     bool
	interrupted bool
}

// inbox keeps messages in order.
type inbox struct {
	mu    sync.Mutex // guards queue
	queue []jupyter.Message
	more  chan struct{} // has an element when queue has
}

func newInbox() *inbox { return &inbox{more: make(chan struct{}, 1)} }

func (b *inbox) put(m jupyter.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = append(b.queue, m)
	b.signal()
}

// signal tells whoever waits. The caller holds mu.
func (b *inbox) signal() {
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// take waits for the next message.
func (b *inbox) take(f *Front, want string) jupyter.Message {
	f.t.Helper()
	select {
	case <-b.more:
	case <-time.After(patience):
		f.t.Fatalf("no message came, want %s", want)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.queue[0]
	b.queue = b.queue[1:]
	if len(b.queue) > 0 {
		b.signal()
	}
	return m
}

func (b *inbox) rest() []jupyter.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.queue
}

// read reads m, which must be of C's type.
func read[C jupyter.Content](r *Request, m jupyter.Message) C {
	t := r.front.t
	t.Helper()
	var c C
	if m.Header.Type != c.Type() {
		t.Fatalf("got %s %s, want %s", m.Header.Type, m.Content, c.Type())
	}
	c, err := jupyter.Read[C](m)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Published takes the next message on iopub, which must be of C's type.
func Published[C jupyter.Content](r *Request) C {
	r.front.t.Helper()
	return read[C](r, r.Next())
}

// Reply takes the reply, which must be of C's type.
func Reply[C jupyter.Content](r *Request) C {
	r.front.t.Helper()
	return read[C](r, r.AnyReply())
}

// Next takes the next message on iopub as it is.
func (r *Request) Next() jupyter.Message {
	r.front.t.Helper()
	for {
		m := r.published.take(r.front, "a message on iopub")
		if !r.interrupted || !isBusy(m) {
			return m
		}
	}
}

func isBusy(m jupyter.Message) bool {
	c, err := jupyter.Read[jupyter.KernelStatus](m)
	return err == nil && m.Header.Type == c.Type() && c.ExecutionState == jupyter.Busy
}

// Interrupt interrupts the cell. It is told once more to be busy, as after
// every request that is answered meanwhile, but here it may have ended before:
// from here on busy is not looked at.
func (r *Request) Interrupt() *Request {
	r.front.t.Helper()
	return r.interrupt(r.front.Message(jupyter.InterruptRequest{}))
}

// InterruptAt does the same with a request of that date.
func (r *Request) InterruptAt(date string) *Request {
	r.front.t.Helper()
	m := r.front.Message(jupyter.InterruptRequest{})
	m.Header.Date = date
	return r.interrupt(m)
}

func (r *Request) interrupt(m jupyter.Message) *Request {
	r.front.t.Helper()
	r.interrupted = true
	i := r.front.SendMessage(jupyter.Control, m).Busy().Idle()
	if c := Reply[jupyter.InterruptReply](i); c.Status != jupyter.OK {
		r.front.t.Errorf("interrupt_reply is %+v", c)
	}
	return r
}

// Drop leaves the rest of the messages unread.
func (r *Request) Drop() { r.dropped = true }

// AnyReply takes the reply as it is.
func (r *Request) AnyReply() jupyter.Message {
	r.front.t.Helper()
	return r.sent.take(r.front, "a reply")
}

// Busy takes the status busy.
func (r *Request) Busy() *Request {
	r.front.t.Helper()
	return r.state(jupyter.Busy)
}

// Idle takes the status idle.
func (r *Request) Idle() *Request {
	r.front.t.Helper()
	return r.state(jupyter.Idle)
}

func (r *Request) state(want jupyter.State) *Request {
	r.front.t.Helper()
	if c := Published[jupyter.KernelStatus](r); c.ExecutionState != want {
		r.front.t.Fatalf("status is %s, want %s", c.ExecutionState, want)
	}
	return r
}

// Input takes execute_input.
func (r *Request) Input(code string, count int) *Request {
	r.front.t.Helper()
	if c := Published[jupyter.ExecuteInput](r); c.Code != code || c.ExecutionCount != count {
		r.front.t.Fatalf("execute_input is %+v, want %q with count %d", c, code, count)
	}
	return r
}

// Stdout takes text on stdout, in however many messages it comes.
func (r *Request) Stdout(text string) *Request {
	r.front.t.Helper()
	return r.stream("stdout", text)
}

// Stderr takes text on stderr.
func (r *Request) Stderr(text string) *Request {
	r.front.t.Helper()
	return r.stream("stderr", text)
}

func (r *Request) stream(name, text string) *Request {
	r.front.t.Helper()
	for rest := text; rest != ""; {
		c := Published[jupyter.Stream](r)
		if c.Name != name || !strings.HasPrefix(rest, c.Text) {
			r.front.t.Fatalf("got %q on %s, want %q on %s", c.Text, c.Name, rest, name)
		}
		rest = rest[len(c.Text):]
	}
	return r
}

// Result takes execute_result with a text/plain of text.
func (r *Request) Result(text string) *Request {
	r.front.t.Helper()
	return r.shows(Published[jupyter.ExecuteResult](r).Display, "text/plain", text)
}

// Display takes display_data with text of a MIME type.
func (r *Request) Display(mime, text string) *Request {
	r.front.t.Helper()
	return r.shows(Published[jupyter.DisplayData](r).Display, mime, text)
}

func (r *Request) shows(d jupyter.Display, mime, text string) *Request {
	r.front.t.Helper()
	if got := Text(d.Data, mime); got != text {
		r.front.t.Fatalf("%s is %q, want %q", mime, got, text)
	}
	return r
}

// Clear takes clear_output.
func (r *Request) Clear(wait bool) *Request {
	r.front.t.Helper()
	if c := Published[jupyter.ClearOutput](r); c.Wait != wait {
		r.front.t.Fatalf("clear_output says wait %v", c.Wait)
	}
	return r
}

// Error takes an error.
func (r *Request) Error(name, value string) *Request {
	r.front.t.Helper()
	c := Published[jupyter.Error](r)
	if c.EName != name || c.EValue != value || len(c.Traceback) == 0 {
		r.front.t.Fatalf("error is %+v, want %s: %s", c, name, value)
	}
	return r
}

// OK takes the reply to a cell that succeeded.
func (r *Request) OK() jupyter.ExecuteReply {
	r.front.t.Helper()
	return r.outcome(jupyter.OK)
}

// Failed takes the reply to a cell that failed.
func (r *Request) Failed() jupyter.ExecuteReply {
	r.front.t.Helper()
	return r.outcome(jupyter.Failed)
}

// Aborted takes all messages of a cell that was not tried.
func (r *Request) Aborted() {
	r.front.t.Helper()
	r.Busy().Idle().outcome(jupyter.Aborted)
}

func (r *Request) outcome(want jupyter.Status) jupyter.ExecuteReply {
	r.front.t.Helper()
	c := Reply[jupyter.ExecuteReply](r)
	if c.Status != want {
		r.front.t.Fatalf("reply is %+v, want status %s", c, want)
	}
	return c
}

// Asked takes a question.
func (r *Request) Asked(prompt string, password bool) *Request {
	t := r.front.t
	t.Helper()
	m := r.AnyReply()
	c, err := jupyter.Read[jupyter.InputRequest](m)
	if err != nil || m.Header.Type != c.Type() || c.Prompt != prompt || c.Password != password {
		t.Fatalf("got %s %s, want question %q, password %v", m.Header.Type, m.Content, prompt, password)
	}
	r.Question = m.Header
	return r
}

// Answer answers it.
func (r *Request) Answer(line string) *Request {
	r.front.t.Helper()
	f := r.front
	f.SendFrames(jupyter.Stdin, f.Encode(f.Message(jupyter.InputReply{Value: line})))
	return r
}
