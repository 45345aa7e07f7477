package child

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// stack is what the text of runtime.Stack says of a goroutine.
type stack struct {
	number    int64
	state     string // "running", "chan receive", ...
	frames    []wire.Frame
	more      bool
	createdBy wire.Frame
}

// waits: the goroutine does nothing until something else happens.
func (s stack) waits() bool {
	switch s.state {
	case "running", "runnable", "preempted", "copystack", "idle", "":
		return false
	}
	return true
}

// goroutine is the number of the calling goroutine.
func goroutine() int64 {
	if id, _ := rt.Goroutine(); id != 0 {
		return id
	}
	var buf [64]byte
	return parseStack(buf[:runtime.Stack(buf[:], false)]).number
}

// findStack finds goroutine n in the stacks of all. The last one is not
// trusted when the text was cut.
func findStack(text []byte, n int64, cut bool) (stack, bool) {
	head := fmt.Appendf(nil, "goroutine %d ", n)
	for len(text) > 0 {
		one, rest, whole := bytes.Cut(text, []byte("\n\n"))
		if bytes.HasPrefix(one, head) && (whole || !cut) {
			return parseStack(one), true
		}
		text = rest
	}
	return stack{}, false
}

// parseStack reads the text of one goroutine:
//
//	goroutine 7 [chan receive, 2 minutes]:
//	main.f(0xc000012345)
//		cell[3]:4 +0x1d
//	created by main.g in goroutine 1
//		cell[3]:9 +0x25
func parseStack(text []byte) stack {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	s := stack{}
	s.header(lines[0])
	for i := 1; i < len(lines); i++ {
		name := lines[i]
		if strings.HasPrefix(name, "...") {
			s.more = true
			continue
		}
		if i+1 == len(lines) || !strings.HasPrefix(lines[i+1], "\t") {
			continue
		}
		i++
		if by, ok := strings.CutPrefix(name, "created by "); ok {
			by, _, _ = strings.Cut(by, " in goroutine ")
			s.createdBy = frame(by, lines[i])
			continue
		}
		if j := strings.LastIndexByte(name, '('); j > 0 {
			name = name[:j]
		}
		s.frames = append(s.frames, frame(name, lines[i]))
	}
	return s
}

func (s *stack) header(line string) {
	number, rest, _ := strings.Cut(strings.TrimPrefix(line, "goroutine "), " ")
	s.number, _ = strconv.ParseInt(number, 10, 64)
	if _, rest, ok := strings.Cut(rest, "["); ok {
		s.state, _, _ = strings.Cut(rest, "]")
		s.state, _, _ = strings.Cut(s.state, ",")
		s.state = strings.TrimSuffix(s.state, " (scan)")
	}
}

// frame reads the second line of a frame: a tab, file:line, an offset.
func frame(function, place string) wire.Frame {
	place = strings.TrimSpace(place)
	if i := strings.LastIndex(place, " +0x"); i >= 0 {
		place = place[:i]
	}
	file, line := place, 0
	if i := strings.LastIndexByte(place, ':'); i >= 0 {
		if n, err := strconv.Atoi(place[i+1:]); err == nil {
			file, line = place[:i], n
		}
	}
	return wire.NewFrame(function, file, line)
}
