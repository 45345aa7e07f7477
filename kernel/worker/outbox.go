package worker

import (
	"sync"

	"golang.org/x/sys/unix"
)

// outbox holds frames on their way to the process. Sending never waits: a
// process that does not read must not stop the kernel.
type outbox struct {
	mu     sync.Mutex
	fd     int // -1 when closed
	wake   int // written to when there is something for flush to do
	unsent []byte
}

// send takes a whole frame. When the process has ended the frame is dropped.
func (o *outbox) send(frame []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fd < 0 {
		return
	}
	if len(o.unsent) == 0 {
		frame = frame[o.write(frame):]
	}
	if len(frame) > 0 {
		o.unsent = append(o.unsent, frame...)
		unix.Write(o.wake, []byte{0})
	}
}

// flush sends what it can, and reports whether something is left.
func (o *outbox) flush() (left bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fd < 0 {
		return false
	}
	o.unsent = o.unsent[o.write(o.unsent):]
	return len(o.unsent) > 0
}

// write writes what the pipe takes at once.
func (o *outbox) write(b []byte) (written int) {
	for written < len(b) {
		n, err := unix.Write(o.fd, b[written:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			if err != unix.EAGAIN { // nobody reads any more; the loop will see it
				return len(b)
			}
			break
		}
		written += n
	}
	return written
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fd >= 0 {
		unix.Close(o.fd)
		unix.Close(o.wake)
		o.fd = -1
	}
}
