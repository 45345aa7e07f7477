// Scopes, shadowing and predeclared names.
package main

import "fmt"

var x = "package"

type T struct{ x int }

func (t T) X() string { x := t.x; return fmt.Sprint(x) }

func f() (x int, err error) {
	if x, err := 5, error(nil); err == nil {
		_ = x
	}
	x = 7
	{
		x := "inner"
		_ = x
	}
	return
}

type int32 string

func len2[len any](x len) (len, bool) { return x, true }

func main() {
	fmt.Println(x)
	x := 1
	if x := x + 1; x > 1 {
		x := x * 10
		fmt.Println(x)
	} else if y := x; y > 0 {
		fmt.Println(y)
	}
	for x := x; x < 3; x++ {
		x := x * x
		fmt.Print(x, " ")
	}
	fmt.Println(x, T{9}.X())
	fmt.Println(f())
	true := false
	nil := 3
	len := func(s string) int { return -1 }
	fmt.Println(true, nil, len("abc"), int32("str"))
	v, ok := len2("generic")
	fmt.Println(v, ok)
	switch x := any(x).(type) {
	case int:
		fmt.Printf("%T %d\n", x, x+1)
	}
	func(fmt2 string) { fmt.Println(fmt2) }("param")
	type T = []string
	fmt.Println(T{"local alias"})
	const c = 1
	{
		const c = c + 1
		fmt.Println(c)
	}
	var a, b = 1, 2
	a, c2 := b, a
	fmt.Println(a, c2)
}
