package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/ansi"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/atomicfile"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/headless"
)

// What a build server reads of a run: JUnit XML, whose cells are test cases,
// and the annotations of GitHub Actions.

// junitSuites is a JUnit file as Jenkins, GitLab and GitHub's reporters read
// it (there is no schema but theirs): one suite a notebook, one case a cell.
type junitSuites struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Time     seconds       `xml:"time,attr"`
	Suites   []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Time     seconds     `xml:"time,attr"`
	Start    string      `xml:"timestamp,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"` // reporters group by it: the notebook
	Time    seconds       `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type seconds time.Duration

func (s seconds) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%.3f", time.Duration(s).Seconds()), nil
}

// suite begins the suite of a notebook.
func (s *junitSuites) suite(notebook string, start time.Time) *junitSuite {
	one := &junitSuite{Name: notebook, Start: start.UTC().Format("2006-01-02T15:04:05")}
	s.Suites = append(s.Suites, one)
	return one
}

// cell adds a cell that has run.
func (s *junitSuite) cell(e headless.Event) {
	if !e.Done {
		return
	}
	c := junitCase{
		Name:  fmt.Sprintf("cell %d: %s", e.Number, cut(firstLine(e.Cell.Source), 80)),
		Class: s.Name,
		Time:  seconds(e.Took),
	}
	s.Tests++
	s.Time += c.Time
	if e.Err != nil && !e.Allowed {
		s.Failures++
		c.Failure = &junitFailure{Type: e.Err.Name, Message: e.Err.Value, Text: legal(ansi.Strip(e.Err.Text()))}
	}
	s.Cases = append(s.Cases, c)
}

// legal leaves out what XML 1.0 cannot hold: control characters.
func legal(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// writeTo writes the file, whole or not at all; none for an empty path.
func (s *junitSuites) writeTo(path string) error {
	if path == "" {
		return nil
	}
	for _, one := range s.Suites {
		s.Tests += one.Tests
		s.Failures += one.Failures
		s.Time += one.Time
	}
	text, err := xml.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return atomicfile.Write(path, append([]byte(xml.Header), append(text, '\n')...))
}

// annotate marks the failure of a cell the way GitHub Actions reads it
// ("Workflow commands for GitHub Actions": percent signs and line ends are
// escaped, in properties colons and commas too).
func annotate(w io.Writer, notebook string, e headless.Event) {
	if !e.Done || e.Err == nil || e.Allowed {
		return
	}
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	title := fmt.Sprintf("cell %d failed: %s", e.Number, e.Err.Name)
	fmt.Fprintf(w, "::error file=%s,title=%s::%s\n", property.Replace(notebook), property.Replace(title), data.Replace(ansi.Strip(e.Err.Text())))
}
