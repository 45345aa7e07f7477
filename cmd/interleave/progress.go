package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/headless"
	"golang.org/x/term"
)

// progress tells on w what a command is doing. On a terminal the current line
// is renewed with the time that has passed; elsewhere there is a line for each
// step when it is over.
type progress struct {
	w     io.Writer
	width int    // columns of the terminal, 0 for none
	label string // of the current line, on a terminal

	start time.Time
	stop  chan struct{} // ends the renewing of the current line
	ended chan struct{}
	steps bool // something was built
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := terminal(w); ok {
		p.width, _, _ = term.GetSize(f)
	}
	return p
}

func terminal(w io.Writer) (fd int, ok bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return 0, false
	}
	return int(f.Fd()), true
}

// colours says whether text for w may have them (see no-color.org).
func colours(w io.Writer) bool {
	_, ok := terminal(w)
	return ok && os.Getenv("NO_COLOR") == ""
}

func (p *progress) title(s string) { fmt.Fprintf(p.w, "%s\n", s) }

// building shows one step of preparing the engine.
func (p *progress) building(step string) {
	p.finish("")
	p.steps = true
	if p.width == 0 {
		fmt.Fprintf(p.w, "  %s\n", step)
		return
	}
	p.renew("  " + step)
}

// built ends the last step.
func (p *progress) built() { p.finish("") }

// cell shows the beginning and the end of a cell.
func (p *progress) cell(e headless.Event) {
	place := fmt.Sprintf("  [%*d/%d]", len(fmt.Sprint(e.Total)), e.Number, e.Total)
	code := firstLine(e.Cell.Source)
	if !e.Done {
		if p.width > 0 {
			p.renew(place + " " + code)
		}
		return
	}
	mark := ""
	if e.Err != nil {
		mark = "  " + e.Err.Name
	}
	line := fmt.Sprintf("%s %8s  %s", place, short(e.Took), code)
	if p.width == 0 {
		fmt.Fprintf(p.w, "%s%s\n", line, mark)
		return
	}
	p.finish(cut(line, p.width-1-len(mark)) + mark)
}

// done tells what a notebook took and where it went.
func (p *progress) done(took time.Duration, files ...string) {
	fmt.Fprintf(p.w, "  %s in all\n", short(took))
	for _, f := range files {
		if f != "" {
			fmt.Fprintf(p.w, "  wrote %s\n", f)
		}
	}
}

// renew shows the label and the time passed, ten times a second, until finish.
func (p *progress) renew(label string) {
	p.start, p.label = time.Now(), label
	p.stop, p.ended = make(chan struct{}), make(chan struct{})
	go func(stop, ended chan struct{}) {
		defer close(ended)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			p.line()
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}(p.stop, p.ended)
}

// line writes the current line anew.
func (p *progress) line() {
	took := "  " + short(time.Since(p.start))
	fmt.Fprintf(p.w, "\r\x1b[K%s%s", cut(p.label, p.width-1-len(took)), took)
}

// finish ends the current line, if there is one, and leaves text in its place,
// or the line itself when text is empty.
func (p *progress) finish(text string) {
	if p.stop == nil {
		return
	}
	close(p.stop)
	<-p.ended
	p.stop = nil
	if text == "" {
		p.line()
	} else {
		fmt.Fprintf(p.w, "\r\x1b[K%s", text)
	}
	fmt.Fprintln(p.w)
}

// firstLine is the first line of code that says something: not a comment and
// not an import.
func firstLine(code string) string {
	imports := false
	for line := range strings.Lines(code) {
		line = strings.TrimSpace(line)
		switch {
		case imports:
			imports = line != ")"
		case line == "import (":
			imports = true
		case line != "" && !strings.HasPrefix(line, "//") && !strings.HasPrefix(line, "import "):
			return strings.Map(printable, line)
		}
	}
	return strings.Map(printable, strings.TrimSpace(code))
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}

// cut shortens s to n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:max(n-1, 0)]) + "…"
}

// short writes a duration with three digits.
func short(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d:%02d min", int(d.Minutes()), int(d.Seconds())%60)
	}
}
