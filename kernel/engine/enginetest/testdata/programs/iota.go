// Constants, iota, untyped arithmetic, stringers.
package main

import (
	"fmt"
	"math"
	"strings"
)

type Perm uint8

const (
	Read Perm = 1 << iota
	Write
	Exec
	all = Read | Write | Exec
)

func (p Perm) String() string {
	if p == 0 {
		return "none"
	}
	var parts []string
	for i, n := range []string{"read", "write", "exec"} {
		if p&(1<<i) != 0 {
			parts = append(parts, n)
		}
	}
	return strings.Join(parts, "|")
}

const (
	_  = iota
	KB = 1 << (10 * iota)
	MB
)

const (
	a, b = iota, -iota
	c, d
	_, _
	e, f
)

const huge = 1 << 200
const eps = huge / (huge + 1.0)
const s = "const" + "ant"
const r = 'a' + 1
const t = len(s) > 5 && r == 'b'

type day int

const (
	mon day = iota + 1
	tue
)

var names = [...]string{mon: "Monday", tue: "Tuesday"}

func main() {
	fmt.Println(Read, all, all&^Write, Perm(0), Exec+0)
	fmt.Println(KB, MB, a, b, c, d, e, f, huge>>198, eps == 1.0, s, string(rune(r)), t)
	fmt.Println(len(names), names[tue], math.MaxUint64/2 > math.MaxInt64, 7/2*2.0, 7/2.0*2)
	var x float32 = 1 << 3
	var y = 'x' * 2
	var z = 5.0 / 2
	fmt.Printf("%T %T %T %T %v %v %v\n", x, y, z, 2i, x, y, z)
	const local = iota + 5
	fmt.Println(local, uint8(255)+Perm.bits(all))
}

func (p Perm) bits() uint8 { return uint8(p) }
