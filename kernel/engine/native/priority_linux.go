package native

import "syscall"

// lowPriority lets the calling thread, and the processes that it starts, give
// way to others.
func lowPriority() {
	const thread, nice = 0, 10
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, thread, nice) // without it they only do not give way
}
