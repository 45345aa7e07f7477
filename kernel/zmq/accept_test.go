package zmq

import (
	"net"
	"syscall"
	"testing"
)

// poor is a listener whose first connections meet a process out of files.
type poor struct {
	net.Listener
	failures int
}

func (p *poor) Accept() (net.Conn, error) {
	if p.failures > 0 {
		p.failures--
		return nil, syscall.EMFILE
	}
	return p.Listener.Accept()
}

func TestAcceptOutlivesWantOfFiles(t *testing.T) {
	s, err := newSocket(Router, "", Options{Linger: -1})
	if err != nil {
		t.Fatal(err)
	}
	l, err := listen("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener = &poor{l, 3}
	s.wg.Go(s.accept)
	defer s.Close()
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Read(make([]byte, 1)); err != nil { // a greeting
		t.Error(err)
	}
}

func TestCloseEndsAcceptThatPauses(t *testing.T) {
	s, err := newSocket(Router, "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := listen("tcp://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener = &poor{l, 1 << 30}
	s.wg.Go(s.accept)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
