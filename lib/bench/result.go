package bench

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/stats"
)

// Result is what Compare found out. As the last expression of a cell it shows
// a table, and its raw times stay in the notebook.
type Result struct {
	Work  string   `json:"work"`
	Cases []Sample `json:"cases"`
	// Comparisons hold each other case against the first.
	Comparisons []Comparison  `json:"-"`
	Seed        uint64        `json:"seed"`
	Machine     machine.Stamp `json:"machine"` // at the beginning
	LoadAfter   float64       `json:"load_after,omitempty"`
	Took        time.Duration `json:"took"`
	Wanted      int           `json:"wanted"` // rounds
	// Partial says why the measurement ended early; empty when it did not.
	Partial  string   `json:"partial,omitempty"`
	Parts    []string `json:"parts,omitempty"` // what took the place of a real component
	Warnings []string `json:"warnings,omitempty"`
}

const kind = "bench.Result"

// compare draws the comparisons from the samples.
func (r *Result) compare() error {
	r.Comparisons = nil
	var ps []float64
	for i := 1; i < len(r.Cases); i++ {
		c, err := Between(r.Work, r.Cases[0], r.Cases[i])
		if err != nil {
			return err
		}
		r.Comparisons, ps = append(r.Comparisons, c), append(ps, c.P)
	}
	for i, p := range stats.Holm(ps) {
		r.Comparisons[i].judge(p)
	}
	return nil
}

// Case returns the sample of the case with that name.
func (r Result) Case(name string) (Sample, bool) {
	for _, s := range r.Cases {
		if s.Name == name {
			return s, true
		}
	}
	return Sample{}, false
}

// Rounds is how many rounds were completed.
func (r Result) Rounds() int {
	if len(r.Cases) == 0 {
		return 0
	}
	return len(r.Cases[0].Rounds)
}

// Disturbed counts the rounds in which anything disturbed any case.
func (r Result) Disturbed() (n int) {
	for i := range r.Rounds() {
		for _, s := range r.Cases {
			if i < len(s.Marks) && s.Marks[i] != "" {
				n++
				break
			}
		}
	}
	return n
}

// File is the result as it is saved and compared.
func (r Result) File() (result.File, error) {
	f, err := result.New(kind, r.Work, r.Machine, r)
	if err != nil {
		return f, err
	}
	f.LoadAfter, f.Seed, f.Partial, f.Parts = r.LoadAfter, r.Seed, r.Partial, r.Parts
	f.Rounds, f.Disturbed = r.Rounds(), r.Disturbed()
	for _, s := range r.Cases {
		f.Series = append(f.Series, result.Series{Name: s.Name, Unit: "ns", Better: result.Less, Values: s.Times()})
	}
	return f, nil
}

// Save writes the result to a file, for Load and for interleave compare.
func (r Result) Save(path string) error { return result.Save(r, path) }

// Load reads a result that Save wrote.
func Load(path string) (Result, error) {
	return result.LoadAs(path, kind, func(r *Result) error {
		if len(r.Cases) == 0 {
			return errors.New("no cases")
		}
		return r.compare()
	})
}

// Table is what the result shows.
func (r Result) Table() result.Table {
	t := result.Table{Title: r.title(), Head: []string{"case", "time", "95 %", "CPU time", "speed-up", "95 %", "verdict"}}
	for i, s := range r.Cases {
		m := s.Median()
		row := []string{s.Name, result.Nanoseconds(m.Value), result.Interval(m, "ns"), result.None, result.None, result.None, "baseline"}
		if cpu := s.CPU(); len(cpu) > 0 {
			row[3] = result.Nanoseconds(stats.Median(cpu).Value)
		}
		if i > 0 {
			c := r.Comparisons[i-1]
			row[4], row[5], row[6] = result.Number(c.Speedup.Value)+"×", result.Interval(c.Speedup, ""), string(c.Verdict)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = r.notes()
	return t
}

// title states the finding.
func (r Result) title() string {
	switch len(r.Comparisons) {
	case 0:
		s := r.Cases[0]
		return fmt.Sprintf("%s: %s takes %s", r.Work, s.Name, result.Nanoseconds(s.Median().Value))
	case 1:
		return r.Work + ": " + r.Comparisons[0].String()
	}
	count := map[Verdict]int{}
	for _, c := range r.Comparisons {
		count[c.Verdict]++
	}
	return fmt.Sprintf("%s: against %s, %d faster, %d slower, %d with no difference shown",
		r.Work, r.Cases[0].Name, count[Faster], count[Slower], count[NoDifference])
}

// String is the outcome in words: "concurrent is 2.84× faster than sequential
// [2.7, 2.9]".
func (c Comparison) String() string {
	if c.Verdict == NoDifference {
		text := fmt.Sprintf("no difference shown between %s and %s", c.Base.Name, c.Other.Name)
		if !math.IsInf(c.Detectable, 1) && c.Detectable > 0 {
			text += "; one of " + result.Percent(c.Detectable) + " would have shown"
		}
		return text
	}
	e := c.Speedup
	if c.Verdict == Slower {
		e = e.Map(func(x float64) float64 { return 1 / x })
	}
	text := fmt.Sprintf("%s is %s× %s than %s", c.Other.Name, result.Number(e.Value), c.Verdict, c.Base.Name)
	if e.HasInterval() {
		text += " " + result.Interval(e, "")
	}
	return text
}

// notes are how the numbers came about.
func (r Result) notes() []string {
	how := fmt.Sprintf("medians of %d rounds in turn, order shuffled by seed %d", r.Rounds(), r.Seed)
	if n := r.Disturbed(); n > 0 {
		how += fmt.Sprintf("; %d of %d rounds disturbed", n, r.Rounds())
	}
	notes := []string{how}
	if n := len(r.Comparisons); n > 1 {
		notes = append(notes, fmt.Sprintf("verdicts adjusted for %d comparisons (Holm)", n))
		if want := stats.RoundsFor(n); r.Rounds() >= MinRounds && r.Rounds() < want {
			notes = append(notes, fmt.Sprintf("! %d comparisons need %d rounds to show any difference", n, want))
		}
	}
	notes = append(notes, r.machine()...)
	if r.Partial != "" {
		notes = append(notes, "! partial: "+r.Partial)
	}
	for _, w := range r.Warnings {
		notes = append(notes, "! "+w)
	}
	if len(r.Comparisons) > 0 {
		for _, w := range r.Comparisons[0].Warnings {
			notes = append(notes, "! "+w.Error())
		}
	}
	for _, s := range r.Cases {
		notes = append(notes, s.disturbances()...)
	}
	return notes
}

func (r Result) machine() []string {
	lines := []string{r.Machine.String()}
	if d := r.Machine.Details(); d != "" {
		lines = append(lines, d+fmt.Sprintf(", load after %.2f", r.LoadAfter))
	}
	if len(r.Parts) > 0 {
		lines = append(lines, "parts: "+strings.Join(r.Parts, ", "))
	}
	return lines
}

// disturbances tells of each disturbed round.
func (s Sample) disturbances() (lines []string) {
	for i, mark := range s.Marks {
		if mark != "" {
			lines = append(lines, fmt.Sprintf("! %s, round %d: %s", s.Name, i+1, mark))
		}
	}
	const most = 3
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("! %s: %d more rounds disturbed", s.Name, len(lines)-most))
	}
	return lines
}

// String is the table as plain text.
func (r Result) String() string { return r.Table().String() }

// Display implements display.Displayer.
func (r Result) Display() display.Data {
	f, err := r.File()
	return result.Show(r.Table(), f, err)
}
