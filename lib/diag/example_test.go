package diag_test

import (
	"context"
	"fmt"

	"github.com/interleave-lab/interleave/lib/diag"
)

func ExampleLeaks() {
	never := make(chan int)
	defer close(never)
	r, err := diag.Leaks(context.Background(), func(context.Context) error {
		go func() { forget(never) }()
		return nil
	})
	fmt.Println(len(r.Goroutines), r.Goroutines[0].State, err)
	// Output: 1 chan receive <nil>
}

func ExampleWaitFor() {
	var m diag.Mutex
	m.Lock()
	turns := 0
	go func() {
		m.Lock()
		defer m.Unlock()
		turns++
	}()
	g := blocked(1)
	m.Unlock()
	for _, e := range g.Edges {
		if e.Label == "waits for" && e.To[:5] == "mutex" {
			fmt.Println("somebody waits for a mutex, a deadlock:", len(g.Cycles()) > 0)
		}
	}
	// Output: somebody waits for a mutex, a deadlock: false
}

func ExampleGraph_Cycles() {
	g := diag.Graph{
		Nodes: []diag.Node{{ID: "a"}, {ID: "b"}, {ID: "lock 1"}, {ID: "lock 2"}},
		Edges: []diag.Edge{
			{From: "a", To: "lock 1"}, {From: "lock 1", To: "b"},
			{From: "b", To: "lock 2"}, {From: "lock 2", To: "a", Guess: true},
		},
	}
	for _, c := range g.Cycles() {
		fmt.Println(c, g.Certain(c))
	}
	// Output: [a lock 1 b lock 2] false
}

func ExampleGraph_Certain() {
	g := diag.Graph{Edges: []diag.Edge{{From: "a", To: "b"}, {From: "b", To: "a"}}}
	fmt.Println(g.Certain([]string{"a", "b"}))
	// Output: true
}

func ExampleNamed() {
	m := diag.Named("ledger")
	m.Lock()
	defer m.Unlock()
	fmt.Println(m.TryLock())
	// Output: false
}

func ExampleMutex() {
	var m diag.Mutex
	m.Lock()
	fmt.Println(m.TryLock())
	m.Unlock()
	fmt.Println(m.TryLock())
	m.Unlock()
	// Output:
	// false
	// true
}

func ExampleGoroutines() {
	all := diag.Goroutines()
	fmt.Println(len(all) > 0, all[0].ID > 0)
	// Output: true true
}

func ExampleRace() {
	r, err := diag.Race(context.Background(), `
n := 0
done := make(chan bool)
go func() { n++; done <- true }()
n++
<-done`)
	if err != nil {
		fmt.Println(err) // without a C compiler
		return
	}
	for _, d := range r.Races {
		fmt.Println("lines", d.First.Line, "and", d.Second.Line)
	}
}

func ExampleMutex_Lock() {
	var m diag.Mutex
	m.Lock()
	fmt.Println(m.TryLock())
	// Output: false
}

func ExampleMutex_TryLock() {
	var m diag.Mutex
	fmt.Println(m.TryLock(), m.TryLock())
	// Output: true false
}

func ExampleMutex_Unlock() {
	var m diag.Mutex
	m.Lock()
	fmt.Println(m.TryLock())
	m.Unlock()
	fmt.Println(m.TryLock())
	// Output:
	// false
	// true
}

func ExampleGoroutine_String() {
	fmt.Println(diag.Goroutine{ID: 7, State: "chan receive", Func: "main.consume", Where: "cell[3]:5"})
	// Output: goroutine 7: chan receive in main.consume (cell[3]:5)
}

func ExampleGraph_String() {
	fmt.Print(diag.Graph{
		Nodes: []diag.Node{{ID: "goroutine 7", Label: "eat", Kind: "goroutine"}, {ID: "mutex 0x10", Label: "fork 1", Kind: "mutex"}},
		Edges: []diag.Edge{{From: "goroutine 7", To: "mutex 0x10", Label: "waits for"}, {From: "mutex 0x10", To: "goroutine 7", Label: "held by"}},
	})
	// Output:
	// deadlock: eat (goroutine 7) → fork 1 → eat (goroutine 7)
	// eat (goroutine 7) waits for fork 1
	// fork 1 held by eat (goroutine 7)
}

func ExampleLeakReport_String() {
	fmt.Println(diag.LeakReport{Goroutines: []diag.Goroutine{
		{State: "chan send", Func: "main.search", Where: "cell[2]:4", CreatedAt: "cell[2]:3"},
		{State: "chan send", Func: "main.search", Where: "cell[2]:4", CreatedAt: "cell[2]:3"},
	}})
	// Output:
	// 2 left behind
	// 2 × chan send in main.search (cell[2]:4), started at cell[2]:3
}

func ExampleAccess_String() {
	fmt.Println(diag.Access{Op: "write", Goroutine: "goroutine 7", Func: "main.add", File: "program.go", Line: 5})
	// Output: write by goroutine 7 in main.add (program.go:5)
}

func ExampleRaceReport_String() {
	fmt.Println(diag.RaceReport{Races: []diag.DataRace{{
		First:  diag.Access{Op: "read", Goroutine: "main goroutine", Func: "main.main", File: "program.go", Line: 9},
		Second: diag.Access{Op: "write", Goroutine: "goroutine 7", Func: "main.add", File: "program.go", Line: 5},
	}}})
	// Output:
	// 1 races
	// 1. read by main goroutine in main.main (program.go:9)
	//    write by goroutine 7 in main.add (program.go:5)
}
