// The game of life on a torus.
package main

import (
	"fmt"
	"strings"
)

const (
	w = 16
	h = 8
)

type world [h][w]bool

func (g *world) alive(y, x int) int {
	if g[(y+h)%h][(x+w)%w] {
		return 1
	}
	return 0
}

func (g world) next() (n world) {
	for y := range h {
		for x := range w {
			c := 0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if dy != 0 || dx != 0 {
						c += g.alive(y+dy, x+dx)
					}
				}
			}
			n[y][x] = c == 3 || c == 2 && g[y][x]
		}
	}
	return n
}

func (g world) String() string {
	var b strings.Builder
	for _, row := range g {
		for _, c := range row {
			if c {
				b.WriteByte('#')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func main() {
	var g world
	for _, p := range [][2]int{{0, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}} {
		g[p[0]][p[1]] = true
	}
	start := g
	for range 4 {
		g = g.next()
	}
	fmt.Print(g)
	fmt.Println(g == start, g.next() == g)
	seen := map[world]int{}
	for i := 0; ; i++ {
		if j, ok := seen[g]; ok {
			fmt.Println("period", i-j)
			break
		}
		seen[g] = i
		g = g.next()
	}
}
