package worker

import (
	"bytes"
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

// tail keeps the end of what was written, and the line that says what killed
// the process, which a traceback of all goroutines may leave far behind.
type tail struct {
	b     []byte
	cause string
}

const tailSize = 4 << 10

// causes begin the lines by which Go programs say why they end.
var causes = [][]byte{[]byte("fatal error: "), []byte("panic: "), []byte("SIG")}

func (t *tail) add(b []byte) {
	t.b = append(t.b, b...)
	for line := range bytes.Lines(t.b) {
		for _, c := range causes {
			if bytes.HasPrefix(line, c) {
				t.cause = string(bytes.TrimSpace(line))
			}
		}
	}
	if over := len(t.b) - tailSize; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
}
