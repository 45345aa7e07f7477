package toolchain_test

import "testing"

func TestHello(t *testing.T) {
	l := startLive(t)
	l.want("hello 1\n", "fmt", "var x int", "x++; fmt.Println(\"hello\", x)")
	l.want("hello 2\n", "fmt", "", "x++; fmt.Println(\"hello\", x)")
}
