package progress_test

import (
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/lib/progress"
)

func ExampleStart() {
	b := progress.Start("rounds", 3)
	defer b.Done()
	for i := range 3 {
		b.Note(fmt.Sprint("round ", i+1))
		b.Add(1)
	}
	fmt.Println(b.State().Done)
	// Output: 3
}

func ExampleOver() {
	for i, name := range progress.Over("greet", []string{"a", "b"}) {
		fmt.Println(i, name)
	}
	// Output:
	// 0 a
	// 1 b
}

func ExampleState() {
	s := progress.State{Name: "rounds", Done: 10, Total: 40, Elapsed: 2 * time.Second}
	fmt.Println(s)
	s.Done = 40
	fmt.Println(s.Final())
	// Output:
	// rounds 10/40, 25 %, 2.0 s, 6.0 s left
	// rounds 40/40 in 2.0 s
}
