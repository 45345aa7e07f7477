package hdr_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	port "github.com/HdrHistogram/hdrhistogram-go"

	"github.com/interleave-lab/interleave/lib/hdr"
)

// draws are distributions whose tails reach over many doublings.
var draws = map[string]func(r *rand.Rand) int64{
	"lognormal": func(r *rand.Rand) int64 { return int64(math.Exp(13 + 3*r.NormFloat64())) },
	"uniform":   func(r *rand.Rand) int64 { return r.Int64N(5000) },
	"powers":    func(r *rand.Rand) int64 { return 1 << r.IntN(41) },
	"edges":     func(r *rand.Rand) int64 { return max(0, 1<<r.IntN(41)+r.Int64N(3)-1) },
}

// Every value must be counted where the reference implementation counts it.
func TestAgainstThePort(t *testing.T) {
	for name, draw := range draws {
		r := rand.New(rand.NewPCG(1, 2))
		var ours hdr.Histogram
		theirs := port.New(1, 1<<42, 3)
		for range 50_000 {
			v := draw(r)
			ours.Record(time.Duration(v))
			if err := theirs.RecordValue(v); err != nil {
				t.Fatal(err)
			}
		}
		for _, q := range []float64{0, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 99.999, 100} {
			got, want := int64(ours.Quantile(q/100)), min(theirs.ValueAtPercentile(q), int64(ours.Max()))
			if got != want {
				t.Errorf("%s: percentile %v is %d, the port says %d", name, q, got, want)
			}
		}
		if ours.Count() != theirs.TotalCount() || math.Abs(float64(ours.Mean())/theirs.Mean()-1) > 0.001 {
			t.Errorf("%s: count %d, mean %v; the port says %d, %v", name, ours.Count(), ours.Mean(), theirs.TotalCount(), theirs.Mean())
		}
	}
}

func TestCorrectionAgainstThePort(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var during, plain hdr.Histogram
	theirs := port.New(1, 1<<42, 3)
	const interval = 20_000
	for range 5000 {
		v := draws["lognormal"](r) / 100
		during.RecordCorrected(time.Duration(v), interval)
		plain.Record(time.Duration(v))
		if err := theirs.RecordCorrectedValue(v, interval); err != nil {
			t.Fatal(err)
		}
	}
	after := plain.Corrected(interval)
	for _, q := range []float64{10, 50, 90, 99, 99.9} {
		want := theirs.ValueAtPercentile(q)
		if got := int64(during.Quantile(q / 100)); got != min(want, int64(during.Max())) {
			t.Errorf("percentile %v is %d, the port says %d", q, got, want)
		}
		// Correcting afterwards works on values told within 0.1 %.
		if got := int64(after.Quantile(q / 100)); math.Abs(float64(got)/float64(want)-1) > 0.005 {
			t.Errorf("corrected afterwards, percentile %v is %d, the port says %d", q, got, want)
		}
	}
	if during.Count() != theirs.TotalCount() {
		t.Errorf("%d counted, the port says %d", during.Count(), theirs.TotalCount())
	}
}

// Any time at all is told within 0.1 %.
func TestPrecision(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 10_000 {
		v := time.Duration(r.Int64() >> r.IntN(63))
		var h hdr.Histogram
		h.Record(v)
		for got := range h.All() {
			if got < v || float64(got-v) > 0.001*float64(v) {
				t.Fatalf("%d is told as %d", v, got)
			}
		}
		if h.Quantile(0.5) != v || h.Min() != v || h.Max() != v {
			t.Fatalf("%d: median %d, %d to %d", v, h.Quantile(0.5), h.Min(), h.Max())
		}
	}
}

func TestEmptyAndOdd(t *testing.T) {
	var h hdr.Histogram
	if h.Quantile(0.5) != 0 || h.Mean() != 0 || h.Max() != 0 || h.Min() != 0 || h.Count() != 0 || h.Share(time.Second) != 0 {
		t.Error("an empty histogram holds something")
	}
	h.Record(-5)
	h.RecordMany(7, 0)
	h.RecordMany(7, -1)
	if h.Count() != 1 || h.Max() != 0 {
		t.Errorf("%d counted, the largest is %v", h.Count(), h.Max())
	}
	h.RecordCorrected(time.Second, 0)
	if h.Count() != 2 {
		t.Errorf("without an interval %d were counted, want 2", h.Count())
	}
	if h.Quantile(-1) != 0 || h.Quantile(2) != time.Second {
		t.Errorf("quantiles outside 0 to 1: %v, %v", h.Quantile(-1), h.Quantile(2))
	}
	for range h.All() {
		break
	}
	defer func() {
		if recover() == nil {
			t.Error("a histogram was merged with itself")
		}
	}()
	h.Merge(&h)
}

func TestMergeAndJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var a, b, all hdr.Histogram
	for i := range 2000 {
		d := time.Duration(draws["lognormal"](r))
		all.Record(d)
		if i%2 == 0 {
			a.Record(d)
		} else {
			b.Record(d)
		}
	}
	a.Merge(&b)
	a.Merge(&hdr.Histogram{})
	text, err := json.Marshal(&a)
	if err != nil {
		t.Fatal(err)
	}
	var back hdr.Histogram
	back.Record(1)
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	for _, h := range []*hdr.Histogram{&a, &back} {
		if h.Count() != all.Count() || h.Min() != all.Min() || h.Max() != all.Max() || h.Quantile(0.99) != all.Quantile(0.99) || math.Abs(float64(h.Mean()-all.Mean())) > 1 {
			t.Errorf("%d from %v to %v; want %d from %v to %v", h.Count(), h.Min(), h.Max(), all.Count(), all.Min(), all.Max())
		}
	}
	for bad, want := range map[string]string{
		`{"unit":"ms"}`:                    `unit "ms"`,
		`{"unit":"ns","counts":[-1,1]}`:    "a place that is not there",
		`{"unit":"ns","counts":[99999,1]}`: "a place that is not there",
		`{"unit":"ns","counts":[1,0]}`:     "count below 1",
		`{"unit":"ns","counts":[1,"one"]}`: "read histogram",
	} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", bad, err, want)
		}
	}
}

func TestManyGoroutines(t *testing.T) {
	var h, other hdr.Histogram
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 1000 {
				h.Record(time.Duration(g * i))
				if i%100 == 0 {
					h.Quantile(0.5)
					other.Merge(&h)
				}
			}
		})
	}
	all.Wait()
	if h.Count() != 8000 {
		t.Errorf("%d counted, want 8000", h.Count())
	}
}

func BenchmarkRecord(b *testing.B) {
	var h hdr.Histogram
	for i := 0; b.Loop(); i++ {
		h.Record(time.Duration(i&1023) * time.Microsecond)
	}
}

func example() *hdr.Histogram {
	h := &hdr.Histogram{}
	for ms := range 1000 {
		h.Record(time.Duration(ms+1) * time.Millisecond)
	}
	return h
}

func ExampleHistogram() {
	h := example()
	for _, q := range []float64{0.5, 0.9, 0.99} {
		fmt.Println(h.Quantile(q).Round(time.Millisecond))
	}
	// Output:
	// 500ms
	// 900ms
	// 990ms
}

func ExampleHistogram_Record() {
	var h hdr.Histogram
	h.Record(3 * time.Millisecond)
	fmt.Println(h.Count(), h.Min(), h.Mean(), h.Max())
	// Output: 1 3ms 3ms 3ms
}

func ExampleHistogram_RecordMany() {
	var h hdr.Histogram
	h.RecordMany(time.Millisecond, 1000)
	fmt.Println(h.Count())
	// Output: 1000
}

// A closed loop that asks every 10 ms and once waits for 50 ms did not see what
// four more requests would have had to wait.
func ExampleHistogram_RecordCorrected() {
	var h hdr.Histogram
	h.RecordCorrected(50*time.Millisecond, 10*time.Millisecond)
	for d, n := range h.All() {
		fmt.Println(d.Round(time.Millisecond), n)
	}
	// Output:
	// 10ms 1
	// 20ms 1
	// 30ms 1
	// 40ms 1
	// 50ms 1
}

func ExampleHistogram_Corrected() {
	var h hdr.Histogram
	h.RecordMany(10*time.Millisecond, 99)
	h.Record(time.Second)
	fmt.Println(h.Quantile(0.95).Round(time.Millisecond), h.Corrected(10*time.Millisecond).Quantile(0.95).Round(10*time.Millisecond))
	// Output: 10ms 910ms
}

func ExampleHistogram_Merge() {
	a, b := example(), example()
	a.Merge(b)
	fmt.Println(a.Count())
	// Output: 2000
}

func ExampleHistogram_Quantile() {
	fmt.Println(example().Quantile(1))
	// Output: 1s
}

func ExampleHistogram_Share() {
	fmt.Printf("%.0f %% took no more than 100 ms\n", 100*example().Share(100*time.Millisecond))
	// Output: 10 % took no more than 100 ms
}

func ExampleHistogram_All() {
	var h hdr.Histogram
	h.Record(5)
	h.Record(5)
	h.Record(9)
	for d, n := range h.All() {
		fmt.Println(d, n)
	}
	// Output:
	// 5ns 2
	// 9ns 1
}

func ExampleHistogram_Count() {
	fmt.Println(example().Count())
	// Output: 1000
}

func ExampleHistogram_Min() {
	fmt.Println(example().Min())
	// Output: 1ms
}

func ExampleHistogram_Max() {
	fmt.Println(example().Max())
	// Output: 1s
}

func ExampleHistogram_Mean() {
	fmt.Println(example().Mean())
	// Output: 500.5ms
}

func ExampleHistogram_MarshalJSON() {
	var h hdr.Histogram
	h.RecordMany(5, 3)
	text, err := json.Marshal(&h)
	fmt.Println(string(text), err)
	// Output: {"unit":"ns","min":5,"max":5,"sum":15,"counts":[5,3]} <nil>
}

func ExampleHistogram_UnmarshalJSON() {
	var h hdr.Histogram
	err := json.Unmarshal([]byte(`{"unit":"ns","min":5,"max":5,"sum":15,"counts":[5,3]}`), &h)
	fmt.Println(h.Count(), h.Max(), err)
	// Output: 3 5ns <nil>
}

// Whatever a file holds, reading it must not panic, and what was read must
// come back the same.
func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"unit":"ns","min":5,"max":5,"sum":15,"counts":[5,3]}`))
	f.Add([]byte(`{"unit":"ns","counts":[55295,1,0,1]}`))
	f.Add([]byte(`{"unit":"ns","counts":[1]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var h, again hdr.Histogram
		if json.Unmarshal(text, &h) != nil {
			return
		}
		h.Quantile(0.99)
		h.Share(time.Second)
		out, err := json.Marshal(&h)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &again); err != nil || again.Quantile(0.5) != h.Quantile(0.5) {
			t.Errorf("%s: %v", out, err)
		}
	})
}
