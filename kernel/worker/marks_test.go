package worker_test

import "testing"

// There may be any number of stopped cells whose goroutines wait: none of them
// goes on when what it waits for comes. (A table of marks for 16,384 ran full in
// a prototype.)
func TestLiveMarksAnyNumberOfRecords(t *testing.T) {
	l := startLive(t)
	l.want("0 are left, 0 went on\n", "", `
const cells = 20_000
records := make([]rt.Record, cells)
gate, before := make(chan int), runtime.NumGoroutine()
var there sync.WaitGroup
var on atomic.Int64
for i := range cells {
	there.Add(1)
	go func() {
		records[i] = rt.Enter(int64(1000 + i))
		there.Done()
		<-gate
		on.Add(1)
	}()
}
there.Wait()
for waiting := 0; waiting < cells; { // one that runs is not stopped by a mark alone
	looks, _, _ := rt.Goroutines(0, 2*cells)
	waiting = 0
	for _, l := range looks {
		if l.State >= rt.Waits {
			waiting++
		}
	}
}
for _, r := range records {
	r.Mark()
}
close(gate)
for begin := time.Now(); runtime.NumGoroutine() > before && time.Since(begin) < time.Minute; {
	time.Sleep(time.Millisecond)
}
fmt.Println(max(runtime.NumGoroutine()-before, 0), "are left,", on.Load(), "went on")`)
}
