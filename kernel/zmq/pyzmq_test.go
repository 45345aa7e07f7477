package zmq_test

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"

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
		if os.Getenv("INTERLEAVE_TEST_ALL") == "1" {
			t.Fatalf("python3 with pyzmq: %v", err)
		}
		t.Skip("needs pyzmq; install it with: python3 -m pip install pyzmq")
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
