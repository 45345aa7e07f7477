package stats_test

import (
	"fmt"

	"github.com/interleave-lab/interleave/lib/stats"
)

func ExampleMedian() {
	e := stats.Median([]float64{10, 11, 9, 10, 12, 10, 11, 30})
	fmt.Printf("%.4g, between %.3g and %.3g\n", e.Value, e.Lo, e.Hi)
	// Output: 10.5, between 9.94 and 13.2
}

func ExampleMedianTest() {
	differences := []float64{0.3, 0.1, 0.4, -0.05, 0.2, 0.3, 0.25, 0.1, 0.2, 0.15}
	fmt.Printf("p = %.3f\n", stats.MedianTest(differences))
	// Output: p = 0.003
}

func ExampleMannWhitney() {
	_, p := stats.MannWhitney([]float64{31, 30, 33, 32, 35}, []float64{29, 27, 28, 26, 30.5})
	fmt.Printf("p = %.3f\n", p)
	// Output: p = 0.016
}

func ExampleShift() {
	fmt.Println(stats.Shift([]float64{31, 30, 33, 32, 35}, []float64{29, 27, 28, 26, 30.5}).Value)
	// Output: 4
}

func ExampleHolm() {
	fmt.Println(stats.Holm([]float64{0.02, 0.01, 0.5}))
	// Output: [0.04 0.03 0.5]
}

func ExampleQuantile() {
	fmt.Println(stats.Quantile([]float64{1, 2, 3, 4, 5}, 0.9))
	// Output: 4.6
}

func ExampleMean() {
	fmt.Println(stats.Mean([]float64{1, 2, 6}))
	// Output: 3
}

func ExampleAscending() {
	fmt.Println(stats.Ascending([]float64{3, 1, 2}))
	// Output: [1 2 3]
}

func ExampleExactly() {
	fmt.Println(stats.Exactly(2), stats.Exactly(2).HasInterval())
	// Output: {2 2 2} false
}

func ExampleEstimate_Map() {
	milliseconds := stats.Estimate{Value: 4, Lo: 2, Hi: 5}
	fmt.Println(milliseconds.Map(func(ms float64) float64 { return 1000 / ms })) // per second
	// Output: {250 200 500}
}

func ExampleEstimate_Holds() {
	fmt.Println(stats.Estimate{Value: 1.1, Lo: 0.9, Hi: 1.3}.Holds(1))
	// Output: true
}

func ExampleEstimate_HasInterval() {
	fmt.Println(stats.Estimate{Value: 1.1, Lo: 0.9, Hi: 1.3}.HasInterval())
	// Output: true
}

func ExampleBootstrap() {
	xs := []float64{3, 5, 4, 6, 5, 4, 3, 9, 5, 4, 6, 5}
	e := stats.Bootstrap(xs, 1, stats.Mean)
	fmt.Printf("%.2f, %v\n", e.Value, e.Holds(5))
	// Output: 4.92, true
}

func ExampleNormalQuantile() {
	fmt.Printf("%.2f\n", stats.NormalQuantile(0.975))
	// Output: 1.96
}

func ExampleStudentQuantile() {
	fmt.Printf("%.2f\n", stats.StudentQuantile(0.975, 5))
	// Output: 2.57
}

func ExampleFisherTail() {
	fmt.Printf("%.3f\n", stats.FisherTail(4.96, 1, 10))
	// Output: 0.050
}

func ExampleLeastSquares() {
	f, err := stats.LeastSquares(stats.Model{
		At:    func(p []float64, x float64) float64 { return p[0] + p[1]*x },
		Start: []float64{0, 0},
		Lower: []float64{-100, -100},
		Upper: []float64{100, 100},
	}, []float64{1, 2, 3, 4}, []float64{2.9, 5.1, 7.1, 8.9})
	fmt.Printf("%.2f + %.2f x, %v\n", f.Parameters[0].Value, f.Parameters[1].Value, err)
	// Output: 1.00 + 2.00 x, <nil>
}

func ExampleFit_At() {
	f, _ := stats.LeastSquares(stats.Model{
		At:    func(p []float64, x float64) float64 { return p[0] * x },
		Start: []float64{1}, Lower: []float64{0}, Upper: []float64{100},
	}, []float64{1, 2, 3}, []float64{2, 4.1, 5.9})
	fmt.Printf("%.1f\n", f.At(10).Value)
	// Output: 19.9
}

func ExampleFit_Of() {
	f, _ := stats.LeastSquares(stats.Model{
		At:    func(p []float64, x float64) float64 { return p[0] * x },
		Start: []float64{1}, Lower: []float64{0}, Upper: []float64{100},
	}, []float64{1, 2, 3}, []float64{2, 4.1, 5.9})
	fmt.Printf("%.2f\n", f.Of(func(p []float64) float64 { return 1 / p[0] }).Value)
	// Output: 0.50
}

func ExampleFit_Rescale() {
	f, _ := stats.LeastSquares(stats.Model{
		At:    func(p []float64, x float64) float64 { return p[0] * x },
		Start: []float64{1}, Lower: []float64{0}, Upper: []float64{100},
	}, []float64{1, 2, 3}, []float64{2, 4.1, 5.9})
	p, q := f.Parameters[0], f.Rescale(10*f.Error, f.Freedom).Parameters[0]
	fmt.Printf("%.0f times as wide\n", (q.Hi-q.Lo)/(p.Hi-p.Lo))
	// Output: 10 times as wide
}

func ExampleRoundsFor() {
	fmt.Println(stats.RoundsFor(1), stats.RoundsFor(5), stats.RoundsFor(63))
	// Output: 6 8 12
}
