// Package scope runs goroutines as a tree: a scope ends only when all the
// children it started have ended.
//
//	err := scope.Run(ctx, func(s *scope.Scope) error {
//		s.Go("fetch", fetch)
//		s.Go("store", store)
//		return nil
//	})
//
// The rules are those of structured concurrency (N. J. Smith, Notes on
// structured concurrency, 2018), in Go's terms:
//
//   - Run returns when its function and every child have returned. Nothing is
//     left behind; what will not end is waited for, or, with Grace, reported
//     by name and place.
//   - The first error cancels the context of all siblings. All errors come
//     back joined, each as a *ChildError with the name of its child. A child
//     that returns because it was cancelled adds no error of its own.
//   - A panic of a child cancels its siblings too and goes on in the goroutine
//     that called Run, as the panic of any called function does: the value is
//     a *Panic with the child's name, the original value and its stack.
//   - MoveOnAfter gives a part of the work a deadline and goes on after it;
//     Race takes the first success; Map and Stream work through an iterator
//     with a limit.
//
// With Keep, a scope hands over the record of its life: who started when, and
// how each child ended.
package scope
