package diag_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/lib/diag"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLeaks(t *testing.T) {
	never := make(chan int)
	elsewhere := make(chan int)
	start := make(chan bool)
	go func() { // starts a goroutine of its own meanwhile
		<-start
		go func() { <-elsewhere }()
		start <- true
	}()
	no := errors.New("no")
	r, err := diag.Leaks(t.Context(), func(context.Context) error {
		start <- true
		<-start
		for range 3 {
			go func() { forget(never) }()
		}
		go func() { go forget(never) }() // by one that has ended
		go func() { time.Sleep(20 * time.Millisecond) }()
		return no
	})
	close(never)
	close(elsewhere)
	if err != no {
		t.Errorf("error %v", err)
	}
	if len(r.Goroutines) != 4 {
		t.Fatalf("%d left: %v", len(r.Goroutines), r)
	}
	for _, g := range r.Goroutines {
		if g.State != "chan receive" || !strings.HasSuffix(g.Func, "diag_test.forget") || !strings.Contains(g.Where, "diag_test.go:") || g.ID == 0 || g.Created == "" {
			t.Errorf("%+v", g)
		}
	}
	if text := r.String(); !strings.Contains(text, "4 left behind") || !strings.Contains(text, "3 × chan receive") {
		t.Errorf("text: %s", text)
	}
	r, err = diag.Leaks(t.Context(), func(context.Context) error {
		go func() { time.Sleep(20 * time.Millisecond) }()
		return nil
	})
	if len(r.Goroutines) != 0 || err != nil || r.String() != "no goroutine was left behind" {
		t.Errorf("%v %v", r, err)
	}
}

func forget(c chan int) { <-c }

// account has its lock at an address of its own, not that of the account.
type account struct {
	balance int
	mu      sync.Mutex
}

//go:noinline
func transfer(from, to *account, both *sync.WaitGroup) {
	from.mu.Lock()
	defer from.mu.Unlock()
	both.Done()
	both.Wait()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance--
	to.balance++
}

// blocked waits until n goroutines wait for a lock.
func blocked(n int) diag.Graph {
	for {
		g := diag.WaitFor()
		waiting := 0
		for _, e := range g.Edges {
			if strings.HasPrefix(e.To, "mutex") {
				waiting++
			}
		}
		if waiting >= n {
			return g
		}
		time.Sleep(time.Millisecond) // the test's own limit ends this
	}
}

// Two goroutines wait for each other's lock: sync.Mutex does not say who holds
// it, so the circle is a guess. The deadlock is not undone: nothing can.
func deadlock() {
	a, b := &account{}, &account{}
	var both sync.WaitGroup
	both.Add(2)
	go transfer(a, b, &both)
	go transfer(b, a, &both)
}

func TestDeadlockOfMutexes(t *testing.T) {
	if os.Getenv("DIAG_TEST_DEADLOCK") == "" {
		// In a process of its own, which ends with its goroutines.
		child(t, "TestDeadlockOfMutexes", "DIAG_TEST_DEADLOCK=1")
		return
	}
	deadlock()
	g := blocked(2)
	cycles := g.Cycles()
	if len(cycles) != 1 || len(cycles[0]) != 4 || g.Certain(cycles[0]) {
		t.Errorf("cycles: %q\n%v", cycles, g)
	}
	if text := g.String(); !strings.HasPrefix(text, "possible deadlock: diag_test.transfer (goroutine ") {
		t.Errorf("text: %s", text)
	}
	exit(t)
}

func TestDeadlockOfTrackedMutexes(t *testing.T) {
	if os.Getenv("DIAG_TEST_DEADLOCK") == "" {
		child(t, "TestDeadlockOfTrackedMutexes", "DIAG_TEST_DEADLOCK=1")
		return
	}
	a, b := diag.Named("fork 1"), diag.Named("fork 2")
	var both sync.WaitGroup
	both.Add(2)
	eat := func(first, second *diag.Mutex) {
		first.Lock()
		both.Done()
		both.Wait()
		second.Lock()
	}
	go eat(a, b)
	go eat(b, a)
	g := blocked(2)
	cycles := g.Cycles()
	if len(cycles) != 1 || len(cycles[0]) != 4 || !g.Certain(cycles[0]) {
		t.Errorf("cycles: %q\n%v", cycles, g)
	}
	if text := g.String(); !strings.HasPrefix(text, "deadlock: ") || !strings.Contains(text, "fork 1") {
		t.Errorf("text: %s", text)
	}
	exit(t)
}

func TestMutex(t *testing.T) {
	var m diag.Mutex
	m.Lock()
	if m.TryLock() {
		t.Error("locked twice")
	}
	m.Unlock()
	if !m.TryLock() {
		t.Error("not free")
	}
	m.Unlock()
	n := 0
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 1000 {
				m.Lock()
				n++
				m.Unlock()
			}
		})
	}
	group.Wait()
	if n != 8000 {
		t.Errorf("counted %d", n)
	}
}

func TestGraph(t *testing.T) {
	c := make(chan int)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() { forget(c) })
	}
	done := make(chan bool)
	go func() { waitFor(&group); close(done) }()
	var g diag.Graph
	for { // until all wait
		g = diag.WaitFor()
		if slices.ContainsFunc(g.Nodes, func(n diag.Node) bool { return n.Kind == "goroutine" && n.Count == 5 }) &&
			slices.ContainsFunc(g.Nodes, func(n diag.Node) bool { return n.Kind == "waitgroup" }) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	close(c)
	<-done
	text := g.String()
	if !strings.Contains(text, "diag_test.forget × 5") || !strings.Contains(text, "waits for channel chan receive at") || len(g.Cycles()) != 0 {
		t.Errorf("graph:\n%s", text)
	}
}

// A goroutine whose stack is all library is known by who has started it.
func TestLibraryGoroutine(t *testing.T) {
	var m sync.Mutex
	m.Lock()
	go m.Lock()
	g := blocked(1)
	m.Unlock()
	if text := g.String(); !strings.Contains(text, "diag_test.TestLibraryGoroutine (goroutine ") {
		t.Errorf("graph:\n%s", text)
	}
}

func waitFor(group *sync.WaitGroup) { group.Wait() }

func TestRace(t *testing.T) {
	testneeds.Command(t, "gcc", "apt install gcc libc6-dev")
	for name, text := range map[string]string{
		"statements": `n := 0
var group sync.WaitGroup
for range 2 {
	group.Go(func() { n++ })
}
group.Wait()
fmt.Println("done")`,
		"program": `package main
import "sync"
var n = 0
func main() {  var group sync.WaitGroup; for range 2 { group.Go(add) }; group.Wait(); println("done") }
func add() { n++ }`,
		"declarations": `var n int
func main() {
	c := make(chan bool)
	go func() {
		n++; c <- true
	}()
	n++; <-c; fmt.Println("done")
}`,
	} {
		r, err := diag.Race(t.Context(), text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(r.Races) == 0 || r.Exit != nil || !strings.Contains(r.Output, "done") || strings.Contains(r.Output, "====") {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		lines := strings.Split(text, "\n")
		for _, a := range []diag.Access{r.Races[0].First, r.Races[0].Second} {
			if a.File != "program.go" || a.Line < 1 || !strings.Contains(lines[a.Line-1], "n++") || !strings.HasPrefix(a.Func, "main.") || a.Op == "" || a.Goroutine == "" {
				t.Errorf("%s: %+v", name, a)
			}
		}
		if !strings.Contains(r.String(), "1 races\n1. ") {
			t.Errorf("%s: %s", name, r)
		}
	}
}

func TestRaceFaults(t *testing.T) {
	testneeds.Command(t, "gcc", "apt install gcc libc6-dev")
	r, err := diag.Race(t.Context(), `fmt.Println("fine")`)
	if err != nil || len(r.Races) != 0 || r.Output != "fine\n" || r.String() != "no race in this run" {
		t.Errorf("%+v %v", r, err)
	}
	r, err = diag.Race(t.Context(), `os.Exit(3)`)
	if err != nil || r.Exit == nil {
		t.Errorf("exit: %+v %v", r, err)
	}
	if _, err := diag.Race(t.Context(), `x := `); err == nil {
		t.Error("no program at all")
	}
	if _, err := diag.Race(t.Context(), "\nnope()"); err == nil || !strings.Contains(err.Error(), "program.go:2") {
		t.Errorf("does not compile: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := diag.Race(ctx, `select {}`); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CC", "")
	if _, err := diag.Race(t.Context(), `x := 1; _ = x`); !errors.Is(err, diag.ErrNoCompiler) {
		t.Errorf("without a compiler: %v", err)
	}
}
