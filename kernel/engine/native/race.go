package native

import (
	"cmp"
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// SetRace turns the race detector on or off: what was declared stays declared,
// in a new worker that is built for it. Values and goroutines are lost, as the
// notice says which it returns; it is empty when nothing changed.
func (e *Engine) SetRace(ctx context.Context, on bool, progress func(string)) (notice string, err error) {
	e.run.Lock()
	defer e.run.Unlock()
	return e.setRace(ctx, on, progress)
}

// setRace is SetRace for a magic: the cell runs already.
func (e *Engine) setRace(ctx context.Context, on bool, progress func(string)) (notice string, err error) {
	if e.cfg.Race == on {
		return "", nil
	}
	cfg := e.cfg
	cfg.Race = on
	tools, err := openTools(ctx, cfg, progress)
	if err != nil {
		return "", err
	}
	lost, err := e.move(ctx, tools, cfg)
	if err != nil {
		return "", errors.Join(err, tools.Close())
	}
	if old := e.tools.Swap(tools); old != nil {
		err = old.Close()
	}
	notice = map[bool]string{true: "Cells run with the race detector now.", false: "Cells run without the race detector now."}[on]
	if len(lost) > 0 {
		notice += " Variables that are zero again: " + strings.Join(lost, ", ") + ". Run the cells that set them."
	}
	return notice, err
}

// move puts a session with other tools in place of the live one and says which
// variables have lost their values. Nothing has changed when it fails.
func (e *Engine) move(ctx context.Context, tools *toolchain.Toolchain, cfg Config) (lost []string, err error) {
	old := e.live()
	if old == nil {
		e.cfg = cfg
		return nil, nil
	}
	dir, err := newFolder()
	if err != nil {
		return nil, err
	}
	e.build.Lock() // a cell beside may be about to be committed
	defer e.build.Unlock()
	fresh, err := start(ctx, tools, dir, old.known, cfg, &e.outputs)
	if err != nil {
		old.known.link.Store(old.link)
		return nil, errors.Join(err, dir.remove())
	}
	lost = old.forget()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errors.Join(ErrClosed, fresh.close())
	}
	e.cfg, e.sess = cfg, fresh
	defer e.outputs.hangUp()
	return lost, old.close()
}

// raceEnv is the environment of a worker with the race detector: it is not to
// linger when it ends, unless the author says so.
func raceEnv(env []string) []string {
	if env == nil {
		env = os.Environ()
	}
	options := "atexit_sleep_ms=0"
	for _, kv := range env {
		if rest, ok := strings.CutPrefix(kv, "GORACE="); ok {
			options += " " + rest
		}
	}
	return append(slices.Clip(env), "GORACE="+options)
}

// races are outputs of a session with the race detector. It writes to the
// descriptor behind standard error, as C code does, line by line; its reports
// go to the cells whose goroutines they are about, in the form of our other
// errors.
type races struct {
	*outputs

	mu     sync.Mutex // guards what follows
	state  raceState
	found  int    // reports so far
	cell   int    // where the line is held that may begin a report
	half   string // a line whose end has not come, where it may be of a report
	report []string
	late   *time.Timer
}

type raceState int

const (
	noRace    raceState = iota
	maybeRace           // after the line that begins a report, and other things perhaps
	inRace              // in a report
)

const (
	raceLine  = "==================\n"
	raceTitle = "WARNING: DATA RACE\n"
	// raceMark is liveRaceMark of the overlay: it stands before the cell's number.
	raceMark = "\x01"
	// raceWait is how long a line is held that may begin a report, and a report
	// whose end does not come. It is written in one go.
	raceWait = time.Second
)

// Stream takes reports out of what is written to standard error.
func (r *races) Stream(cell int, stream string, text []byte) {
	if stream != string(engine.Stderr) {
		r.outputs.Stream(cell, stream, text)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var rest strings.Builder
	all := r.half + string(text)
	r.half = ""
	for line := range strings.Lines(all) {
		if !strings.HasSuffix(line, "\n") && (r.state != noRace || strings.HasPrefix(raceLine, line)) {
			r.cell, r.half = cell, line
			break
		}
		r.line(cell, line, &rest)
	}
	r.flush(cell, &rest)
	if r.late != nil {
		r.late.Stop()
		r.late = nil
	}
	if r.state != noRace || r.half != "" {
		r.late = time.AfterFunc(raceWait, r.giveUp)
	}
}

// line takes a line that belongs to a report and adds others to rest; what
// goroutines write meanwhile may come between.
func (r *races) line(cell int, line string, rest *strings.Builder) {
	switch {
	case r.state == noRace && line == raceLine:
		r.state, r.cell = maybeRace, cell
	case r.state == noRace:
		rest.WriteString(line)
	case r.state == maybeRace && line == raceTitle:
		r.state, r.report = inRace, nil
		r.found++
	case r.state == maybeRace:
		r.flush(cell, rest)
		r.end()
		r.line(cell, line, rest)
	case line == raceLine:
		r.flush(cell, rest)
		r.end()
	case raceSyntax.MatchString(line):
		r.report = append(r.report, line)
	default:
		rest.WriteString(line)
	}
}

// raceSyntax are the lines of a report.
var raceSyntax = regexp.MustCompile(`^(\n|(Read|Write|Previous|Atomic|Goroutine|Race) .*:?\n|  \S.*\(.*\)\n|      \S.* \+0x[0-9a-f]+\n|  \[.*\]\n)$`)

// flush hands on text that is none of a report.
func (r *races) flush(cell int, text *strings.Builder) {
	if text.Len() > 0 {
		r.outputs.Stream(cell, string(engine.Stderr), []byte(text.String()))
		text.Reset()
	}
}

// end hands on what is held.
func (r *races) end() {
	switch r.state {
	case maybeRace:
		r.outputs.Stream(r.cell, string(engine.Stderr), []byte(raceLine))
	case inRace:
		cell, text := raceText(r.report, r.sources)
		r.outputs.Stream(cmp.Or(cell, r.cell), string(engine.Stderr), []byte(text))
	}
	r.state, r.report = noRace, nil
}

// none says whether no race was reported.
func (r *races) none() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.found == 0
}

// giveUp does not wait any longer for what is missing.
func (r *races) giveUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end()
	if r.half != "" {
		r.outputs.Stream(r.cell, string(engine.Stderr), []byte(r.half))
		r.half = ""
	}
}

// raceStack is a part of a report: what a goroutine did, or where it began.
type raceStack struct {
	title  string // "Previous write by goroutine 7"
	frames []worker.Frame
}

// raceText makes a report readable: where in the cells, and what stands there.
// It says whose goroutine found the race, 0 when that is none of a cell's.
func raceText(report []string, src *sources) (cell int, text string) {
	stacks, cell := raceStacks(report)
	var b strings.Builder
	b.WriteString(red + "data race" + plain + "\n")
	for _, s := range stacks {
		frames := s.shown()
		if len(frames) == 0 {
			continue
		}
		b.WriteString(s.title + "\n")
		for _, line := range frameLines(frames, src) {
			b.WriteString(line + "\n")
		}
	}
	return cell, b.String()
}

// shown are the author's frames; of a stack without any, where it is in the
// library. Of goroutines it is the author's line that started them, if there is
// one: a cell itself has none.
func (s raceStack) shown() []worker.Frame {
	var own, library []worker.Frame
	for _, f := range s.frames {
		switch f.Kind {
		case worker.Author:
			own = append(own, f)
		case worker.Library:
			library = append(library, f)
		}
	}
	switch {
	case strings.HasPrefix(s.title, "Goroutine "):
		return own[:min(1, len(own))]
	case len(own) == 0:
		return library[:min(1, len(library))]
	}
	return own
}

// raceStacks reads a report: titles, each with pairs of lines, a function and
// its place.
func raceStacks(report []string) (stacks []raceStack, cell int) {
	function := ""
	for _, line := range report {
		text := strings.TrimSpace(line)
		switch indent := len(line) - len(strings.TrimLeft(line, " ")); {
		case text == "":
		case indent == 0:
			stacks = append(stacks, raceStack{title: raceAddress.ReplaceAllString(strings.TrimSuffix(text, ":"), "")})
		case indent == 2:
			name, mark, _ := strings.Cut(strings.TrimSuffix(text, "()"), raceMark)
			if n, err := strconv.Atoi(mark); err == nil && cell == 0 {
				cell = n
			}
			function = name
		case len(stacks) > 0:
			s := &stacks[len(stacks)-1]
			s.frames = append(s.frames, raceFrame(function, text))
		}
	}
	return stacks, cell
}

// raceAddress says nothing to a reader.
var raceAddress = regexp.MustCompile(` at 0x[0-9a-f]+`)

// raceFrame reads "FILE:LINE +0xOFFSET".
func raceFrame(function, place string) worker.Frame {
	place, _, _ = strings.Cut(place, " +0x")
	f := worker.Frame{Func: function, File: place, Kind: worker.Library}
	if at := strings.LastIndexByte(place, ':'); at >= 0 {
		f.File = place[:at]
		f.Line, _ = strconv.Atoi(place[at+1:])
	}
	if _, ok := f.Cell(); ok {
		f.Kind = worker.Author
	} else if strings.HasPrefix(function, "runtime.") || strings.Contains(function, "/kernel/worker/") {
		f.Kind = worker.Internal
	}
	return f
}
