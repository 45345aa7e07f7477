// Command laws measures real work whose share that cannot be divided is set,
// and compares it with what Amdahl's law fitted to the measurements says.
//
// Work that waits, as for others, is divided among any number of workers. Work
// that computes is divided among cores; with two of them there are only two
// levels, and whatever else runs on them is taken for a share that cannot be
// divided. A quiet machine gives the shares back within 0.02; -quiet makes it
// an error if it does not.
//
//	go run ./bench/laws [-rounds 10] [-quiet]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/scale"
)

func main() {
	rounds := flag.Int("rounds", 10, "measure each level `N` times")
	quiet := flag.Bool("quiet", false, "fail when a share is off by more than 0.02: the machine does nothing else")
	flag.Parse()
	if err := run(context.Background(), *rounds, *quiet); err != nil {
		fmt.Fprintln(os.Stderr, "laws:", err)
		os.Exit(1)
	}
}

// whole is how long all of the work takes for one worker.
const whole = 100 * time.Millisecond

// near is how far a fitted share may be from the one that was set.
const near = 0.02

func run(ctx context.Context, rounds int, quiet bool) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "work\tlevels\tset\tfitted\t95 %\toff by\tdisturbed rounds")
	rate := calibrate()
	far := 0
	for _, share := range []float64{0, 0.05, 0.2, 0.5} {
		for _, m := range []struct {
			name    string
			measure func() (scale.Curve, error)
		}{
			{"waits", func() (scale.Curve, error) {
				return plan(rounds, 1, 2, 4, 8).Workers(ctx, divided(share, time.Sleep))
			}},
			{"computes", func() (scale.Curve, error) {
				return plan(rounds).Cores(ctx, divided(share, func(d time.Duration) { compute(int(d.Seconds() * rate)) }))
			}},
		} {
			c, err := m.measure()
			if err != nil {
				return err
			}
			if off := tell(w, m.name, share, c); !(off <= near) {
				far++
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Printf("%d cores; %d fits are off by more than %v or were refused\n", runtime.NumCPU(), far, near)
	if quiet && far > 0 {
		return errors.New("the fits do not give back what was set")
	}
	return nil
}

func plan(rounds int, levels ...int) scale.Plan {
	return scale.Plan{Work: "set work", Levels: levels, Rounds: rounds, Budget: 20 * time.Second}
}

// tell prints one fit and returns how far it is off; that of a refused one is
// no number.
func tell(w *tabwriter.Writer, name string, share float64, c scale.Curve) float64 {
	levels := fmt.Sprintf("%d to %d", c.Points[0].Workers, c.Points[len(c.Points)-1].Workers)
	f := scale.FitAmdahl(c)
	if f.Refused != "" {
		fmt.Fprintf(w, "%s\t%s\t%.2f\trefused: %s\t\t\t%d of %d\n", name, levels, share, f.Refused, c.Disturbed(), c.Rounds())
		return math.NaN()
	}
	s := f.Parameters[0]
	off := math.Abs(s.Value - share)
	fmt.Fprintf(w, "%s\t%s\t%.2f\t%.3f\t[%.3f, %.3f]\t%.3f\t%d of %d\n", name, levels, share, s.Value, s.Lo, s.Hi, off, c.Disturbed(), c.Rounds())
	return off
}

// divided is work of which a share is done before the rest is divided.
func divided(share float64, do func(time.Duration)) scale.Work {
	return func(_ context.Context, workers int) (int64, error) {
		do(time.Duration(share * float64(whole)))
		var all sync.WaitGroup
		for range workers {
			all.Go(func() { do(time.Duration((1 - share) * float64(whole) / float64(workers))) })
		}
		all.Wait()
		return 1, nil
	}
}

// compute does steps that depend on each other and touch no memory.
func compute(steps int) {
	x := uint64(steps)
	for range steps {
		x = x*6364136223846793005 + 1442695040888963407
	}
	bench.Sink(x)
}

// calibrate is how many steps of compute one core does in a second, at the best
// of many tries.
func calibrate() (rate float64) {
	const steps = 1_000_000
	for range 100 {
		start := time.Now()
		compute(steps)
		rate = max(rate, steps/time.Since(start).Seconds())
	}
	return rate
}
