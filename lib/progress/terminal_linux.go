package progress

import (
	"os"
	"syscall"
	"unsafe"
)

// terminal says whether f is one (ioctl_tty(2), TCGETS).
func terminal(f *os.File) bool {
	var t syscall.Termios
	_, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&t)))
	return e == 0
}
