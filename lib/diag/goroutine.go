package diag

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Goroutine is one goroutine as a dump of all stacks shows it.
type Goroutine struct {
	ID        uint64
	State     string        // as in "chan receive", "sync.Mutex.Lock", "running"
	Waited    time.Duration // in that state, in whole minutes; 0 when it is less than one
	Func      string        // the innermost function outside of the standard library, or else Created
	Where     string        // its place, as in "/home/me/main.go:12"
	Created   string        // the function with the go statement that started it
	CreatedAt string        // the place of that statement
	Parent    uint64        // the goroutine that executed it, 0 when not known
	Leaked    bool          // the runtime has found that it can never go on; see Leaks
	Bubble    int           // of testing/synctest that it runs in; 0 for none
	Durable   bool          // in a bubble: only others of the bubble can wake it
	Stack     string        // as the runtime prints it

	frames []frame // innermost first
}

// frame is one call on a stack.
type frame struct {
	function string
	args     []uint64 // words of the arguments, as far as they are printed
	place    string
}

// String is one line.
func (g Goroutine) String() string {
	return fmt.Sprintf("goroutine %d: %s in %s (%s)", g.ID, g.State, g.Func, g.Where)
}

// Goroutines are all goroutines of this process that belong to the program:
// without those of the runtime and of the notebook's own worker. The world
// stops while they are listed, for about 10 µs for each.
func Goroutines() []Goroutine {
	all := snapshot()
	kept := all[:0]
	for _, g := range all {
		if !g.foreign() {
			kept = append(kept, g)
		}
	}
	return kept
}

func snapshot() []Goroutine {
	buf := make([]byte, 256<<10)
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < 256<<20 {
		buf = make([]byte, 4*n)
		n = runtime.Stack(buf, true)
	}
	return parseDump(string(buf[:n]))
}

// current is the number of the calling goroutine. It takes about 1 µs.
func current() uint64 {
	var buf [64]byte
	id, _, _ := header(string(buf[:runtime.Stack(buf[:], false)]))
	return id
}

// parseDump reads what runtime.Stack writes. Text that is not understood is
// left out.
func parseDump(text string) []Goroutine {
	var all []Goroutine
	for _, block := range strings.Split(text, "\n\n") {
		if g, ok := parseGoroutine(strings.TrimSpace(block)); ok {
			all = append(all, g)
		}
	}
	return all
}

func parseGoroutine(block string) (Goroutine, bool) {
	lines := strings.Split(block, "\n")
	id, state, ok := header(lines[0])
	if !ok {
		return Goroutine{}, false
	}
	g := Goroutine{ID: id, Stack: block}
	g.state(state)
	for i := 1; i+1 < len(lines); i += 2 {
		if lines[i] == "" || strings.HasPrefix(lines[i], "...") {
			i-- // frames were left out here
			continue
		}
		place := placeOf(lines[i+1])
		if created, ok := strings.CutPrefix(lines[i], "created by "); ok {
			g.created(created, place)
			continue
		}
		g.frames = append(g.frames, parseFrame(lines[i], place))
	}
	for _, f := range g.frames {
		if !ofSync(f.function) || g.Func == "" {
			g.Func, g.Where = named(f.function, f.place), f.place
			if !ofSync(f.function) {
				return g, true
			}
		}
	}
	if g.Created != "" && !library(g.Created) { // as in go m.Lock()
		g.Func, g.Where = g.Created, g.CreatedAt
	}
	return g, true
}

// header reads "goroutine 7 [chan receive, 2 minutes]:".
func header(line string) (id uint64, state string, ok bool) {
	rest, ok := strings.CutPrefix(line, "goroutine ")
	if !ok {
		return 0, "", false
	}
	number, rest, _ := strings.Cut(rest, " ")
	id, err := strconv.ParseUint(number, 10, 64)
	_, rest, found := strings.Cut(rest, "[")
	state, _, _ = strings.Cut(rest, "]")
	return id, state, err == nil && found
}

// state reads what stands between the brackets.
func (g *Goroutine) state(text string) {
	parts := strings.Split(text, ", ")
	g.State, g.Durable = strings.CutSuffix(parts[0], " (durable)")
	if s, ok := strings.CutSuffix(g.State, " (leaked)"); ok {
		g.State, g.Leaked = s, true
	}
	for _, p := range parts[1:] {
		if bubble, ok := strings.CutPrefix(p, "synctest bubble "); ok {
			g.Bubble, _ = strconv.Atoi(bubble)
		}
		if minutes, ok := strings.CutSuffix(p, " minutes"); ok {
			n, _ := strconv.Atoi(minutes)
			g.Waited = time.Duration(n) * time.Minute
		}
	}
}

func (g *Goroutine) created(text, place string) {
	g.Created, text, _ = strings.Cut(text, " in goroutine ")
	g.Parent, _ = strconv.ParseUint(text, 10, 64)
	g.Created, g.CreatedAt = named(g.Created, place), place
}

// placeOf is the place in a line like "\t/home/me/main.go:12 +0x1d".
func placeOf(line string) string {
	place, _, _ := strings.Cut(strings.TrimSpace(line), " +0x")
	return place
}

// parseFrame reads a line like "main.transfer(0xc000012345?, {0x1, 0x2}, ...)".
func parseFrame(line, place string) frame {
	open := strings.LastIndex(line, "(")
	if open < 0 {
		return frame{function: line, place: place}
	}
	f := frame{function: line[:open], place: place}
	for _, word := range strings.FieldsFunc(line[open:], func(r rune) bool { return strings.ContainsRune("(){}, ?", r) }) {
		if hex, ok := strings.CutPrefix(word, "0x"); ok {
			if n, err := strconv.ParseUint(hex, 16, 64); err == nil {
				f.args = append(f.args, n)
			}
		}
	}
	return f
}

// library reports whether a function is of the standard library: the first
// element of its package's path has no dot, and it is not main.
func library(function string) bool {
	first, _, slash := strings.Cut(function, "/")
	if slash {
		return !strings.Contains(first, ".")
	}
	pkg, _, _ := strings.Cut(function, ".")
	return pkg != "main"
}

// foreign reports whether a goroutine is not the program's: one of the runtime,
// or one that serves the notebook and has nothing of its author on its stack.
func (g Goroutine) foreign() bool {
	if strings.HasPrefix(g.Created, "runtime.") || strings.HasPrefix(g.Created, "runtime/trace.") {
		return true
	}
	serves := strings.HasPrefix(g.Created, kernel)
	for _, f := range g.frames {
		switch {
		case strings.HasPrefix(f.function, kernel):
			serves = serves || g.Created == ""
		case !library(f.function) && f.function != "main.main":
			return false
		}
	}
	return serves
}

const kernel = "github.com/interleave-lab/interleave/kernel/"

// named is a function as a person knows it: one that the kernel of a notebook
// has named is its place, as in "cell[7]:3".
func named(function, place string) string {
	if strings.Contains(function, "ʹ") {
		return place[strings.LastIndex(place, "/")+1:]
	}
	return function
}
