package native

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// Magics that take the whole cell as a text.

// writeFile writes the cell to a file, from the folder of the notebook.
func writeFile(e *Engine, _ context.Context, m call) error {
	name, appending := strings.CutPrefix(m.arg, "-a ")
	name = strings.TrimSpace(name)
	if name == "" || name == "-a" {
		return fault("%%writefile needs the name of a file; with -a before it the cell is added to its end")
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(e.cfg.Dir, path)
	}
	text := m.text
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	flags, done := os.O_CREATE|os.O_WRONLY|os.O_TRUNC, "wrote"
	if appending {
		flags, done = os.O_CREATE|os.O_WRONLY|os.O_APPEND, "added to"
	}
	f, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return fault(fmt.Sprintf("%%%%writefile: %v", err))
	}
	if _, err = f.WriteString(text); err == nil {
		err = f.Close()
	}
	if err != nil {
		return fault(fmt.Sprintf("%%%%writefile: %v", err))
	}
	m.out.Stream(engine.Stdout, done+" "+name+"\n")
	return nil
}

// shown returns a magic that shows the cell as what make makes of it.
func shown(make func(string) display.Data) func(*Engine, context.Context, call) error {
	return func(_ *Engine, _ context.Context, m call) error {
		m.out.Display(make(m.text))
		return nil
	}
}

// timing has the cell tell what its time was spent on, when it has run.
func timing(e *Engine, _ context.Context, _ call) error {
	e.timing = true
	return nil
}

// String lists the phases in their order, those that took no time left out.
func (t Took) String() string {
	var parts []string
	for _, p := range []struct {
		name string
		took time.Duration
	}{
		{"check", t.Check}, {"packages", t.Packages}, {"compile", t.Compile},
		{"link", t.Link}, {"load", t.Load}, {"run", t.Run},
	} {
		if p.took > 0 {
			parts = append(parts, p.name+" "+threeDigits(p.took))
		}
	}
	return strings.Join(parts, ", ")
}

// threeDigits rounds a duration for a person.
func threeDigits(d time.Duration) string {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

// race turns the race detector on or off.
func race(e *Engine, ctx context.Context, m call) error {
	if m.arg != "on" && m.arg != "off" {
		state := map[bool]string{true: "on", false: "off"}[e.cfg.Race]
		if m.arg == "" {
			m.out.Stream(engine.Stdout, "%race is "+state+"\n")
			return nil
		}
		return fault("%race takes on or off, got " + m.arg)
	}
	notice, err := e.setRace(ctx, m.arg == "on", func(text string) { m.out.Stream(engine.Stderr, text+"\n") })
	if err != nil {
		return fault(fmt.Sprintf("%%race %s: %v", m.arg, err))
	}
	if notice != "" {
		m.out.Stream(engine.Stderr, notice+"\n")
	}
	return nil
}
