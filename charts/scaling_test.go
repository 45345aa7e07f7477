package charts_test

import (
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/internal/sample"
	"github.com/interleave-lab/interleave/lib/scale"
)

func ExampleScaling() {
	var points []scale.Point
	for i, d := range []time.Duration{8 * time.Second, 4 * time.Second, 2500 * time.Millisecond} {
		points = append(points, scale.Point{Workers: 1 << i, Rounds: []time.Duration{d}, Ops: []int64{1000}})
	}
	curve, err := scale.Measured("resize 1000 pictures", "workers", points...)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := charts.Scaling(curve)
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// Resize 1000 pictures: 3.2× with 4 workers, efficiency 80 % <nil>
	// workers  throughput (1/s)  speed-up (×)  from (×)  to (×)  efficiency (%)  verdict
	//       1               125             1         1       1             100
	//       2               250             2         2       2             100  no difference shown
	//       4               400           3.2       3.2     3.2              80  no difference shown
}

func ExampleScaling_fits() {
	curve := sample.Curve()
	c, err := charts.Scaling(curve, scale.FitAmdahl(curve), scale.FitUSL(curve))
	fmt.Println(c.Title(), err)
	// Output: Hash a million blocks: 9.7× [9.46, 9.95] with 32 workers, efficiency 30 % <nil>
}
