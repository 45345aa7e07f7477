//go:build unix

package zmq

import "syscall"

// makePrivate sets the mode that bind gives to the file of a socket. Linux
// does; other systems refuse, and listenIPC sets it afterwards.
func makePrivate(fd uintptr) { _ = syscall.Fchmod(int(fd), 0o600) }
