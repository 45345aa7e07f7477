// Initialisation of packages, variables and init functions.
package main

import "fmt"

var (
	x = trace("x", y+1)
	y = trace("y", z+1)
	z = trace("z", 1)
	_ = trace("blank", 0)
	f = func() int { return trace("f", len(table)) }
	n = f()
)

var table = map[string]int{"a": trace("table a", 1), "b": trace("table b", x)}

var a, b = pair()

type config struct{ name string }

var cfg = newConfig(defaultName)

const defaultName = "default"

func newConfig(s string) *config { fmt.Println("config", s); return &config{s} }

func pair() (int, string) { fmt.Println("pair"); return 1, "b" }

func trace(s string, v int) int {
	count++
	fmt.Println(count, s, v)
	return v
}

var count int

func init() {
	fmt.Println("init 1", x, y, z, n)
	cfg.name = "changed"
}

func init() { fmt.Println("init 2", cfg.name, a, b) }

func main() {
	fmt.Println("main", len(table), count)
}
