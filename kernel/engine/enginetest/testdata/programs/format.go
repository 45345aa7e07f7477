// fmt in depth: verbs, flags, methods, nested values.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

type point struct {
	X, Y int
	name string
}
type temp float64
type secret []byte
type matrix [2][2]int
type tree struct {
	Left, Right *tree
	Val         any
}
type grid struct{ w, h int }

func (t temp) String() string { return fmt.Sprintf("%.1f°", float64(t)) }
func (s secret) Format(f fmt.State, verb rune) {
	if w, ok := f.Width(); ok {
		fmt.Fprint(f, strings.Repeat("*", w))
		return
	}
	fmt.Fprintf(f, "<%c>", verb)
}
func (g *grid) Scan(st fmt.ScanState, verb rune) error {
	_, err := fmt.Fscanf(st, "%dx%d", &g.w, &g.h)
	return err
}

type panicky struct{}

func (panicky) String() string { panic("no text") }

func main() {
	p := point{1, -2, "p"}
	fmt.Printf("%v|%+v|%#v|%T|%d\n", p, p, p, p, p)
	fmt.Printf("%v %+v\n", &p, []*point{nil})
	fmt.Printf("%s %v %.2f %d\n", temp(21.55), []temp{1, 2}, temp(3), temp(4))
	fmt.Printf("%v %8x %s\n", secret("abc"), secret("d"), secret("e"))
	fmt.Printf("%v %d %#v\n", matrix{{1, 2}, {3, 4}}, matrix{}, matrix{})
	fmt.Printf("%+v\n", tree{nil, nil, map[string][]int{"k": {1}}})
	fmt.Printf("%6.2f|%-10s|%10s|%+d|%x|%#x|%#o|%08.3f|% d|%q\n", 3.14159, "left", "right", 5, "hex", 255, 8, -3.14159, 42, []string{"a b", "c"})
	fmt.Printf("%*d|%-*d|%.*f\n", 5, 42, 5, 42, 2, 2.0/3)
	fmt.Printf("%t %v %p %v %c %U %#U\n", true, nil, nil, error(nil), 0x1F600, 0x1F600, 'x')
	fmt.Printf("%d %s\n", "str", 5)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%d %d\n", 1)
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0, nil, []byte("x")), fmt.Sprintln("end", 1))
	fmt.Println(panicky{}, (*temp)(nil) == nil)
	e := fmt.Errorf("layer 2: %w", fmt.Errorf("layer 1: %w", os.ErrNotExist))
	fmt.Printf("%v %t %q\n", e, errors.Is(e, os.ErrNotExist), e)
	var g grid
	var s string
	n, err := fmt.Sscan("640x480 rest", &g, &s)
	fmt.Println(n, err, g.w, g.h, s)
	var a, b int
	n, err = fmt.Sscanf("10-20", "%d-%d", &a, &b)
	fmt.Println(n, err, a, b)
	fmt.Println(time.Duration(90)*time.Second, []any{nil, 1.0, 'a', "s", true, 2i})
}
