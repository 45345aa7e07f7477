package load

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/hdr"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/stats"
)

// Result is what a load found out. As the last expression of a cell it shows a
// table, and its histograms stay in the notebook.
type Result struct {
	Name     string        `json:"name"`
	Kind     string        `json:"kind"`     // "open", "closed" or "partly open"
	Arrivals string        `json:"arrivals"` // in words
	Asked    time.Duration `json:"asked"`    // how long it was to last
	Took     time.Duration `json:"took"`     // until the last answer
	Timeout  time.Duration `json:"timeout,omitempty"`
	Goal     time.Duration `json:"goal,omitempty"`

	Sent     int64 `json:"sent"`
	Failed   int64 `json:"failed"` // answered by an error
	Timeouts int64 `json:"timeout_count"`
	Refused  int64 `json:"refused"` // not sent, since too many were under way
	Cut      int64 `json:"cut"`     // under way when the load was ended; they count nowhere
	// FirstError is the first error of the target.
	FirstError string `json:"first_error,omitempty"`

	// Windows are the load in equal parts.
	Windows []Window `json:"windows"`
	// Service is how long requests took from when they were sent, and Lag how
	// late they were sent. Both hold what Latency holds, Lag also failures.
	Service *hdr.Histogram `json:"service"`
	Lag     *hdr.Histogram `json:"lag"`
	Little  Little         `json:"little"`

	Seed      uint64        `json:"seed"`
	Spent     machine.Spent `json:"spent"`
	Machine   machine.Stamp `json:"machine"` // at the beginning
	LoadAfter float64       `json:"load_after,omitempty"`
	// Partial says why the load ended early; empty when it did not.
	Partial string   `json:"partial,omitempty"`
	Parts   []string `json:"parts,omitempty"` // what took the place of a real component
}

// Little holds both sides of Little's law, L = λW (Little, A Proof for the
// Queuing Formula, 1961), each measured for itself.
type Little struct {
	L      float64 `json:"l"`      // requests under way, averaged over time
	Lambda float64 `json:"lambda"` // requests that ended, a second
	W      float64 `json:"w"`      // seconds that these were under way, on average
}

func (l *Little) derive(area float64, s littleSums, took time.Duration) {
	if took <= 0 || s.ended == 0 {
		return
	}
	l.L = area / float64(took)
	l.Lambda = float64(s.ended) / took.Seconds()
	l.W = s.spent / float64(s.ended) / 1e9
}

// Deviation is how far L is from λW, as a share. In a load that neither piles
// up nor ends with much under way it is small; 0.02 is a good limit.
func (l Little) Deviation() float64 {
	if l.Lambda*l.W == 0 {
		return 0
	}
	return l.L/(l.Lambda*l.W) - 1
}

// Latency holds the time of every request that was answered or timed out, from
// the moment at which it was to be sent; in a closed loop that is when it was
// sent. Errors that came at once are not in it.
func (r Result) Latency() *hdr.Histogram {
	all := &hdr.Histogram{}
	for _, w := range r.Windows {
		all.Merge(w.Latency)
	}
	return all
}

// Corrected is Latency with the requests that a waiting user of a closed loop
// did not send, when one was to be sent in every interval.
func (r Result) Corrected(interval time.Duration) *hdr.Histogram {
	return r.Latency().Corrected(interval)
}

// Answered counts the requests that were answered without an error, also after
// the end.
func (r Result) Answered() int64 { return r.Sent - r.Failed - r.Timeouts - r.Cut }

// Offered is the requests a second that were to be sent.
func (r Result) Offered() float64 { return r.perSecond(r.Sent + r.Refused) }

// Throughput is the requests a second that were answered before the end,
// without an error.
func (r Result) Throughput() float64 {
	return r.perSecond(r.total(func(w Window) int64 { return w.Answered }))
}

// Goodput is the requests a second that were answered within Goal.
func (r Result) Goodput() float64 {
	return r.perSecond(r.total(func(w Window) int64 { return w.Good }))
}

func (r Result) total(of func(Window) int64) (sum int64) {
	for _, w := range r.Windows {
		sum += of(w)
	}
	return sum
}

func (r Result) perSecond(n int64) float64 {
	return float64(n) / max(min(r.Took, r.Asked).Seconds(), 1e-9)
}

// ErrorShare is the share of all requests that were to be sent which failed,
// timed out or were refused. (Those cut off by an early end are left out.)
func (r Result) ErrorShare() float64 {
	bad := r.Failed + r.Timeouts + r.Refused
	return float64(bad) / float64(max(r.Sent+r.Refused-r.Cut, 1))
}

// Quantile is a quantile of Latency in nanoseconds, with an interval by
// drawing whole windows anew (bootstrap): requests that follow each other wait
// for the same reasons, so single ones must not be taken as independent.
func (r Result) Quantile(q float64) stats.Estimate { return r.quantiles(q)[0] }

func (r Result) quantiles(qs ...float64) []stats.Estimate {
	all := r.Latency()
	out := make([]stats.Estimate, len(qs))
	for i, q := range qs {
		out[i] = stats.Exactly(float64(all.Quantile(q)))
	}
	full := r.complete()
	if len(full) < windows {
		return out
	}
	drawn := redraw(full, qs, rand.New(rand.NewPCG(r.Seed, 2)))
	for i := range qs {
		slices.Sort(drawn[i])
		out[i].Lo = min(stats.Quantile(drawn[i], (1-stats.Level)/2), out[i].Value)
		out[i].Hi = max(stats.Quantile(drawn[i], (1+stats.Level)/2), out[i].Value)
	}
	return out
}

// redraw is the quantiles of many loads made of windows drawn at random.
func redraw(full []Window, qs []float64, random *rand.Rand) [][]float64 {
	const resamples = 400
	values, counts := side(full)
	drawn := make([][]float64, len(qs))
	sums := make([]int64, len(values))
	for range resamples {
		clear(sums)
		for range full {
			for _, c := range counts[random.IntN(len(full))] {
				sums[c.at] += c.count
			}
		}
		for i, q := range qs {
			drawn[i] = append(drawn[i], quantile(values, sums, q))
		}
	}
	return drawn
}

// counted is how often a value, given by its index, was counted.
type counted struct {
	at    int
	count int64
}

// side puts the counts of all windows side by side: the values that occur, and
// for each window how often.
func side(full []Window) (values []float64, counts [][]counted) {
	all := &hdr.Histogram{}
	for _, w := range full {
		all.Merge(w.Latency)
	}
	index := map[time.Duration]int{}
	for d := range all.All() {
		index[d] = len(values)
		values = append(values, float64(d))
	}
	for _, w := range full {
		var c []counted
		for d, n := range w.Latency.All() {
			c = append(c, counted{index[d], n})
		}
		counts = append(counts, c)
	}
	return values, counts
}

// quantile is that of values that occur so often, as in package hdr.
func quantile(values []float64, counts []int64, q float64) float64 {
	var total, seen int64
	for _, n := range counts {
		total += n
	}
	want := int64(math.Ceil(q * float64(total)))
	for i, n := range counts {
		if seen += n; seen >= want && n > 0 {
			return values[i]
		}
	}
	return 0
}

// complete are the windows in which anything was measured.
func (r Result) complete() (full []Window) {
	for _, w := range r.Windows {
		if w.Latency.Count() > 0 {
			full = append(full, w)
		}
	}
	return full
}

// Warnings are to be shown with the numbers.
func (r Result) Warnings() (notes []string) {
	add := func(is bool, format string, args ...any) {
		if is {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	add(r.Partial != "", "partial: %s", r.Partial)
	add(r.FirstError != "", "first error: %s", r.FirstError)
	lag, half := r.Lag.Quantile(0.99), r.Latency().Quantile(0.5)
	add(r.Kind != "closed" && lag > time.Millisecond && lag > half/10,
		"the generator itself sent 1 %% of the requests %s late or more: it is short of processor time", result.Time(lag))
	add(math.Abs(r.Little.Deviation()) > 0.05, "L is %s, λW is %s: the load is not steady, requests pile up or many were under way at the end",
		result.Number(r.Little.L), result.Number(r.Little.Lambda*r.Little.W))
	add(r.Kind == "closed" && r.Latency().Max() > 10*max(half, time.Millisecond),
		"a closed loop does not see what a stall costs those who would have come meanwhile; see Corrected, or use Open")
	add(r.Spent.Disturbances() != "", "disturbed: %s", r.Spent.Disturbances())
	return notes
}

const kind = "load.Result"

// File is the result as it is saved and compared: series of the windows.
func (r Result) File() (result.File, error) {
	f, err := result.New(kind, r.work(), r.Machine, r)
	if err != nil {
		return f, err
	}
	f.LoadAfter, f.Seed, f.Partial, f.Parts = r.LoadAfter, r.Seed, r.Partial, r.Parts
	f.Rounds = len(r.Windows)
	f.Series = r.series("")
	return f, nil
}

func (r Result) work() string { return r.Name + ", " + r.Kind + ": " + r.Arrivals }

func (r Result) series(prefix string) []result.Series {
	each := r.Asked.Seconds() / float64(max(len(r.Windows), 1))
	answered := result.Series{Name: prefix + "throughput", Unit: "1/s", Better: result.More}
	good := result.Series{Name: prefix + "goodput", Unit: "1/s", Better: result.More}
	for i, w := range r.Windows {
		if r.Partial != "" && each*float64(i+1) > r.Took.Seconds() {
			break // this window is not complete
		}
		answered.Values = append(answered.Values, float64(w.Answered)/each)
		good.Values = append(good.Values, float64(w.Good)/each)
	}
	all := []result.Series{answered, good}
	for _, q := range []float64{0.5, 0.9, 0.99} {
		s := result.Series{Name: fmt.Sprintf("%sp%g", prefix, 100*q), Unit: "ns", Better: result.Less}
		for _, w := range r.complete() {
			s.Values = append(s.Values, float64(w.Latency.Quantile(q)))
		}
		all = append(all, s)
	}
	return all
}

// Save writes the result to a file, for Load and for interleave compare.
func (r Result) Save(path string) error { return result.Save(r, path) }

// Load reads a result that Save wrote.
func Load(path string) (Result, error) { return result.LoadAs(path, kind, (*Result).check) }

// check reports what is missing in a file.
func (r *Result) check() error {
	if r.Service == nil || r.Lag == nil || len(r.Windows) == 0 ||
		slices.ContainsFunc(r.Windows, func(w Window) bool { return w.Latency == nil }) {
		return errors.New("a histogram is missing")
	}
	return nil
}

// percentiles that a table shows.
var percentiles = []float64{0.5, 0.9, 0.99, 0.999}

// Table is what the result shows.
func (r Result) Table() result.Table {
	l := r.Latency()
	t := result.Table{
		Title: fmt.Sprintf("%s: 99 %% of the requests within %s at %s", r.work(), result.Time(l.Quantile(0.99)), result.Quantity(r.Throughput(), "1/s")),
		Head:  []string{"", "value", "95 %"},
	}
	row := func(name, value, interval string) { t.Rows = append(t.Rows, []string{name, value, interval}) }
	estimates := r.quantiles(percentiles...)
	for i, q := range percentiles {
		if float64(l.Count())*(1-q) >= 1 { // else it is the maximum
			row(fmt.Sprintf("latency p%g", 100*q), result.Nanoseconds(estimates[i].Value), result.Interval(estimates[i], "ns"))
		}
	}
	row("latency, longest", result.Time(l.Max()), "")
	row("latency, mean", result.Time(l.Mean()), "")
	row("offered", result.Quantity(r.Offered(), "1/s"), "")
	row("throughput", result.Quantity(r.Throughput(), "1/s"), "")
	if r.Goal > 0 {
		row("goodput, within "+result.Time(r.Goal), result.Quantity(r.Goodput(), "1/s"), "")
	}
	row("errors, of all to be sent", result.Percent(r.ErrorShare()), "")
	row("under way, L", result.Number(r.Little.L), "")
	row("by Little's law, λW", result.Number(r.Little.Lambda*r.Little.W), "")
	t.Notes = r.notes()
	return t
}

func (r Result) notes() []string {
	from := "latency from the intended start"
	if r.Kind == "closed" {
		from = "latency from when a request was sent"
	}
	notes := []string{fmt.Sprintf("%d sent, %d answered, %d failed, %d timed out, %d refused; %s; seed %d",
		r.Sent, r.Answered(), r.Failed, r.Timeouts, r.Refused, from, r.Seed), r.Machine.String()}
	if d := r.Machine.Details(); d != "" {
		notes = append(notes, d+fmt.Sprintf(", load after %.2f", r.LoadAfter))
	}
	if len(r.Parts) > 0 {
		notes = append(notes, "parts: "+strings.Join(r.Parts, ", "))
	}
	for _, w := range r.Warnings() {
		notes = append(notes, "! "+w)
	}
	return notes
}

// String is the table as plain text.
func (r Result) String() string { return r.Table().String() }

// Display implements display.Displayer.
func (r Result) Display() display.Data {
	f, err := r.File()
	return result.Show(r.Table(), f, err)
}
