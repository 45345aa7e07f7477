package zmq

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"slices"
	"testing"
	"time"
)

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x00\x03abc\x01\x00"), 100)
	f.Add([]byte("\x04\x05\x04PING"), 100)
	f.Add(appendFrame(nil, flagMore, make([]byte, 70_000)), 1<<20)
	f.Add(append([]byte("\x02\x00\x00\x00\x00\x10\x00\x00\x00"), make([]byte, 70_000)...), 1<<40)
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00\x01x"), 1)
	f.Add([]byte("\x02\xff\xff\xff\xff\xff\xff\xff\xffx"), 1<<40)
	f.Add([]byte("\x06\x00\x00\x00\x00\x00\x01\x00\x01"), -1)
	f.Fuzz(func(t *testing.T, in []byte, limit int) {
		source := bytes.NewReader(in)
		r := bufio.NewReader(source)
		for {
			granted := 0
			flags, body, err := readFrame(r, limit, func(n int) error { granted += n; return nil })
			read := len(in) - source.Len() - r.Buffered()
			if granted > 2*len(in)+firstRead+frameCost {
				t.Fatalf("%d bytes for %d", granted, len(in))
			}
			if err != nil {
				if err == io.EOF && read != len(in) {
					t.Fatal("io.EOF within a frame")
				}
				return
			}
			if len(body) > max(0, limit) || flags&^7 != 0 || !bytes.HasSuffix(in[:read], body) {
				t.Fatalf("frame %d %q", flags, body)
			}
			if flags&flagCommand == 0 && granted != len(body)+frameCost {
				t.Fatalf("%d bytes accounted for %d", granted, len(body))
			}
		}
	})
}

func FuzzParseMetadata(f *testing.F) {
	f.Add([]byte("\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x02me"))
	f.Add([]byte("\x0bSocket-Type\x00\x00\x00\x06DEAL"))
	f.Add([]byte("\xff\x01\x00"))
	f.Add([]byte("\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := parseMetadata(in)
		if err != nil {
			return
		}
		if len(m.identity) > maxIdentity || len(m.identity) > 0 && m.identity[0] == 0 {
			t.Fatalf("identity %q", m.identity)
		}
		out := appendProperty(nil, "Socket-Type", m.socketType)
		again, err := parseMetadata(appendProperty(out, "Identity", m.identity))
		if err != nil || again != m {
			t.Fatalf("%v comes back as %v, %v", m, again, err)
		}
	})
}

func FuzzParseCommand(f *testing.F) {
	f.Add([]byte("\x04PING\x00\x0acontext"))
	f.Add([]byte("\x09SUBSCRIBEtopic"))
	f.Add([]byte("\x05ERROR\x03why"))
	f.Add([]byte("\x05PING"))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		name, arg, err := parseCommand(in)
		if err == nil && !bytes.Equal(appendCommand(nil, name, arg), in) {
			t.Fatalf("%q is not %q %q", in, name, arg)
		}
	})
}

// FuzzServe gives a peer's bytes to a socket, which must get over it and hold
// nothing afterwards.
func FuzzServe(f *testing.F) {
	hello := func(socketType, rest string) []byte {
		g := make([]byte, greetingSize)
		g[0], g[9], g[10] = 0xff, 0x7f, 3
		copy(g[12:], "NULL")
		meta := appendProperty(nil, "Socket-Type", socketType)
		return append(appendFrame(g, flagCommand, appendCommand(nil, "READY", meta)), rest...)
	}
	f.Add(hello("DEALER", "\x01\x00\x00\x05hello"), byte(0))
	f.Add(hello("DEALER", "\x04\x07\x04PING\x00\x01\x00\x01x"), byte(0))
	f.Add(hello("DEALER", "\x02\x00\x00\x00\x00\x00\x10\x00\x00cut"), byte(0))
	f.Add(hello("SUB", "\x04\x0b\x09SUBSCRIBEt\x04\x08\x06CANCELt\x00\x02\x01t\x00\x02\x00t"), byte(1))
	f.Add(hello("REQ", "\x01\x00\x00\x04ping\x00\x02no"), byte(2))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"), byte(1))
	sockets := fuzzSockets(f)
	f.Fuzz(func(t *testing.T, in []byte, kind byte) {
		s := sockets[int(kind)%len(sockets)]
		here, there := net.Pipe()
		s.meet(there)
		read := make(chan struct{})
		go func() { defer close(read); io.Copy(io.Discard, here) }()
		here.Write(in) // may be refused
		here.Close()
		<-read
		for s.Connections() > 0 || s.Held() > 0 || s.Queued() > 0 {
			time.Sleep(10 * time.Microsecond)
		}
	})
}

// fuzzSockets makes one socket of each kind, that sends back what it receives.
func fuzzSockets(f *testing.F) (all []*Socket) {
	for _, kind := range []Kind{Router, XPub, Rep} {
		s, err := Listen(kind, "tcp://127.0.0.1:0", Options{MaxMessage: 1 << 20, HandshakeTimeout: time.Second, Linger: -1})
		if err != nil {
			f.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				m, err := s.Recv()
				if err != nil {
					return
				}
				s.Send(m) // the peer may have left
			}
		}()
		f.Cleanup(func() { s.Close(); <-done })
		all = append(all, s)
	}
	return slices.Clip(all)
}
