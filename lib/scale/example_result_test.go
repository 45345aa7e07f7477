package scale_test

import (
	"fmt"
	"strings"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/scale"
)

func ExampleCurve_Rounds() {
	fmt.Println(measured().Rounds())
	// Output: 6
}

func ExampleCurve_Table() {
	t := measured().Table()
	fmt.Println(t.Head[:3])
	fmt.Println(t.Rows[1][:3])
	// Output:
	// [workers throughput speed-up]
	// [2 1670 1/s 1.67×]
}

func ExampleCurve_String() {
	title, _, _ := strings.Cut(measured().String(), "\n")
	fmt.Println(title)
	// Output: a fifth is serial: 3.33× with workers 8, efficiency 41.7 %
}

func ExampleCurve_File() {
	f, err := measured().File()
	fmt.Println(f.Kind, f.Series[1].Name, f.Series[1].Unit, err)
	// Output: scale.Curve workers 2 1/s <nil>
}

func ExampleCurve_Display() {
	d := display.Of(measured())
	fmt.Println(d.Bundle[result.MIME].(result.File).Work)
	// Output: a fifth is serial
}

func ExampleFit_String() {
	title, _, _ := strings.Cut(scale.FitAmdahl(measured()).String(), "\n")
	fmt.Println(title)
	// Output: Amdahl: at most 5.00×
}

func ExampleFit_Table() {
	t := scale.FitAmdahl(measured()).Table()
	fmt.Println(t.Rows[0][0], t.Rows[0][1], t.Rows[0][3])
	// Output: σ 0.200 share that cannot be divided
}

func ExampleFit_Display() {
	d := display.Of(scale.FitAmdahl(measured()))
	fmt.Println(strings.Contains(d.Bundle["text/html"].(string), "Amdahl"))
	// Output: true
}
