// Package exectrace records what every goroutine did when: running, ready to
// run, waiting and for what, in a system call. It is runtime/trace around a
// function, read into timelines that can be measured and drawn.
//
//	r, err := exectrace.Record(ctx, func(ctx context.Context) error { ... })
//	charts.Gantt(r.Goroutines)
//	r.Class() // I/O-bound: nothing ran in 97 % of the time ...
//
// Regions and tasks of package runtime/trace, set by the program, are timelines
// of their own: StartRegion around the parts of a request shows what it waited
// for in each.
//
// # What it costs
//
// Recording costs well under a microsecond for each time a goroutine stops or
// starts, and no more while it runs; what is recorded is read when the function
// has returned, at about a microsecond an event. Memory is bounded: recording
// stops at Limit (64 MB, some ten million events) with the reason in Partial,
// or keeps only the end of a long run, with Last.
package exectrace
