package zmq_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

func TestEndpointsRefused(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for endpoint, want := range map[string]string{
		"":                       "want tcp://",
		"127.0.0.1:0":            "want tcp://",
		"udp://127.0.0.1:0":      "want tcp://",
		"tcp://127.0.0.1":        "no port",
		"tcp://127.0.0.1:x":      "port",
		"tcp://127.0.0.1:99999":  "port",
		"ipc://":                 "no path",
		"ipc://" + file:          "not a socket",
		"ipc://" + dir:           "not a socket",
		"ipc://" + dir + "/no/x": "no such file",
		"ipc://" + file + "/x":   "not a directory",
		"ipc://" + longPath(dir): "longer than",
	} {
		s, err := zmq.Listen(zmq.Router, endpoint, zmq.Options{})
		if err == nil {
			s.Close()
			t.Errorf("listen on %q: no error", endpoint)
		} else if !strings.HasPrefix(err.Error(), "listen on "+endpoint+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("listen on %q: %v", endpoint, err)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "precious" {
		t.Errorf("file has %q, %v", b, err)
	}
	if _, err := zmq.Listen("PUSH", "tcp://127.0.0.1:0", zmq.Options{}); err == nil {
		t.Error("listen as PUSH: no error")
	}
}

func longPath(dir string) string { return filepath.Join(dir, strings.Repeat("x", 100)) }

func TestTCPEndpoints(t *testing.T) {
	for _, endpoint := range []string{"tcp://127.0.0.1:0", "tcp://localhost:0", "tcp://*:0", "tcp://0.0.0.0:0", "tcp://::1:0", "tcp://[::1]:0"} {
		s, err := zmq.Listen(zmq.Router, endpoint, zmq.Options{Linger: -1})
		if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) {
			t.Logf("no IPv6 here: %v", err)
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if a := s.Addr().(*net.TCPAddr); a.Port == 0 {
			t.Errorf("%s: bound to %v", endpoint, a)
		}
		echoes(t, s, connect(t, s, "DEALER", ""))
		s.Close()
	}
}

func TestTCPPortInUse(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	if _, err := zmq.Listen(zmq.Router, endpoint(s), zmq.Options{}); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("got %v", err)
	}
}

func TestIPCFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	s, err := zmq.Listen(zmq.Router, "ipc://"+path, zmq.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if m := info.Mode(); m != fs.ModeSocket|0o600 {
		t.Errorf("mode %v", m)
	}
	if _, err := zmq.Listen(zmq.Router, "ipc://"+path, zmq.Options{}); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("listen twice: %v", err)
	}
	c := connect(t, s, "DEALER", "")
	echoes(t, s, c)
	c.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after close: %v", err)
	}
}

func TestStaleIPCFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	s, err := zmq.Listen(zmq.Router, "ipc://"+path, zmq.Options{Linger: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	echoes(t, s, connect(t, s, "DEALER", ""))
}

func TestListenerThatIsOpen(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := zmq.Listen(zmq.Router, "tcp://"+l.Addr().String(), zmq.Options{Listener: l})
	if err != nil {
		t.Fatal(err)
	}
	echoes(t, s, connect(t, s, "DEALER", ""))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if c, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after close: %v, %v", c, err)
	}
}
