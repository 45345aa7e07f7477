package charts

import (
	"fmt"
	"math"
	"time"
)

// Unit says what numbers are, and so how they are written.
type Unit string

// The units there are.
const (
	Count       Unit = ""    // 7, 3.4 k
	Nanoseconds Unit = "ns"  // written as 12 µs, 3.4 s
	Bytes       Unit = "B"   // written as 12 KiB
	Share       Unit = "%"   // 0.5 is 50 %
	Ratio       Unit = "×"   // 1.2 is 1.2×
	PerSecond   Unit = "1/s" // 3.4 k/s
)

// formatter is the function of the runtime that writes such numbers.
func (u Unit) formatter() *function { return &function{Name: u.name()} }

func (u Unit) name() string {
	switch u {
	case Nanoseconds:
		return "duration"
	case Bytes:
		return "bytes"
	case Share:
		return "percent"
	case Ratio:
		return "times"
	case PerSecond:
		return "perSecond"
	default:
		return "number"
	}
}

// text writes a number as the runtime does.
func (u Unit) text(x float64) string {
	switch u {
	case Nanoseconds:
		if math.Abs(x) < 1000 && x != math.Trunc(x) {
			return digits(x) + " ns"
		}
		return human(time.Duration(x))
	case Bytes:
		return binary(x)
	case Share:
		return digits(100*x) + " %"
	case Ratio:
		return digits(x) + "×"
	case PerSecond:
		return metric(x) + "/s"
	case Count:
		return metric(x)
	default: // a unit of the author's
		return metric(x) + " " + string(u)
	}
}

// column is the unit of a column of a table and what a number is multiplied
// by. Seconds become what fits when the chart is built; see Table.timed.
func (u Unit) column() (unit string, factor float64) {
	switch u {
	case Nanoseconds:
		return "s", 1e-9
	case Share:
		return "%", 100
	default:
		return string(u), 1
	}
}

// value is a number for a table.
func (u Unit) value(x float64) float64 {
	_, factor := u.column()
	return round(x * factor)
}

// head is the head of a column of such numbers.
func (u Unit) head(name string) Column {
	unit, _ := u.column()
	return Column{name, unit}
}

// metric writes large numbers with k, M, G, T.
func metric(x float64) string {
	for _, p := range []struct {
		factor, from float64
		name         string
	}{{1e12, 1e12, " T"}, {1e9, 1e9, " G"}, {1e6, 1e6, " M"}, {1e3, 1e4, " k"}} {
		if math.Abs(x) >= p.from {
			return digits(x/p.factor) + p.name
		}
	}
	return digits(x)
}

// binary writes bytes with binary prefixes.
func binary(x float64) string {
	names := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for ; math.Abs(x) >= 1024 && i < len(names)-1; i++ {
		x /= 1024
	}
	return fmt.Sprintf("%s %s", digits(x), names[i])
}

// Axis is an axis of a chart that is drawn from plain numbers.
type Axis struct {
	Name string  // what it shows: "workers"
	Unit Unit    // of the numbers
	Log  float64 // base of a logarithmic axis; 0 for a linear one
}

// axis is the axis for ECharts. Linear ones begin at 0 unless there are
// numbers below.
func (a Axis) axis() axis {
	v := valueAxis(a.Name)
	if a.Log > 1 {
		v.Type, v.LogBase, v.Min = "log", a.Log, nil
	}
	v.AxisLabel.Formatter = a.Unit.formatter()
	return v
}

// check reports a number that has no place on the axis.
func (a Axis) check(x float64) error {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return fmt.Errorf("%s is %v; want a finite number", a.name(), x)
	case a.Log != 0 && a.Log <= 1:
		return fmt.Errorf("the base of the logarithmic axis of %s is %v; want more than 1, or 0 for a linear axis", a.name(), a.Log)
	case a.Log != 0 && x <= 0:
		return fmt.Errorf("%s is %v; want more than 0 on a logarithmic axis", a.name(), x)
	}
	return nil
}

func (a Axis) name() string {
	if a.Name == "" {
		return "a value"
	}
	return a.Name
}

// decades is the axis for values that may span orders of magnitude:
// logarithmic when they do.
func (a Axis) decades(low, high float64) Axis {
	if low > 0 && high/low > 20 {
		a.Log = 10
	}
	return a
}

// at is a place on the axis in words: "10 M items", "time 3 s".
func (a Axis) at(x float64) string {
	if a.Unit == Count {
		return metric(x) + " " + a.name()
	}
	return a.name() + " " + a.Unit.text(x)
}
