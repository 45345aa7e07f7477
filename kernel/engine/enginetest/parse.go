package enginetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Session is a number of cells that run one after the other in one engine.
type Session struct {
	File  string // where it was written
	Line  int    // of its heading
	Title string
	Cells []Cell
}

// A Cell is one input with everything it must do.
type Cell struct {
	Line int    // of its in section
	Code string // what the author wrote
	Want []Section
}

// A Section is one expectation.
type Section struct {
	Name string
	Flag string // "", regexp, unordered, has or mime
	Text string
	Line int // of its marker
}

// sections holds the names that may follow an in section and the flags each
// takes.
var sections = map[string][]string{
	"out":          {"regexp", "unordered", "has"},
	"result":       {"regexp", "mime"},
	"display":      {"regexp", "has"},
	"update":       {"regexp", "has"},
	"clear":        nil,
	"stderr":       {"regexp", "unordered", "has"},
	"err":          {"regexp"},
	"after":        {"regexp", "unordered", "has"},
	"after-stderr": {"regexp", "unordered", "has"},
	"stdin":        nil,
	"prompts":      nil,
	"interrupt":    nil,
}

// repeatable names the sections a cell may have more than once.
var repeatable = []string{"out", "display", "update", "clear"}

var marker = regexp.MustCompile(`^-- ([a-z-]+)(?: ([a-z]+))? --$`)

// Parse reads the sessions of one file. An error names the file and the line.
func Parse(file, text string) ([]Session, error) {
	p := reader{file: file}
	for i, line := range strings.SplitAfter(text, "\n") {
		p.line = i + 1
		if err := p.add(line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, p.line, err)
		}
	}
	for _, s := range p.sessions {
		if err := s.validate(); err != nil {
			return nil, err
		}
	}
	return p.sessions, nil
}

type reader struct {
	file     string
	line     int
	sessions []Session
	text     *string // what lines are added to, nil within a comment
}

func (p *reader) add(line string) error {
	bare := strings.TrimSuffix(line, "\n")
	if title, ok := strings.CutPrefix(bare, "=== "); ok {
		p.end()
		p.sessions = append(p.sessions, Session{File: p.file, Line: p.line, Title: title})
		return nil
	}
	if m := marker.FindStringSubmatch(bare); m != nil {
		return p.section(m[1], m[2])
	}
	if p.text != nil {
		*p.text += line
	}
	return nil
}

// end ends a session: the blank lines before the next belong to neither.
func (p *reader) end() {
	if p.text != nil {
		*p.text = strings.TrimRight(*p.text, "\n") + "\n"
	}
	p.text = nil
}

func (p *reader) section(name, flag string) error {
	if len(p.sessions) == 0 {
		return fmt.Errorf("section %q before the first session", name)
	}
	s := &p.sessions[len(p.sessions)-1]
	if name == "in" {
		if flag != "" {
			return fmt.Errorf("section in takes no flag")
		}
		s.Cells = append(s.Cells, Cell{Line: p.line})
		p.text = &s.Cells[len(s.Cells)-1].Code
		return nil
	}
	flags, known := sections[name]
	if !known {
		return fmt.Errorf("unknown section %q", name)
	}
	if flag != "" && !slices.Contains(flags, flag) {
		return fmt.Errorf("section %s does not take the flag %q", name, flag)
	}
	if len(s.Cells) == 0 {
		return fmt.Errorf("section %q before the first cell", name)
	}
	c := &s.Cells[len(s.Cells)-1]
	if _, twice := c.section(name); twice && !slices.Contains(repeatable, name) {
		return fmt.Errorf("second section %q of one cell", name)
	}
	c.Want = append(c.Want, Section{Name: name, Flag: flag, Line: p.line})
	p.text = &c.Want[len(c.Want)-1].Text
	return nil
}

// section returns the first section of a name.
func (c *Cell) section(name string) (Section, bool) {
	i := slices.IndexFunc(c.Want, func(s Section) bool { return s.Name == name })
	if i < 0 {
		return Section{}, false
	}
	return c.Want[i], true
}

// validate finds what no single line shows.
func (s Session) validate() error {
	if len(s.Cells) == 0 {
		return fmt.Errorf("%s:%d: session %q has no cell", s.File, s.Line, s.Title)
	}
	for i := range s.Cells {
		for _, w := range s.Cells[i].Want {
			if err := w.validate(); err != nil {
				return fmt.Errorf("%s:%d: section %s: %w", s.File, w.Line, w.Name, err)
			}
		}
	}
	return nil
}

func (s Section) validate() error {
	switch {
	case s.Name == "clear" && strings.TrimSpace(s.Text) != "" && strings.TrimSpace(s.Text) != "wait":
		return fmt.Errorf("want wait or nothing, have %q", s.Text)
	case s.bundled() && !strings.Contains(firstLine(s.Text), "/"):
		return fmt.Errorf("first line %q is not a MIME type", firstLine(s.Text))
	case s.Name == "err" && strings.TrimSpace(s.Text) == "":
		return fmt.Errorf("no text")
	case s.Flag == "regexp":
		for _, line := range lines(s.Text) {
			if _, err := regexp.Compile(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// bundled reports whether the section starts with a MIME type.
func (s Section) bundled() bool {
	return s.Name == "display" || s.Name == "update" || s.Flag == "mime"
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// lines splits a text at line ends; the last line needs none.
func lines(text string) []string {
	if text = strings.TrimSuffix(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
