package kernel

import (
	"unicode/utf8"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// text is what a cell has written and nobody has been shown yet, in order and
// in whole characters.
type text struct {
	segments []segment
	size     int // bytes in segments
	// rest is the beginning of a character whose end has not come yet: the
	// worker's pipes cut anywhere.
	rest map[engine.Stream]string
}

// segment is text on one stream.
type segment struct {
	stream engine.Stream
	text   []byte
}

// maxSegments bounds how often text may change between the streams before it is
// shown. A cell that changes more often would make a message of every line; it
// keeps the order of each stream, but no longer that between them.
const maxSegments = 64

// add appends s.
func (t *text) add(name engine.Stream, s string) {
	s = t.rest[name] + s
	n := wholeRunes(s)
	if t.rest == nil {
		t.rest = make(map[engine.Stream]string)
	}
	t.rest[name] = s[n:]
	t.put(name, s[:n])
}

// put appends s as it is.
func (t *text) put(name engine.Stream, s string) {
	if s == "" {
		return
	}
	at := t.segment(name)
	t.segments[at].text = append(t.segments[at].text, s...)
	t.size += len(s)
}

// segment returns the index of the segment that takes more text of a stream.
func (t *text) segment(name engine.Stream) int {
	at := len(t.segments) - 1
	if at >= 0 && len(t.segments) >= maxSegments {
		for i := at; i >= 0; i-- {
			if t.segments[i].stream == name {
				return i
			}
		}
	}
	if at < 0 || t.segments[at].stream != name {
		t.segments = append(t.segments, segment{stream: name})
		at++
	}
	return at
}

// take returns what can be shown and forgets it.
func (t *text) take() []segment {
	taken := t.segments
	t.segments, t.size = nil, 0
	return taken
}

// takeAll is take with characters that are not complete: nothing more of them
// is waited for.
func (t *text) takeAll() []segment {
	for _, name := range []engine.Stream{engine.Stdout, engine.Stderr} {
		t.put(name, t.rest[name])
		delete(t.rest, name)
	}
	return t.take()
}

// wholeRunes returns the length of s without the beginning of a character at
// its end.
func wholeRunes[T string | []byte](s T) int {
	for back := 1; back <= min(utf8.UTFMax-1, len(s)); back++ {
		at := len(s) - back
		if !utf8.RuneStart(s[at]) {
			continue
		}
		if !utf8.FullRuneInString(string(s[at:])) {
			return at
		}
		break
	}
	return len(s)
}
