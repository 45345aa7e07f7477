package child

import (
	"fmt"
	"reflect"
	"runtime"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/display"
)

// most frames in a report
const maxFrames = 100

// panicReport describes a panic whose frames are still on the calling
// goroutine's stack.
func panicReport(v any) wire.Report {
	frames, more := callers()
	return wire.Report{Kind: wire.Panic, Value: panicText(v), TypeName: fmt.Sprintf("%T", v), Frames: frames, More: more}
}

// panicText is what Go prints after "panic: ", but for values which it prints
// as addresses.
func panicText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case error, fmt.Stringer:
		return display.Plain(v)
	}
	if t := reflect.TypeOf(v); t != nil && t.PkgPath() != "" { // a named type
		switch k := t.Kind(); {
		case k == reflect.String:
			return fmt.Sprintf("%T(%q)", v, v)
		case k >= reflect.Bool && k <= reflect.Complex128:
			return fmt.Sprintf("%T(%v)", v, v)
		}
	}
	return display.Plain(v)
}

// endReport describes the end of the calling goroutine; see rt.OnEnd.
func endReport(kind int, v any) wire.Report {
	var r wire.Report
	if kind == rt.EndPanic {
		r = panicReport(v)
	} else {
		r.Kind, r.Value = ends[kind], fmt.Sprint(v)
		r.Frames, r.More = callers()
	}
	if code, ok := v.(int); ok && kind == rt.EndExit {
		r.Code, r.Value = code, fmt.Sprintf("exit status %d", code)
	}
	id, pc := rt.Goroutine()
	r.Goroutine, r.CreatedBy = id, creator(pc)
	return r
}

// creator is the go statement before pc, nothing if that is the worker's own.
func creator(pc uintptr) wire.Frame {
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	frame := wire.NewFrame(f.Function, f.File, f.Line)
	if frame.Kind == wire.Internal {
		return wire.Frame{}
	}
	return frame
}

var ends = map[int]wire.Kind{
	rt.EndFatal: wire.Fatal, rt.EndExit: wire.Exit, rt.EndInterrupted: wire.Interrupted, rt.EndOverflow: wire.Overflow,
}

// callers are the frames of the calling goroutine, without those of the
// runtime and the worker at either end.
func callers() (frames []wire.Frame, more bool) {
	pcs := make([]uintptr, 2*maxFrames)
	pcs = pcs[:runtime.Callers(1, pcs)]
	for it, next := runtime.CallersFrames(pcs), true; next; {
		var f runtime.Frame
		if f, next = it.Next(); f.Function != "" || f.File != "" {
			frames = append(frames, wire.NewFrame(f.Function, f.File, nearestLine(f)))
		}
	}
	frames = trim(frames)
	if len(frames) > maxFrames {
		return frames[:maxFrames], true
	}
	return frames, len(pcs) == cap(pcs)
}

// nearestLine is the line of the frame, or that of the nearest code before it:
// the compiler gives empty loops no line of their own. Where no code before it
// has one, it is the line where the function begins.
func nearestLine(f runtime.Frame) int {
	fn := runtime.FuncForPC(f.PC)
	for line, pc := f.Line, f.PC; fn != nil && pc >= fn.Entry(); pc-- {
		if line > 0 {
			return line
		}
		_, line = fn.FileLine(pc)
	}
	return max(f.Line, rt.StartLine(f), 1)
}

func trim(frames []wire.Frame) []wire.Frame {
	for len(frames) > 0 && frames[0].Kind == wire.Internal {
		frames = frames[1:]
	}
	for len(frames) > 0 && frames[len(frames)-1].Kind == wire.Internal {
		frames = frames[:len(frames)-1]
	}
	return frames
}
