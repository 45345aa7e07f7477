// Package supervise runs servers that end with this process, however that
// ends, and whose folder goes with them.
package supervise

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Command is a server to run.
type Command struct {
	Name   string // for errors, as in "redis-server"
	Args   []string
	Env    []string // added to that of this process
	Dir    string   // of its data; removed when the server has ended
	Signal string   // that ends it well, as in "TERM"; several are sent one after the other
	User   *User    // nil: the one of this process
	Ready  func(ctx context.Context) error
}

// User is another user of the system.
type User struct{ UID, GID uint32 }

// startLimit is how long a server may take until it is ready.
const startLimit = time.Minute

// Server is a server that runs.
type Server struct {
	cmd  *exec.Cmd
	dir  string
	hold io.Closer // its end tells the watcher to end the server
	log  tail
	done chan struct{}
	err  error // after done

	once sync.Once
}

// script runs a server and ends it when descriptor 3 does, which is held open
// by our process alone. It gets: the folder, the signal, and the command.
const script = `dir=$1 signal=$2; shift 2
"$@" 3<&- </dev/null & server=$!
(
	read -r end <&3
	for s in $signal; do kill -"$s" $server 2>/dev/null; done
	n=0
	while [ $n -lt 50 ] && kill -0 $server 2>/dev/null; do sleep 0.1; n=$((n+1)); done
	kill -KILL $server 2>/dev/null
) & watcher=$!
wait $server; code=$?
kill $watcher 2>/dev/null
rm -rf "$dir" || { sleep 1; rm -rf "$dir"; } # something may still have been writing
exit $code`

// Start starts a server and waits until it is ready.
func Start(ctx context.Context, c Command) (*Server, error) {
	theirs, hold, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	defer theirs.Close()
	s := &Server{dir: c.Dir, hold: hold, done: make(chan struct{})}
	s.cmd = exec.Command("/bin/sh", append([]string{"-c", script, "sh", c.Dir, c.Signal}, c.Args...)...)
	s.cmd.Env = append(os.Environ(), c.Env...)
	s.cmd.Dir = c.Dir
	s.cmd.ExtraFiles = []*os.File{theirs}
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	s.cmd.WaitDelay = 5 * time.Second
	separate(s.cmd, c.User)
	if err := s.cmd.Start(); err != nil {
		hold.Close()
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	go func() {
		s.err = s.cmd.Wait()
		close(s.done)
	}()
	if err := s.ready(ctx, c); err != nil {
		s.Stop()
		return nil, fmt.Errorf("start %s: %w%s", c.Name, err, s.log.last())
	}
	return s, nil
}

func (s *Server) ready(ctx context.Context, c Command) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := c.Ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return fmt.Errorf("it ended at once (%v)", s.err)
		case <-ctx.Done():
			return fmt.Errorf("it is not ready: %w", errors.Join(context.Cause(ctx), err))
		case <-tick.C:
		}
	}
}

// Stop ends the server and waits until it and its folder are gone.
func (s *Server) Stop() {
	s.once.Do(func() { s.hold.Close() })
	<-s.done
	os.RemoveAll(s.dir) // where the user of the server may empty it but not remove it
}

// Done is closed when the server has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// tail keeps the last lines that a server has written.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailSize = 8 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	if n := len(t.b) - tailSize; n > 0 {
		t.b = append(t.b[:0], t.b[n:]...)
	}
	return len(b), nil
}

// last is what was written, for an error message; empty when it is nothing.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(string(bytes.ToValidUTF8(t.b, nil)))
	if text == "" {
		return ""
	}
	return "; it said:\n" + text
}

// Port is a port of 127.0.0.1 that is free now.
func Port() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Accepts reports whether something listens on a port of 127.0.0.1.
func Accepts(ctx context.Context, port int) error {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	return c.Close()
}

// Folder makes a folder that the user, if it is another, may use.
func Folder(name string, u *User) (string, error) {
	dir, err := os.MkdirTemp("", "interleave-"+name+"-")
	if err != nil || u == nil {
		return dir, err
	}
	if err := os.Chown(dir, int(u.UID), int(u.GID)); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}
