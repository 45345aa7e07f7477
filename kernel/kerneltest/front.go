package kerneltest

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// patience is how long a step waits for its message. Only tests that fail wait
// that long.
const patience = 20 * time.Second

// Key signs the messages of kernels and front ends here.
const Key = "kerneltest"

// Front is one client that is connected to a kernel.
type Front struct {
	t       testing.TB
	kernel  *running
	session *jupyter.Session
	peers   map[jupyter.Channel]*peer
	readers sync.WaitGroup
	ready   chan struct{} // closed by iopub_welcome
	echoes  chan [][]byte // of heartbeats

	mu       sync.Mutex // guards what follows
	requests map[string]*Request
	strays   []jupyter.Message // belong to no request
	others   []jupyter.Message // on iopub, belong to other clients
}

// running is a kernel that serves.
type running struct {
	where  addresses
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // after ended
	told   bool  // the test knows err
	fronts []*Front
}

// Start serves cfg and connects a front end. Session and Sockets of cfg are set
// here. At the end of the test the kernel is shut down if it still serves.
func Start(t testing.TB, cfg kernel.Config) *Front {
	t.Helper()
	return StartWith(t, cfg, func(*kernel.Sockets) {})
}

// StartWith is Start with sockets that wrap has changed, such as one that does
// not send.
func StartWith(t testing.TB, cfg kernel.Config, wrap func(*kernel.Sockets)) *Front {
	t.Helper()
	k := &running{ended: make(chan struct{})}
	cfg.Session = jupyter.NewSession(Key)
	cfg.Sockets, k.where = listen(t)
	wrap(&cfg.Sockets)
	if cfg.TempDir == "" {
		cfg.TempDir = t.TempDir()
	}
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	go func() {
		defer close(k.ended)
		k.err = kernel.New(cfg).Serve(ctx)
	}()
	f := k.connect(t)
	t.Cleanup(f.finish)
	return f
}

// Connect connects one more front end to the same kernel.
func (f *Front) Connect() *Front {
	f.t.Helper()
	return f.kernel.connect(f.t)
}

func (k *running) connect(t testing.TB) *Front {
	t.Helper()
	f := &Front{
		t:        t,
		kernel:   k,
		session:  jupyter.NewSession(Key),
		peers:    make(map[jupyter.Channel]*peer),
		ready:    make(chan struct{}),
		echoes:   make(chan [][]byte, 16),
		requests: make(map[string]*Request),
	}
	k.fronts = append(k.fronts, f)
	identity := rand.Text() // one for all channels, as clients do
	for _, ch := range jupyter.Channels {
		p, err := dial(k.where[ch], kinds[ch].front, identity)
		if err != nil {
			t.Fatalf("connect to %s: %v", ch, err)
		}
		f.peers[ch] = p
		f.readers.Go(func() { f.read(ch, p) })
	}
	if err := f.peers[jupyter.IOPub].subscribe(""); err != nil {
		t.Fatalf("subscribe: %v", err)
	}
	f.await("iopub_welcome", f.ready)
	return f
}

func (f *Front) await(what string, c <-chan struct{}) {
	f.t.Helper()
	select {
	case <-c:
	case <-f.kernel.ended:
		f.t.Fatalf("the kernel ended (%v) before %s", f.kernel.err, what)
	case <-time.After(patience):
		f.t.Fatalf("%s did not come", what)
	}
}

// read sorts the messages of a channel to their requests. When the kernel ends
// the connection it does too: a socket that closes waits for that.
func (f *Front) read(ch jupyter.Channel, p *peer) {
	defer p.conn.Close()
	for {
		frames, err := p.recv()
		if err != nil {
			return
		}
		if ch == jupyter.Heartbeat {
			f.echoes <- frames
			continue
		}
		m, err := f.session.Decode(frames)
		if err != nil {
			f.t.Errorf("%s: %v", ch, err)
			continue
		}
		f.sort(ch, m)
	}
}

func (f *Front) sort(ch jupyter.Channel, m jupyter.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.requests[m.Parent.ID]
	switch {
	case r != nil && ch == jupyter.IOPub:
		r.published.put(m)
	case r != nil:
		r.sent.put(m)
	case m.Header.Type == "iopub_welcome":
		if !closed(f.ready) {
			close(f.ready)
		}
	case ch != jupyter.IOPub:
		f.strays = append(f.strays, m)
	case m.Parent.Session == f.session.ID():
		f.strays = append(f.strays, m)
	default:
		f.others = append(f.others, m)
	}
}

// Seen returns the types of the messages on iopub that belong to requests of
// another front end, as far as they have come.
func (f *Front) Seen(other *Front) []jupyter.Type {
	f.mu.Lock()
	defer f.mu.Unlock()
	var types []jupyter.Type
	for _, m := range f.others {
		if m.Parent.Session == other.session.ID() {
			types = append(types, m.Header.Type)
		}
	}
	return types
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Send sends a request on a channel.
func (f *Front) Send(ch jupyter.Channel, c jupyter.Content) *Request {
	f.t.Helper()
	m, err := f.session.New(jupyter.Header{}, c)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.SendMessage(ch, m)
}

// SendMessage sends a message as it is, but for its signature.
func (f *Front) SendMessage(ch jupyter.Channel, m jupyter.Message) *Request {
	f.t.Helper()
	r := &Request{front: f, header: m.Header, published: newInbox(), sent: newInbox()}
	f.mu.Lock()
	f.requests[m.Header.ID] = r
	f.mu.Unlock()
	f.SendFrames(ch, f.Encode(m))
	return r
}

// Message returns a message that is not sent yet.
func (f *Front) Message(c jupyter.Content) jupyter.Message {
	f.t.Helper()
	m, err := f.session.New(jupyter.Header{}, c)
	if err != nil {
		f.t.Fatal(err)
	}
	return m
}

// Encode returns the frames of a message.
func (f *Front) Encode(m jupyter.Message) [][]byte {
	f.t.Helper()
	frames, err := f.session.Encode(m)
	if err != nil {
		f.t.Fatal(err)
	}
	return frames
}

// SendFrames sends any frames at all.
func (f *Front) SendFrames(ch jupyter.Channel, frames [][]byte) {
	f.t.Helper()
	if err := f.peers[ch].send(frames); err != nil {
		f.t.Fatalf("send on %s: %v", ch, err)
	}
}

// Execute runs a cell whose front end answers questions.
func (f *Front) Execute(code string) *Request {
	f.t.Helper()
	return f.Send(jupyter.Shell, jupyter.ExecuteRequest{
		Code: code, StoreHistory: true, AllowStdin: true, StopOnError: true,
	})
}

// Heartbeat sends frames and returns the echo.
func (f *Front) Heartbeat(frames ...[]byte) [][]byte {
	f.t.Helper()
	f.SendFrames(jupyter.Heartbeat, slices.Insert(frames, 0, []byte{}))
	select {
	case echo := <-f.echoes:
		return echo[1:]
	case <-time.After(patience):
		f.t.Fatal("no heartbeat")
		return nil
	}
}

// Leave ends the connections of this front end, as one that dies does.
func (f *Front) Leave() {
	for _, p := range f.peers {
		p.conn.Close()
	}
	f.readers.Wait()
}

// Stop ends the context of the kernel.
func (f *Front) Stop() { f.kernel.cancel() }

// Ended waits until the kernel has ended and returns its error.
func (f *Front) Ended() error {
	f.t.Helper()
	f.kernel.told = true
	select {
	case <-f.kernel.ended:
		return f.kernel.err
	case <-time.After(patience):
		f.t.Fatal("the kernel does not end")
		return nil
	}
}

// finish shuts the kernel down, unless the test did, and looks for what nobody
// expected.
func (f *Front) finish() {
	f.t.Helper()
	if !f.t.Failed() && !closed(f.kernel.ended) {
		f.Shutdown(false)
	}
	if f.t.Failed() && !closed(f.kernel.ended) {
		f.SendFrames(jupyter.Control, f.Encode(f.Message(jupyter.ShutdownRequest{})))
	}
	known := f.kernel.told
	if err := f.Ended(); err != nil && !known {
		f.t.Errorf("serve: %v", err)
	}
	f.Stop()
	for _, front := range f.kernel.fronts {
		front.close()
	}
}

// Shutdown asks for the end, takes the answers and waits for the end.
func (f *Front) Shutdown(restart bool) {
	f.t.Helper()
	r := f.Send(jupyter.Control, jupyter.ShutdownRequest{Restart: restart})
	r.Busy()
	if c := Published[jupyter.ShutdownReply](r); c.Restart != restart {
		f.t.Errorf("shutdown_reply on iopub says restart %v", c.Restart)
	}
	r.Idle()
	if c := Reply[jupyter.ShutdownReply](r); c.Status != jupyter.OK || c.Restart != restart {
		f.t.Errorf("shutdown_reply is %+v", c)
	}
	if err := f.Ended(); err != nil {
		f.t.Errorf("serve: %v", err)
	}
}

// close ends the connections and tells what nobody expected.
func (f *Front) close() {
	f.t.Helper()
	f.Leave()
	if f.t.Failed() {
		return
	}
	for _, r := range f.requests {
		if r.dropped {
			continue
		}
		for _, m := range append(r.published.rest(), r.sent.rest()...) {
			f.t.Errorf("nobody expected %s %s for %s", m.Header.Type, m.Content, r.header.Type)
		}
	}
	for _, m := range f.strays {
		f.t.Errorf("nobody expected %s %s", m.Header.Type, m.Content)
	}
}
