package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock is a lock on a file between processes; it ends with the process.
type lock struct{ f *os.File }

var errLocked = errors.New("another process holds the lock")

// tryLock takes a lock, shared or exclusive, or returns errLocked.
func tryLock(name string, shared bool) (*lock, error) {
	for {
		l, err := tryLockOnce(name, shared)
		if err != nil || l.counts() {
			return l, err
		}
		l.release()
	}
}

func tryLockOnce(name string, shared bool) (*lock, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, fmt.Errorf("lock the cache: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), how(shared)|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	return &lock{f}, nil
}

// waitLock takes a lock; waiting is called if somebody else has it.
func waitLock(ctx context.Context, name string, shared bool, waiting func()) (*lock, error) {
	if l, err := tryLock(name, shared); !errors.Is(err, errLocked) {
		return l, err
	}
	waiting()
	for {
		l, err := waitLockOnce(ctx, name, shared)
		if err != nil || l.counts() {
			return l, err
		}
		l.release()
	}
}

func waitLockOnce(ctx context.Context, name string, shared bool) (*lock, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, fmt.Errorf("lock the cache: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- flock(f, how(shared)) }()
	select {
	case err := <-done:
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", name, err)
		}
		return &lock{f}, nil
	case <-ctx.Done():
		go func() { <-done; f.Close() }() // flock cannot be called off; it ends when the other is done
		return nil, fmt.Errorf("wait for another process that builds the Go tools: %w", ctx.Err())
	}
}

// counts reports whether the file is still there: who removes an entry of the
// cache removes its locks, and others may wait for them.
func (l *lock) counts() bool {
	var st syscall.Stat_t
	return syscall.Fstat(int(l.f.Fd()), &st) != nil || st.Nlink > 0
}

func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func how(shared bool) int {
	if shared {
		return syscall.LOCK_SH
	}
	return syscall.LOCK_EX
}

func (l *lock) release() error {
	if l == nil || l.f == nil {
		return nil
	}
	f := l.f
	l.f = nil
	return f.Close()
}
