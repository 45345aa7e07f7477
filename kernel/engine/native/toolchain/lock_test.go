package toolchain_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// Who waits for a lock whose file is removed meanwhile gets one that counts.
func TestLockOfRemovedFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	release, err := toolchain.WaitLock(t.Context(), name, func() {})
	if err != nil {
		t.Fatal(err)
	}
	waiting, got := make(chan bool), make(chan error)
	go func() {
		release, err := toolchain.WaitLock(context.Background(), name, func() { close(waiting) })
		if err == nil {
			if _, missing := os.Stat(name); missing != nil {
				err = missing
			}
			release()
		}
		got <- err
	}()
	<-waiting
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestLockCancelled(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	release, err := toolchain.WaitLock(t.Context(), name, func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := toolchain.WaitLock(ctx, name, cancel); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
