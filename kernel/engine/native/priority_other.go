//go:build !linux

package native

// lowPriority does nothing: only Linux has priorities of threads.
func lowPriority() {}
