package yaegi

import (
	"bytes"
	"os"
	"regexp"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// standard is a standard stream of interpreted code: a pipe, as code may ask
// for a file.
type standard struct {
	child *child
	name  engine.Stream
	w     *os.File

	flushing sync.Mutex
	seen     chan struct{} // the mark has come out at the other end
}

// mark is what flush writes: nothing that a program would.
var mark = []byte("\x00\x01interleave flush\x01\x00")

// frame is a line by which the interpreter tells on standard error of a
// function that a panic goes through. It is kept, not shown.
var frame = regexp.MustCompile(`(?m)^(?:_\.go:)?(\d+:\d+): panic: \S+\n`)

func (c *child) open(name engine.Stream) (*standard, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s := &standard{child: c, name: name, w: w, seen: make(chan struct{})}
	go s.read(r)
	return s, nil
}

func (s *standard) read(r *os.File) {
	buf := make([]byte, 64<<10)
	held := 0 // the beginning of a mark, perhaps
	for {
		n, err := r.Read(buf[held:])
		if err != nil {
			return
		}
		text := buf[:held+n]
		for {
			before, after, found := bytes.Cut(text, mark)
			if !found {
				break
			}
			s.pass(before)
			s.seen <- struct{}{}
			text = after
		}
		keep := beginning(text)
		s.pass(text[:len(text)-keep])
		held = copy(buf, text[len(text)-keep:])
	}
}

// beginning is how many bytes at the end of text may begin a mark.
func beginning(text []byte) int {
	for n := min(len(mark)-1, len(text)); n > 0; n-- {
		if bytes.HasSuffix(text, mark[:n]) {
			return n
		}
	}
	return 0
}

func (s *standard) pass(text []byte) {
	if s.name == engine.Stderr {
		text = s.child.keepFrames(text)
	}
	if len(text) > 0 {
		s.child.send(reply{Stream: &stream{string(s.name), string(text)}})
	}
}

// keepFrames takes the lines about a panic out of the text.
func (c *child) keepFrames(text []byte) []byte {
	for _, m := range frame.FindAllSubmatch(text, -1) {
		c.mu.Lock()
		c.frames = append(c.frames, string(m[1]))
		c.mu.Unlock()
	}
	return frame.ReplaceAll(text, nil)
}

// flush returns when all that was written has been passed on.
func (c *child) flush() {
	for _, s := range []*standard{c.stdout, c.stderr} {
		s.flushing.Lock()
		if _, err := s.w.Write(mark); err == nil {
			<-s.seen
		}
		s.flushing.Unlock()
	}
}
