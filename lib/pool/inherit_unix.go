//go:build unix

package pool

import "syscall"

// closeOnExec keeps descriptors from the processes that functions start: these
// would hold the pipes open when the worker has died.
func closeOnExec(fds ...int) {
	for _, fd := range fds {
		syscall.CloseOnExec(fd)
	}
}
