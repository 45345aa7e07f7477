//go:build unix

package zmq_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/zmq"
)

// python is a running function of testdata/clients.py.
type python struct {
	t      testing.TB
	name   string
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	errors bytes.Buffer
}

var havePyzmq = sync.OnceValue(func() error {
	return exec.Command("python3", "-c", "import zmq").Run()
})

// start runs a function of testdata/clients.py.
func start(t testing.TB, name string, args ...string) *python {
	t.Helper()
	if err := havePyzmq(); err != nil {
		testneeds.Missing(t, "python3 cannot import zmq: python3 -m pip install pyzmq")
	}
	// Reading the script makes it count for the test cache.
	script, err := os.ReadFile("testdata/clients.py")
	if err != nil {
		t.Fatal(err)
	}
	p := &python{t: t, name: name}
	p.cmd = exec.Command("python3", append([]string{"-c", string(script), name}, args...)...)
	p.cmd.Stderr = &p.errors
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// hear waits for the client to say something.
func (p *python) hear(want string) {
	p.t.Helper()
	line, err := p.out.ReadString('\n')
	if line == want+"\n" {
		return
	}
	if err != nil {
		p.cmd.Wait()
		p.t.Fatalf("%s: %v where %q belongs\n%s", p.name, err, want, p.errors.Bytes())
	}
	p.t.Fatalf("%s said %q, want %q", p.name, line, want)
}

// tell lets a waiting client go on.
func (p *python) tell() {
	p.t.Helper()
	if _, err := io.WriteString(p.in, "\n"); err != nil {
		p.t.Fatal(err)
	}
}

// wait waits for the client to end well.
func (p *python) wait() {
	p.t.Helper()
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("%s: %v\n%s", p.name, err, p.errors.Bytes())
	}
}

func (p *python) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

func (p *python) kill() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Signal(syscall.SIGKILL)
		p.cmd.Wait()
	}
}

func endpoint(s *zmq.Socket) string {
	if a := s.Addr(); a.Network() == "unix" {
		return "ipc://" + a.String()
	} else {
		return "tcp://" + a.String()
	}
}

// echo sends back what s receives until the socket is closed.
func echo(t testing.TB, s *zmq.Socket) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			m, err := s.Recv()
			if err != nil {
				return
			}
			s.Send(m) // a client that was killed is no error
		}
	}()
	t.Cleanup(func() { s.Close(); <-done })
}

// greet sends a welcome to every new topic.
func greet(t testing.TB, s *zmq.Socket) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			m, err := s.Recv()
			if err != nil {
				return
			}
			if m[0][0] == 1 {
				s.Send(welcome(m[0][1:]))
			}
		}
	}()
	t.Cleanup(func() { s.Close(); <-done })
}

func welcome(topic []byte) [][]byte {
	if len(topic) == 0 {
		return byteses("welcome")
	}
	return [][]byte{topic, []byte("welcome")}
}

func TestPyzmqEcho(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			s := listenOn(t, zmq.Router, transport, zmq.Options{})
			echo(t, s)
			start(t, "echo", endpoint(s), "3000").wait()
		})
	}
}

func TestPyzmqDuplicateIdentity(t *testing.T) {
	told := make(reports, 1000)
	s := listen(t, zmq.Router, zmq.Options{Disconnected: told.add})
	echo(t, s)
	p := start(t, "duplicate", endpoint(s))
	p.hear("refused?")
	told.next(t)
	p.tell()
	p.wait()
}

func TestPyzmqHeartbeatChannel(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			s := listenOn(t, zmq.Rep, transport, zmq.Options{})
			echo(t, s)
			start(t, "heartbeat", endpoint(s)).wait()
		})
	}
}

func TestPyzmqPings(t *testing.T) {
	r, x := listen(t, zmq.Router, zmq.Options{}), listen(t, zmq.XPub, zmq.Options{})
	echo(t, r)
	greet(t, x)
	start(t, "pings", endpoint(r), endpoint(x)).wait()
}

func TestPyzmqTopics(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{})
	p := start(t, "topics", endpoint(s))
	for _, topic := range []string{"kernel", "other"} {
		expect(t, s, "\x01"+topic)
		send(t, s, topic, "welcome")
	}
	p.hear("unsubscribed")
	expect(t, s, "\x00kernel")
	send(t, s, "kernel", "news")
	send(t, s, "other", "news")
	p.tell()
	p.wait()
	expect(t, s, "\x00other")
}

func TestPyzmqReconnects(t *testing.T) {
	first, err := zmq.Listen(zmq.Router, "tcp://127.0.0.1:0", zmq.Options{})
	if err != nil {
		t.Fatal(err)
	}
	echo(t, first)
	p := start(t, "reconnect", endpoint(first))
	p.hear("served")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := zmq.Listen(zmq.Router, endpoint(first), zmq.Options{})
	if err != nil {
		t.Fatal(err)
	}
	echo(t, second)
	p.tell()
	p.wait()
}

// publish sends n numbered messages of the sizes in turn.
func publish(t testing.TB, s *zmq.Socket, n int, sizes ...int) {
	t.Helper()
	body := make([]byte, slices.Max(sizes))
	for i := range n {
		binary.BigEndian.PutUint64(body, uint64(i))
		if err := s.Send([][]byte{[]byte("topic"), body[:sizes[i%len(sizes)]]}); err != nil {
			t.Fatal(err)
		}
	}
}

// counters starts clients that count n messages of the sizes, and welcomes
// them.
func counters(t *testing.T, s *zmq.Socket, clients, n int, sizes string) (all []*python) {
	t.Helper()
	for range clients {
		p := start(t, "count", endpoint(s), fmt.Sprint(n), sizes)
		expect(t, s, "\x01")
		all = append(all, p)
	}
	send(t, s, "welcome")
	for _, p := range all {
		p.hear("ready")
	}
	return all
}

func TestPyzmqSubscribersGetEverything(t *testing.T) {
	for _, test := range []struct {
		name, transport, sizes string
		n                      int
		size                   []int
	}{
		{"200000 small", "tcp", "100", 200_000, []int{100}},
		{"50 large", "tcp", "5000000", 50, []int{5_000_000}},
		{"mixed", "ipc", "8,300,70000,1000000", 1000, []int{8, 300, 70_000, 1_000_000}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := listenOn(t, zmq.XPub, test.transport, zmq.Options{})
			all := counters(t, s, 2, test.n, test.sizes)
			publish(t, s, test.n, test.size...)
			for _, p := range all {
				p.wait()
			}
		})
	}
}

func TestPyzmqStoppedSubscriberDisturbsNobody(t *testing.T) {
	told := make(reports, 1)
	const n = 600 // of 100 kB
	s := listen(t, zmq.XPub, zmq.Options{
		SendQueue: 16 << 20, SendTimeout: 2 * time.Second, Disconnected: told.add})
	p := start(t, "stopped", endpoint(s))
	expect(t, s, "\x01")
	send(t, s, "welcome")
	p.hear("ready")
	p.signal(syscall.SIGSTOP)
	good := counters(t, s, 1, n, "100000")[0]
	publish(t, s, n, 100_000)
	good.wait()
	if err := told.next(t); !errors.Is(err, zmq.ErrSlowPeer) {
		t.Errorf("reported %v", err)
	}
}

// A subscriber killed while messages wait for it leaves nothing.
func TestPyzmqKilledSubscriber(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{})
	p := start(t, "stopped", endpoint(s))
	expect(t, s, "\x01")
	send(t, s, "welcome")
	p.hear("ready")
	p.signal(syscall.SIGSTOP)
	publish(t, s, 40, 1_000_000)
	p.kill()
	expect(t, s, "\x00")
	until(t, "nothing left", func() bool { return s.Queued() == 0 && s.Connections() == 0 })
}

func TestPyzmqConnectCyclesLeaveNothing(t *testing.T) {
	r, x, h := listen(t, zmq.Router, zmq.Options{}), listen(t, zmq.XPub, zmq.Options{}), listen(t, zmq.Rep, zmq.Options{})
	echo(t, r)
	echo(t, h)
	greet(t, x)
	start(t, "cycles", endpoint(r), endpoint(x), endpoint(h), "500").wait()
	for _, s := range []*zmq.Socket{r, x, h} {
		until(t, "nothing left", func() bool { return s.Connections() == 0 && s.Queued() == 0 && s.Held() == 0 })
	}
}

func TestPyzmqKilledClientsLeaveNothing(t *testing.T) {
	r, x := listen(t, zmq.Router, zmq.Options{}), listen(t, zmq.XPub, zmq.Options{})
	echo(t, r)
	greet(t, x)
	witness := connect(t, r, "DEALER", "")
	var all []*python
	for range 10 {
		p := start(t, "busy", endpoint(r), endpoint(x))
		p.hear("ready")
		all = append(all, p)
	}
	for _, p := range all {
		p.kill()
	}
	until(t, "only the witness left", func() bool {
		return r.Connections() == 1 && x.Connections() == 0 && r.Queued() == 0 && r.Held() == 0
	})
	witness.send("still there?")
	witness.expect("still there?")
}

func TestPyzmqCloseDelivers(t *testing.T) {
	for _, test := range []struct{ n, size int }{{10, 200}, {2000, 1000}, {50, 5_000_000}} {
		s := listen(t, zmq.XPub, zmq.Options{Linger: patience})
		p := counters(t, s, 1, test.n, fmt.Sprint(test.size))[0]
		publish(t, s, test.n, test.size)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		p.wait()
	}
}

// The heartbeat stays alive while other sockets of the process work hard.
func TestPyzmqHeartbeatUnderLoad(t *testing.T) {
	x, h := listen(t, zmq.XPub, zmq.Options{}), listen(t, zmq.Rep, zmq.Options{})
	echo(t, h)
	sub := counters(t, x, 1, 60, "5000000")[0]
	beat := start(t, "heartbeat", endpoint(h))
	publish(t, x, 60, 5_000_000)
	beat.wait()
	sub.wait()
}
