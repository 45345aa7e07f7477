package kernel

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// flood counts what a stream of a cell has shown.
type flood struct {
	shown int    // bytes since the output was cleared
	full  bool   // nothing more is shown
	spill *spill // takes what is over the limit; nil until then
}

// split returns the part of text that may be shown and the rest. It cuts behind
// a line where it can. Once there is a rest, nothing more is shown.
func (f *flood) split(text []byte, limit int) (head, rest []byte) {
	if f.full {
		return nil, text
	}
	room := limit - f.shown
	if len(text) <= room {
		f.shown += len(text)
		return text, nil
	}
	cut := bytes.LastIndexByte(text[:room], '\n') + 1
	if cut == 0 {
		cut = wholeRunes(text[:room])
	}
	return text[:cut], text[cut:]
}

// clear forgets what was shown.
func (f *flood) clear() { f.shown, f.full = 0, false }

// spills makes the files for overlong output, in a folder of the session.
type spills struct {
	parent string
	limit  int64 // bytes of a file

	once sync.Once
	dir  string
	err  error
}

// spill is one such file. It is opened for each batch only, or cells that flood
// would use up the file descriptors of the kernel.
type spill struct {
	path  string
	limit int64
	size  int64 // bytes written
	lines int64
	lost  int64 // bytes over the limit
	err   error // nothing can be written
}

func (s *spills) open(cell int, name engine.Stream) *spill {
	s.once.Do(func() { s.dir, s.err = os.MkdirTemp(s.parent, "interleave-") })
	return &spill{
		path:  filepath.Join(s.dir, fmt.Sprintf("cell-%d-%s.txt", cell, name)),
		limit: s.limit,
		err:   s.err,
	}
}

// write appends text. Errors are told by summary.
func (s *spill) write(text []byte) {
	if s.err == nil && s.size < s.limit {
		n, err := appendFile(s.path, text[:min(int64(len(text)), s.limit-s.size)])
		s.size += int64(n)
		s.lines += int64(bytes.Count(text[:n], []byte("\n")))
		s.err = err
		text = text[n:]
	}
	s.lost += int64(len(text))
}

func appendFile(path string, text []byte) (int, error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := f.Write(text)
	if e := f.Close(); err == nil {
		err = e
	}
	return n, err
}

// notice is shown where the output is cut.
func (s *spill) notice(shown int) string {
	if s.err != nil {
		return fmt.Sprintf("[output over %s is lost: %v]\n", size(int64(shown)), s.err)
	}
	return fmt.Sprintf("[output over %s goes to %s]\n", size(int64(shown)), s.path)
}

// summary is the last thing a flooded stream of a cell shows.
func (s *spill) summary() string {
	var b strings.Builder
	if s.size > 0 {
		fmt.Fprintf(&b, "[%s more, %d lines, in %s]\n", size(s.size), s.lines, s.path)
	}
	if s.lost > 0 {
		fmt.Fprintf(&b, "[%s more are lost: %s]\n", size(s.lost), s.reason())
	}
	return b.String()
}

func (s *spill) reason() string {
	if s.err != nil {
		return s.err.Error()
	}
	return "the file is full at " + size(s.limit)
}

// size writes bytes as a person does.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f kB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
