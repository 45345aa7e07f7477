package result

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/stats"
)

// None stands where there is no value.
const None = "–"

// Number is x with three significant digits and never an exponent between a
// millionth and a trillion: "1230", "0.0123".
func Number(x float64) string {
	switch {
	case math.IsNaN(x):
		return None
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "-∞"
	case x == 0:
		return "0"
	case math.Abs(x) < 1e-6 || math.Abs(x) >= 1e12:
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(x))))
	if digits < 0 {
		unit := math.Pow(10, float64(-digits))
		return strconv.FormatFloat(math.Round(x/unit)*unit, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', digits, 64)
}

// Nanoseconds is a time with its unit: "1.23 ms".
func Nanoseconds(ns float64) string {
	number, unit := scaled(ns, times, ns)
	return number + " " + unit
}

// Time is a duration with its unit: "1.23 ms".
func Time(d time.Duration) string { return Nanoseconds(float64(d)) }

// Quantity is a value of a unit. Times in nanoseconds and large rates are told
// in a unit that suits: "1.50 µs" for 1500 ns, "2.00 M/s" for 2000000 1/s.
func Quantity(x float64, unit string) string {
	if units := scales[unit]; units != nil {
		number, name := scaled(x, units, x)
		return number + " " + name
	}
	return strings.TrimSpace(Number(x) + " " + unit)
}

// Interval is the interval of an estimate: "[1.2, 1.4] ms", None when there is
// none.
func Interval(e stats.Estimate, unit string) string {
	if !e.HasInterval() {
		return None
	}
	units := scales[unit]
	if units == nil {
		return strings.TrimSpace(fmt.Sprintf("[%s, %s] %s", Number(e.Lo), Number(e.Hi), unit))
	}
	lo, name := scaled(e.Lo, units, e.Value)
	hi, _ := scaled(e.Hi, units, e.Value)
	return fmt.Sprintf("[%s, %s] %s", lo, hi, name)
}

// Percent is a share: "12.3 %".
func Percent(share float64) string { return Number(100*share) + " %" }

type scale struct {
	unit string
	size float64
}

var times = []scale{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}, {"ns", 1}}

// scales are the units that are told in larger ones.
var scales = map[string][]scale{
	"ns":  times,
	"1/s": {{"G/s", 1e9}, {"M/s", 1e6}, {"1/s", 1}},
}

// scaled is x in the largest unit of which there is one in like.
func scaled(x float64, units []scale, like float64) (number, unit string) {
	for _, u := range units {
		if math.Abs(like) >= 0.9995*u.size || u.size == 1 {
			return Number(x / u.size), u.unit
		}
	}
	return Number(x), ""
}
