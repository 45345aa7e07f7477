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

func ExampleBar_Add() {
	b := progress.Start("items", 100)
	defer b.Done()
	b.Add(3)
	b.Add(4)
	fmt.Println(b.State().Done)
	// Output: 7
}

func ExampleBar_Set() {
	b := progress.Start("bytes", 4096)
	defer b.Done()
	b.Set(1024)
	fmt.Println(b.State().Share())
	// Output: 0.25
}

func ExampleBar_Note() {
	b := progress.Start("levels", 3)
	defer b.Done()
	b.Note("64 workers")
	fmt.Println(b.State().Note)
	// Output: 64 workers
}

// A Bar that nobody made does nothing, so a function may take one or none.
func ExampleBar_Done() {
	var b *progress.Bar
	b.Add(1)
	b.Done()
	fmt.Println(b.State().Done)
	// Output: 0
}

func ExampleBar_State() {
	b := progress.Start("rounds", 40)
	defer b.Done()
	b.Set(10)
	s := b.State()
	fmt.Println(s.Name, s.Done, s.Total)
	// Output: rounds 10 40
}

func ExampleState_Share() {
	fmt.Println(progress.State{Done: 1, Total: 8}.Share(), progress.State{Done: 1}.Share())
	// Output: 0.125 0
}

func ExampleState_Left() {
	fmt.Println(progress.State{Done: 1, Total: 4, Elapsed: time.Second}.Left())
	// Output: 3s
}

func ExampleState_String() {
	fmt.Println(progress.State{Name: "rounds", Done: 1, Total: 4, Elapsed: time.Second, Note: "warm-up"})
	// Output: rounds 1/4, 25 %, 1.0 s, 3.0 s left: warm-up
}

func ExampleState_Final() {
	fmt.Println(progress.State{Name: "rounds", Done: 3, Total: 4, Elapsed: 90 * time.Second}.Final())
	// Output: rounds 3/4 in 1m30s, not finished
}
