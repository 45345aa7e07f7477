// Counting words concurrently and printing a histogram.
package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

const text = `It was the best of times, it was the worst of times, it was the age of wisdom,
it was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity`

type freq struct {
	word string
	n    int
}

func count(s string) map[string]int {
	m := map[string]int{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r < 'a' || r > 'z' }) {
		m[w]++
	}
	return m
}

func main() {
	lines := strings.Split(text, "\n")
	parts := make(chan map[string]int)
	var wg sync.WaitGroup
	for _, l := range slices.Repeat(lines, 10) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			parts <- count(l)
		}()
	}
	go func() {
		wg.Wait()
		close(parts)
	}()
	total := map[string]int{}
	for p := range parts {
		for w, n := range p {
			total[w] += n
		}
	}
	var fs []freq
	for w, n := range maps.All(total) {
		fs = append(fs, freq{w, n})
	}
	slices.SortFunc(fs, func(a, b freq) int {
		return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.word, b.word))
	})
	for _, f := range fs[:6] {
		fmt.Printf("%-6s %3d %s\n", f.word, f.n, strings.Repeat("=", f.n/10))
	}
}
