// Maps: keys of many types, deletion while ranging, nested, nil, NaN.
package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

type key struct {
	a string
	b [2]int
}
type stringer interface{ String() string }
type name string

func (n name) String() string { return "name " + string(n) }

func main() {
	m := map[key]int{{"x", [2]int{1, 2}}: 1}
	m[key{strings.ToLower("X"), [2]int{1, 2}}]++
	m[key{}] = 5
	fmt.Println(len(m), m[key{"x", [2]int{1, 2}}], m)
	im := map[any]string{1: "int", int8(1): "int8", "1": "string", 1.0: "float", name("1"): "name", [1]int{1}: "array", nil: "nil", true: "bool"}
	fmt.Println(len(im), im[1], im[int8(1)], im[1.0], im[[1]int{1}], im[nil], im[name("1")], im[uint(1)] == "")
	sm := map[stringer][]int{name("k"): {1}}
	sm[name("k")] = append(sm[name("k")], 2)
	fmt.Println(sm, sm[nil] == nil)
	nan := math.NaN()
	fm := map[float64]int{nan: 1}
	fm[nan] = 2
	_, ok := fm[nan]
	fmt.Println(len(fm), ok, fm[0])
	clear(fm)
	fmt.Println(len(fm))
	big := map[int]int{}
	for i := range 10000 {
		big[i*i] = i
	}
	n := 0
	for k := range big {
		if k%2 == 1 {
			delete(big, k)
		}
		n++
	}
	sum := 0
	for _, v := range big {
		sum += v
	}
	fmt.Println(len(big), n >= 5000, sum)
	nested := map[string]map[string][]int{}
	for _, w := range strings.Fields("a.x a.y b.x a.x") {
		p, q, _ := strings.Cut(w, ".")
		if nested[p] == nil {
			nested[p] = map[string][]int{}
		}
		nested[p][q] = append(nested[p][q], len(nested[p][q]))
	}
	fmt.Println(nested, slices.Sorted(maps.Keys(nested)))
	var null map[string]int
	fmt.Println(null["x"], len(null), null == nil)
	delete(null, "x")
	funcs := map[string]func(...int) int{"max": func(x ...int) int { return slices.Max(x) }}
	fmt.Println(funcs["max"](1, 5, 2), funcs["none"] == nil)
	structs := map[string]*struct{ n int }{"a": {1}}
	structs["a"].n++
	arr := map[string][2]int{}
	v := arr["q"]
	v[1] = 7
	arr["q"] = v
	fmt.Println(structs["a"].n, arr)
	defer func() { fmt.Println(recover()) }()
	im[[]int{1}] = "slice"
}
