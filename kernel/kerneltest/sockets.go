package kerneltest

import (
	"net"
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/zmq"
)

// addresses tells where the sockets of a kernel are bound.
type addresses map[jupyter.Channel]net.Addr

// kinds are the types of the sockets, the kernel's and the front end's.
var kinds = map[jupyter.Channel]struct {
	kernel zmq.Kind
	front  string
}{
	jupyter.Shell:     {zmq.Router, "DEALER"},
	jupyter.Control:   {zmq.Router, "DEALER"},
	jupyter.Stdin:     {zmq.Router, "DEALER"},
	jupyter.IOPub:     {zmq.XPub, "SUB"},
	jupyter.Heartbeat: {zmq.Rep, "REQ"},
}

// listen binds five sockets to free ports of the loopback interface.
func listen(t testing.TB) (kernel.Sockets, addresses) {
	t.Helper()
	where := make(addresses)
	open := func(ch jupyter.Channel) kernel.Socket {
		s, err := zmq.Listen(kinds[ch].kernel, "tcp://127.0.0.1:0", zmq.Options{})
		if err != nil {
			t.Fatalf("bind %s: %v", ch, err)
		}
		where[ch] = s.Addr()
		return s
	}
	return kernel.Sockets{
		Shell:     open(jupyter.Shell),
		Control:   open(jupyter.Control),
		Stdin:     open(jupyter.Stdin),
		IOPub:     open(jupyter.IOPub),
		Heartbeat: open(jupyter.Heartbeat),
	}, where
}
