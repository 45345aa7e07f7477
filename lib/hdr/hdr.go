// Package hdr counts times with high dynamic range: from a nanosecond to
// centuries with the same relative precision, in little memory, so that the
// tail of a distribution is kept as it was.
//
// The layout is that of HdrHistogram (Tene, hdrhistogram.org) with three
// significant digits: 2,048 counts for the first 2,048 ns, then 1,024 for each
// doubling, so any value is told within 0.1 %. It is made here and not taken
// from the Go port, against which its tests compare it, since the packages of
// the measuring libraries get by with the standard library: notebooks start
// where no module can be fetched. Doublings that hold nothing cost nothing.
package hdr

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/bits"
	"sync"
	"time"
)

const (
	halfBits = 10            // log2 of the counts for each doubling
	half     = 1 << halfBits // 1,024
	most     = 64 - halfBits // doublings that a time may have
)

// Histogram counts times. The zero value is empty and ready; it may be used by
// several goroutines at once. A Record costs some 20 ns.
type Histogram struct {
	mu     sync.Mutex // guards all below
	counts [most]*[half]int64
	count  int64
	sum    float64
	least  time.Duration
	most   time.Duration
}

// place is where a value is counted: the doubling and the count in it.
func place(d time.Duration) (doubling, at int) {
	v := uint64(max(d, 0))
	shift := max(bits.Len64(v)-halfBits-1, 0)
	sub := int(v >> shift) // below 2,048; from 1,024 on unless shift is 0
	return shift + sub>>halfBits, sub & (half - 1)
}

// highest is the largest value that is counted in the same place.
func highest(doubling, at int) time.Duration {
	if doubling == 0 {
		return time.Duration(at)
	}
	shift := doubling - 1
	return time.Duration((uint64(half+at+1) << shift) - 1)
}

// Record counts one time. Negative ones count as zero.
func (h *Histogram) Record(d time.Duration) { h.RecordMany(d, 1) }

// RecordMany counts the same time n times.
func (h *Histogram) RecordMany(d time.Duration, n int64) {
	if n <= 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.record(d, n)
}

func (h *Histogram) record(d time.Duration, n int64) {
	d = max(d, 0)
	doubling, at := place(d)
	if h.counts[doubling] == nil {
		h.counts[doubling] = new([half]int64)
	}
	h.counts[doubling][at] += n
	if h.count == 0 || d < h.least {
		h.least = d
	}
	h.most = max(h.most, d)
	h.count += n
	h.sum += float64(d) * float64(n)
}

// RecordCorrected counts a time and, when it is longer than the interval in
// which times were expected, those that were not measured because the program
// waited: d - interval, d - 2·interval and so on. This is the correction for
// coordinated omission in a closed loop (Tene, How NOT to Measure Latency).
func (h *Histogram) RecordCorrected(d, interval time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.corrected(d, interval, 1)
}

func (h *Histogram) corrected(d, interval time.Duration, n int64) {
	h.record(d, n)
	if interval <= 0 {
		return
	}
	for missing := d - interval; missing >= interval; missing -= interval {
		h.record(missing, n)
	}
}

// Corrected is a copy in which every time is corrected as RecordCorrected does.
func (h *Histogram) Corrected(interval time.Duration) *Histogram {
	c := &Histogram{}
	for d, n := range h.All() {
		c.corrected(d, interval, n)
	}
	return c
}

// Merge adds the counts of another histogram.
func (h *Histogram) Merge(other *Histogram) {
	if h == other {
		panic("hdr: a histogram is merged with itself")
	}
	other.mu.Lock()
	defer other.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	if other.count == 0 {
		return
	}
	for i, from := range other.counts {
		if from == nil {
			continue
		}
		if h.counts[i] == nil {
			h.counts[i] = new([half]int64)
		}
		for j, n := range from {
			h.counts[i][j] += n
		}
	}
	if h.count == 0 || other.least < h.least {
		h.least = other.least
	}
	h.most = max(h.most, other.most)
	h.count += other.count
	h.sum += other.sum
}

// Count is how many times were counted.
func (h *Histogram) Count() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// Min is the smallest time, exactly; zero when there is none.
func (h *Histogram) Min() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.least
}

// Max is the largest time, exactly; zero when there is none.
func (h *Histogram) Max() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.most
}

// Mean is the mean time; zero when there is none.
func (h *Histogram) Mean() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.count == 0 {
		return 0
	}
	return time.Duration(h.sum / float64(h.count))
}

// Quantile is the time that a share q of all do not exceed, within 0.1 %
// upwards: Quantile(0.99) is the 99th percentile. It is zero when there is no
// time.
func (h *Histogram) Quantile(q float64) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	const slack = 1e-12 // 0.999·1000 is a little more than 999
	want := max(int64(math.Ceil((min(max(q, 0), 1)-slack)*float64(h.count))), 1)
	var seen int64
	for d, n := range h.all {
		if seen += n; seen >= want {
			return min(d, h.most)
		}
	}
	return 0
}

// Share is the share of all times that do not exceed d, within the precision;
// 0 when there is none.
func (h *Histogram) Share(d time.Duration) float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.count == 0 || d < 0 {
		return 0
	}
	limit := highest(place(d))
	var seen int64
	for v, n := range h.all {
		if v > limit {
			break
		}
		seen += n
	}
	return float64(seen) / float64(h.count)
}

// All yields the times that were counted, ascending, each as the largest value
// of its place, with their counts. It works on the counts of the moment at
// which it starts.
func (h *Histogram) All() iter.Seq2[time.Duration, int64] {
	return func(yield func(time.Duration, int64) bool) {
		h.mu.Lock()
		copied := Histogram{}
		for i, from := range h.counts {
			if from != nil {
				c := *from
				copied.counts[i] = &c
			}
		}
		h.mu.Unlock()
		copied.all(yield)
	}
}

func (h *Histogram) all(yield func(time.Duration, int64) bool) {
	for i, counts := range h.counts {
		if counts == nil {
			continue
		}
		for j, n := range counts {
			if n > 0 && !yield(highest(i, j), n) {
				return
			}
		}
	}
}

// stored is a histogram in JSON. Counts are pairs: how many places further than
// the one before, and the count there. Place 1024·i + j is the j-th of the i-th
// doubling: j nanoseconds for i = 0, else from 2^(i-1)·(1024+j) on.
type stored struct {
	Unit   string  `json:"unit"` // "ns"
	Min    int64   `json:"min"`
	Max    int64   `json:"max"`
	Sum    float64 `json:"sum"`
	Counts []int64 `json:"counts"`
}

// MarshalJSON writes the counts that are not zero, about 4 bytes for each.
func (h *Histogram) MarshalJSON() ([]byte, error) {
	s := stored{Unit: "ns", Counts: []int64{}}
	h.mu.Lock()
	s.Min, s.Max, s.Sum = int64(h.least), int64(h.most), h.sum
	last := 0
	for d, n := range h.all {
		i, j := place(d)
		s.Counts = append(s.Counts, int64(half*i+j-last), n)
		last = half*i + j
	}
	h.mu.Unlock()
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON wrote, in place of what was counted.
func (h *Histogram) UnmarshalJSON(b []byte) error {
	var s stored
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("read histogram: %w", err)
	}
	if s.Unit != "ns" {
		return fmt.Errorf("read histogram: unit %q; want ns", s.Unit)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts, h.count = [most]*[half]int64{}, 0
	at := int64(0)
	for i := 0; i+1 < len(s.Counts); i += 2 {
		step, n := s.Counts[i], s.Counts[i+1]
		if at += step; step < 0 || at >= half*most || n < 1 {
			return errors.New("read histogram: a place that is not there, or a count below 1")
		}
		h.record(highest(int(at/half), int(at%half)), n)
	}
	h.least, h.most, h.sum = time.Duration(s.Min), time.Duration(s.Max), s.Sum
	return nil
}
