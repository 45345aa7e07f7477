package worker

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// text gathers what is written to the streams, so that many small writes make
// few calls, and keeps characters whole.
type text struct {
	stream func(cell int, stream string, text []byte)

	of   source
	buf  []byte
	half map[source][]byte // the first bytes of characters whose rest has not come
}

// source is where text comes from.
type source struct {
	cell   int
	stream string
}

// batch is how much text is handed on at once.
const batch = 128 << 10

func (t *text) add(cell int, stream string, b []byte) {
	s := source{cell, stream}
	if s != t.of {
		t.flush()
		t.of = s
	}
	if len(t.buf) == 0 {
		t.buf = append(t.buf, t.half[s]...)
		delete(t.half, s)
	}
	t.buf = append(t.buf, b...)
	if len(t.buf) >= batch {
		t.flush()
	}
}

// flush hands on what has been gathered, but for a character at its end that
// is not complete.
func (t *text) flush() {
	if len(t.buf) == 0 {
		return
	}
	whole := len(t.buf) - incomplete(t.buf)
	if rest := t.buf[whole:]; len(rest) > 0 {
		if t.half == nil {
			t.half = map[source][]byte{}
		}
		t.half[t.of] = append([]byte(nil), rest...)
	}
	if whole > 0 {
		t.stream(t.of.cell, t.of.stream, t.buf[:whole])
	}
	t.buf = t.buf[:0]
}

// flushAll hands on everything: nothing more comes.
func (t *text) flushAll() {
	t.flush()
	for s, b := range t.half {
		t.stream(s.cell, s.stream, b)
		delete(t.half, s)
	}
}

// incomplete is how many bytes at the end of b begin a character.
func incomplete(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// tail keeps what a process says when it dies: the text from the line on that
// says why, and the end of all, which a traceback of all goroutines brings far
// apart.
type tail struct {
	cause string // the line that says why, empty if there was none
	head  []byte // from there on, or from what the runtime explains before it
	end   []byte // of everything
	line  []byte // what has come of a line
	seen  int    // bytes since head began
}

// tailSize is how much is kept of either.
const tailSize = 4 << 10

// causes begin the lines by which Go programs say why they end.
var causes = [...]string{"fatal error: ", "panic: ", "SIG"}

// explained begins what the runtime may say before such a line.
var explained = [...]string{"runtime: ", "unexpected fault address "}

func (t *tail) add(b []byte) {
	t.end = append(t.end, b...)
	if over := len(t.end) - tailSize; over > 0 {
		t.end = append(t.end[:0], t.end[over:]...)
	}
	for line := range bytes.Lines(b) {
		if room := tailSize - len(t.line); room > 0 {
			t.line = append(t.line, line[:min(room, len(line))]...)
		}
		if line[len(line)-1] == '\n' {
			t.whole(t.line)
			t.line = t.line[:0]
		}
	}
}

// whole takes a line. What follows the last cause is kept: an earlier one may
// have been another program's.
func (t *tail) whole(line []byte) {
	cause := begins(line, causes[:])
	if (cause || begins(line, explained[:])) && (t.head == nil || t.seen > tailSize) {
		t.head, t.seen = []byte{}, 0
	}
	if cause {
		t.cause = string(bytes.TrimSpace(line))
	}
	if t.head == nil {
		return
	}
	t.seen += len(line)
	if room := tailSize - len(t.head); room > 0 {
		t.head = append(t.head, line[:min(room, len(line))]...)
	}
}

func begins(line []byte, with []string) bool {
	for _, w := range with {
		if bytes.HasPrefix(line, []byte(w)) {
			return true
		}
	}
	return false
}

// text is the head and the end, what lies between them counted.
func (t *tail) text() string {
	t.whole(t.line)
	t.line = nil
	between := t.seen - len(t.head) - len(t.end)
	switch {
	case t.head == nil || t.seen <= len(t.end):
		return string(t.end)
	case between <= 0: // they overlap
		return string(t.head) + string(t.end[-between:])
	}
	return fmt.Sprintf("%s\n... %d bytes are left out ...\n%s", t.head, between, t.end)
}
