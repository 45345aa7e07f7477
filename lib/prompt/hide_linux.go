package prompt

import (
	"os"
	"syscall"
	"unsafe"
)

// hide switches off the terminal's echo, if f is one, until restore is called.
func hide(f *os.File) (restore func()) {
	var t syscall.Termios
	fd := f.Fd()
	if !terminalState(fd, syscall.TCGETS, &t) {
		return func() {}
	}
	silent := t
	silent.Lflag &^= syscall.ECHO
	terminalState(fd, syscall.TCSETS, &silent)
	return func() { terminalState(fd, syscall.TCSETS, &t) }
}

func terminalState(fd, request uintptr, t *syscall.Termios) bool {
	_, _, e := syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(t)))
	return e == 0
}
