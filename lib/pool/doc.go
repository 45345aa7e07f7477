// Package pool runs calls of functions somewhere else: in goroutines, in a
// bounded number of them, in worker processes, or wherever an Executor of
// another module takes them. One line says where:
//
//	p := pool.Goroutines() // or pool.Bounded(8), or pool.Processes(4)
//	defer p.Close()
//	sums, err := pool.Map(ctx, p, sum, parts)
//
// Submit returns a Future, which has a Result; Then goes on with it, All waits
// for many. An Executor keeps a record of every call: when it was queued,
// started and ended, and by which worker.
//
// # Processes
//
// Values travel by gob (or JSON), so they must be of types which that encodes.
// The function is called by its name: it has to be declared, a function
// literal cannot move to another process. A worker process has variables of
// its own, which start from zero; what a function needs is its argument.
//
// In a cell of a notebook nothing else is needed. A program names its
// functions and gives Serve the first word in main, because its workers are
// the same program started again:
//
//	func main() {
//		pool.Register(sum)
//		pool.Serve() // does not return in a worker process
//		...
//	}
//
// A test does so in TestMain. When a worker process dies, its call is made
// again by another: every call has exactly one result, but a function may have
// begun more than once.
package pool
