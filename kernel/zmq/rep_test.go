package zmq_test

import (
	"errors"
	"testing"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

func TestRep(t *testing.T) {
	s := listen(t, zmq.Rep, zmq.Options{})
	c := connect(t, s, "DEALER", "")
	for _, m := range [][]string{
		{"", "ping"},
		{"", ""},
		{"", "", "x"},
		{"hop", "", "ping"},
		{"hop", "hop", "", "a", "", "b"},
	} {
		c.send(m...)
		body := recv(t, s)
		send(t, s, body...)
		c.expect(m...)
	}
}

func TestRepLetsMalformedRequestsPass(t *testing.T) {
	s := listen(t, zmq.Rep, zmq.Options{})
	c := connect(t, s, "DEALER", "")
	for _, m := range [][]string{{"no delimiter"}, {""}, {"no", "body", ""}} {
		c.send(m...)
	}
	c.send("", "good")
	expect(t, s, "good")
	if n := s.Held(); n != 0 {
		t.Errorf("%d bytes held", n)
	}
}

func TestRepAnswersTheLastRequestOnce(t *testing.T) {
	s := listen(t, zmq.Rep, zmq.Options{})
	if err := s.Send(byteses("x")); !errors.Is(err, zmq.ErrNoRequest) {
		t.Errorf("got %v", err)
	}
	first, second := connect(t, s, "REQ", ""), connect(t, s, "REQ", "")
	first.send("", "1")
	expect(t, s, "1")
	second.send("", "2")
	expect(t, s, "2")
	if err := s.Send(nil); err == nil || errors.Is(err, zmq.ErrNoRequest) {
		t.Errorf("empty message: %v", err)
	}
	send(t, s, "answer")
	second.expect("", "answer")
	if err := s.Send(byteses("x")); !errors.Is(err, zmq.ErrNoRequest) {
		t.Errorf("got %v", err)
	}
}

func TestRepAskerLeft(t *testing.T) {
	s := listen(t, zmq.Rep, zmq.Options{})
	c := connect(t, s, "REQ", "")
	c.send("", "1")
	expect(t, s, "1")
	c.Close()
	until(t, "nobody", func() bool { return s.Connections() == 0 })
	if err := s.Send(byteses("x")); !errors.Is(err, zmq.ErrNoPeer) {
		t.Errorf("got %v", err)
	}
}
