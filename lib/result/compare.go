package result

import (
	"errors"
	"fmt"
	"slices"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/stats"
)

// Sides are two results side by side: two machines, or two days.
type Sides struct {
	A, B File
	// Pairs are the series that both have, in the order of A.
	Pairs []Pair
	// OnlyA and OnlyB name the series that have no counterpart.
	OnlyA, OnlyB []string
	// Warnings are to be shown with the numbers.
	Warnings []string
}

// Pair is one quantity on both sides.
type Pair struct {
	Name, Unit string
	A, B       stats.Estimate // medians
	// Ratio is how many times better B is: above 1, B is faster. Its P is
	// that of the Mann-Whitney test, adjusted for all pairs (Holm).
	Ratio   stats.Ratio
	Verdict stats.Verdict // of B against A
}

// Compare sets two results side by side, series by series. The rounds of
// different runs do not belong together, so the comparison is unpaired.
//
// It returns an error when the results are of different kinds or have no
// series in common.
func Compare(a, b File) (Sides, error) {
	if a.Kind != b.Kind {
		return Sides{}, fmt.Errorf("compare results: one is a %s and one a %s; want two of a kind", a.Kind, b.Kind)
	}
	s := Sides{A: a, B: b, Warnings: warnings(a, b)}
	for _, x := range a.Series {
		y, ok := find(b.Series, x.Name)
		if !ok {
			s.OnlyA = append(s.OnlyA, x.Name)
			continue
		}
		if err := s.add(x, y); err != nil {
			return Sides{}, fmt.Errorf("compare results: %w", err)
		}
	}
	for _, y := range b.Series {
		if _, ok := find(a.Series, y.Name); !ok {
			s.OnlyB = append(s.OnlyB, y.Name)
		}
	}
	if len(s.Pairs) == 0 {
		return Sides{}, errors.New("compare results: they have no series in common")
	}
	s.judge()
	return s, nil
}

func find(all []Series, name string) (Series, bool) {
	i := slices.IndexFunc(all, func(s Series) bool { return s.Name == name })
	if i < 0 {
		return Series{}, false
	}
	return all[i], true
}

// add pairs two series. A ratio needs values above zero on both sides; where
// there are none, the medians stand alone.
func (s *Sides) add(x, y Series) error {
	if x.Unit != y.Unit || x.Better != y.Better {
		return fmt.Errorf("series %q is in %q on one side and in %q on the other", x.Name, x.Unit, y.Unit)
	}
	p := Pair{Name: x.Name, Unit: x.Unit, A: stats.Median(x.Values), B: stats.Median(y.Values)}
	p.Ratio = stats.Ratio{Estimate: stats.Exactly(1), P: 1}
	switch {
	case len(x.Values) == 0 || len(y.Values) == 0 || slices.Min(x.Values) <= 0 || slices.Min(y.Values) <= 0:
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s: no ratio, since there are no values or some are zero", x.Name))
	case x.Better == More:
		p.Ratio = stats.UnpairedRatio(y.Values, x.Values)
	default:
		p.Ratio = stats.UnpairedRatio(x.Values, y.Values)
	}
	if few := min(len(x.Values), len(y.Values)); few > 0 && few < stats.MinCount {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s: %d rounds; want at least %d for an interval", x.Name, few, stats.MinCount))
		p.Ratio.Estimate = stats.Exactly(p.Ratio.Value)
	}
	s.Pairs = append(s.Pairs, p)
	return nil
}

// judge adjusts the p-values for their number and draws the verdicts.
func (s *Sides) judge() {
	ps := make([]float64, len(s.Pairs))
	for i, p := range s.Pairs {
		ps[i] = p.Ratio.P
	}
	for i, p := range stats.Holm(ps) {
		s.Pairs[i].Ratio.P = p
		s.Pairs[i].Verdict = s.Pairs[i].Ratio.Verdict(p)
	}
}

// warnings says what makes the two sides less than comparable.
func warnings(a, b File) (notes []string) {
	if a.Work != b.Work {
		notes = append(notes, fmt.Sprintf("the work is not the same: %q and %q", a.Work, b.Work))
	}
	if a.Seed != b.Seed {
		notes = append(notes, fmt.Sprintf("the seeds differ: %d and %d", a.Seed, b.Seed))
	}
	if !slices.Equal(a.Parts, b.Parts) {
		notes = append(notes, fmt.Sprintf("the parts differ: %q and %q", a.Parts, b.Parts))
	}
	for i, f := range []File{a, b} {
		name := []string{"A", "B"}[i]
		if f.Partial != "" {
			notes = append(notes, fmt.Sprintf("%s is partial: %s", name, f.Partial))
		}
		if f.Disturbed > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d of %d rounds were disturbed", name, f.Disturbed, f.Rounds))
		}
	}
	return notes
}

// Table is what the comparison shows.
func (s Sides) Table() Table {
	t := Table{Title: fmt.Sprintf("%s: B against A", s.A.Work), Head: []string{"", "A", "95 %", "B", "95 %", "ratio", "95 %", "verdict"}}
	for _, p := range s.Pairs {
		t.Rows = append(t.Rows, []string{p.Name,
			Quantity(p.A.Value, p.Unit), Interval(p.A, p.Unit), Quantity(p.B.Value, p.Unit), Interval(p.B, p.Unit),
			Number(p.Ratio.Value), Interval(p.Ratio.Estimate, ""), string(p.Verdict)})
	}
	t.Notes = append(t.Notes, "ratio: how many times better B is; verdicts by the Mann-Whitney test, adjusted for "+fmt.Sprint(len(s.Pairs))+" pairs (Holm)")
	for i, f := range []File{s.A, s.B} {
		t.Notes = append(t.Notes, fmt.Sprintf("%s: %s; %s", []string{"A", "B"}[i], f.Made.Format("2006-01-02 15:04"), f.Machine))
	}
	for i, only := range [][]string{s.OnlyA, s.OnlyB} {
		for _, name := range only {
			t.Notes = append(t.Notes, fmt.Sprintf("only in %s: %s", []string{"A", "B"}[i], name))
		}
	}
	for _, w := range s.Warnings {
		t.Notes = append(t.Notes, "! "+w)
	}
	return t
}

// String is the table as plain text.
func (s Sides) String() string { return s.Table().String() }

// Display implements display.Displayer.
func (s Sides) Display() display.Data { return s.Table().Display() }
