package enginetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// flowNames are the sections whose order matters.
var flowNames = []string{"out", "result", "display", "update", "clear", "after"}

// check compares what a reader has seen with what the cell must do. What comes
// late is left out of account while the cell's goroutines may still run.
func (c *Cell) check(s seen, final bool) error {
	_, after := c.section("after")
	if after && !final {
		return c.checkEarly(s)
	}
	if err := c.checkFlow(s); err != nil {
		return err
	}
	_, late := c.section("after-stderr")
	if late && !final {
		return nil
	}
	if err := c.checkStderr(s.stderr); err != nil {
		return err
	}
	return c.checkInput(s)
}

// checkEarly asks for the output before the cell's end when more is to come.
func (c *Cell) checkEarly(s seen) error {
	out, ok := c.section("out")
	if ok && out.Flag == "" && !strings.HasPrefix(s.stdout(), strings.TrimSuffix(out.Text, "\n")) {
		return mismatch("out when the cell ended", out.Text, s.stdout())
	}
	return nil
}

func (c *Cell) checkFlow(s seen) error {
	_, apart := c.section("result")
	want, have := c.flow(), s.flow(apart)
	for i := range max(len(want), len(have)) {
		switch {
		case i >= len(want):
			return fmt.Errorf("nobody asked for this %s:\n%s", have[i].Name, indent(have[i].Text))
		case i >= len(have):
			return fmt.Errorf("no %s, want:\n%s", want[i].Name, indent(want[i].Text))
		case want[i].Name != have[i].Name:
			return mismatch(want[i].Name, want[i].Text, have[i].Name+": "+have[i].Text)
		}
		if err := have[i].compare(want[i]); err != nil {
			return err
		}
	}
	return nil
}

// compare holds what a reader saw against the section; displays by content.
func (p part) compare(want Section) error {
	if !want.bundled() {
		return want.compare(p.Text)
	}
	mime, content, _ := strings.Cut(want.Text, "\n")
	shown, ok := p.bundle[mime]
	if !ok {
		return mismatch(want.Name, want.Text, p.Text)
	}
	want.Text = content
	return want.compare(contentText(shown))
}

// contentText is content of a bundle as a text.
func contentText(content any) string {
	switch c := content.(type) {
	case string:
		return c
	case []byte:
		return string(c)
	}
	text, err := json.Marshal(content)
	if err != nil {
		return fmt.Sprint(content)
	}
	return string(text)
}

// flow returns the sections whose order matters, late output joined to what
// comes before it.
func (c *Cell) flow() []Section {
	var flow []Section
	for _, w := range c.Want {
		if !slices.Contains(flowNames, w.Name) {
			continue
		}
		if w.Name == "after" {
			w.Name = "out"
		}
		if w.Name == "out" && w.Text == "" {
			continue
		}
		if n := len(flow); n > 0 && w.Name == "out" && flow[n-1].Name == "out" {
			flow[n-1].Text += w.Text
			continue
		}
		flow = append(flow, w)
	}
	return flow
}

func (c *Cell) checkStderr(have string) error {
	var want Section
	for _, w := range c.Want {
		if w.Name == "stderr" || w.Name == "after-stderr" {
			want = Section{Name: "stderr", Flag: w.Flag, Text: want.Text + w.Text}
		}
	}
	want.Name = "stderr"
	return want.compare(have)
}

func (c *Cell) checkInput(s seen) error {
	if len(s.answers) > 0 {
		return fmt.Errorf("nobody asked for the input %q", s.answers)
	}
	if want, ok := c.section("prompts"); ok {
		return want.compare(strings.Join(s.prompts, "\n"))
	}
	return nil
}

// compare holds a text against the section.
func (s Section) compare(have string) error {
	w, h := lines(s.Text), lines(have)
	ok := false
	switch s.Flag {
	case "", "mime":
		ok = slices.Equal(w, h)
	case "unordered":
		ok = slices.Equal(slices.Sorted(slices.Values(w)), slices.Sorted(slices.Values(h)))
	case "regexp":
		ok = slices.EqualFunc(w, h, func(w, h string) bool { return regexp.MustCompile("^(?:" + w + ")$").MatchString(h) })
	case "has":
		ok = contains(have, w)
	}
	if !ok {
		return mismatch(strings.TrimSpace(s.Name+" "+s.Flag), s.Text, have)
	}
	return nil
}

// contains reports whether the parts occur in the text in this order.
func contains(text string, parts []string) bool {
	for _, p := range parts {
		_, rest, ok := strings.Cut(text, p)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

func mismatch(what, want, have string) error {
	return fmt.Errorf("%s\nwant:\n%shave:\n%s", what, indent(want), indent(have))
}

func indent(text string) string {
	var b strings.Builder
	for _, l := range lines(text) {
		b.WriteString("\t" + l + "\n")
	}
	return b.String()
}

var (
	ansi     = regexp.MustCompile("\x1b\\[[0-9;]*m")
	position = regexp.MustCompile(`^\d+:\d+: `)
)

// checkErr compares the cell's error with its err section.
func (c *Cell) checkErr(count int, err error) error {
	want, ok := c.section("err")
	if err == nil {
		if ok {
			return fmt.Errorf("no error, want:\n%s", indent(want.Text))
		}
		return nil
	}
	var have *engine.Error
	switch {
	case !errors.As(err, &have):
		return fmt.Errorf("engine: %w", err)
	case !ok:
		return fmt.Errorf("unexpected error %w\n%s", have, indent(have.Text()))
	case len(have.Traceback) == 0:
		return fmt.Errorf("error %w has no traceback", have)
	case strings.Contains(have.Value, "\n"):
		return fmt.Errorf("value of the error has more than one line: %q", have.Value)
	}
	return want.compareErr(count, have)
}

func (s Section) compareErr(count int, have *engine.Error) error {
	trace := ansi.ReplaceAllString(have.Text(), "")
	want := lines(s.Text)
	if !position.MatchString(want[0]) {
		head := Section{Name: "err", Flag: s.Flag, Text: want[0]}
		if err := head.compare(have.Error()); err != nil {
			return fmt.Errorf("%w%s", err, indent(trace))
		}
		return inTrace(trace, want[1:])
	}
	if have.Name != engine.CompileError {
		return mismatch("err", s.Text, have.Error()+"\n"+trace)
	}
	listed := slices.DeleteFunc(slices.Clone(want), func(l string) bool { return !position.MatchString(l) })
	found := faults(count, trace)
	if !slices.Equal(listed, found) {
		return mismatch("err", strings.Join(listed, "\n"), strings.Join(found, "\n")+"\ntraceback:\n"+trace)
	}
	if first := fmt.Sprintf("%d:%d: ", have.Line, have.Column); !strings.HasPrefix(listed[0], first) {
		return fmt.Errorf("the error's position is %s, its first fault is %s", first, listed[0])
	}
	return inTrace(trace, slices.DeleteFunc(want, position.MatchString))
}

// faults returns the compile errors a traceback tells of.
func faults(count int, trace string) []string {
	var found []string
	for _, l := range lines(trace) {
		rest, ok := strings.CutPrefix(l, fmt.Sprintf("cell[%d]:", count))
		if ok && position.MatchString(rest) {
			found = append(found, rest)
		}
	}
	return found
}

// inTrace looks for parts of lines, in order. A caret must stand in its column;
// source lines and carets may be indented by four.
func inTrace(trace string, want []string) error {
	rest := lines(trace)
	for _, w := range want {
		i := slices.IndexFunc(rest, func(l string) bool {
			if strings.TrimSpace(w) == "^" {
				return l == w || l == "    "+w
			}
			return strings.Contains(l, w)
		})
		if i < 0 {
			return mismatch("traceback has", strings.Join(want, "\n"), trace)
		}
		rest = rest[i+1:]
	}
	return nil
}
