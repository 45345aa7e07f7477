package toolchain

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Bundle lists the packages of this module which the worker lacks because they
// need modules of others, but those of lib/parts, which few sessions use. They
// are linked as one image, whichever of them is imported: it can be made ahead,
// and is the same one in every session.
func (t *Toolchain) Bundle() []string {
	return slices.DeleteFunc(slices.Clone(t.Packages()), func(p string) bool {
		return !strings.HasPrefix(p, modulePath+"/") || t.Has(p) || strings.HasPrefix(p, modulePath+"/lib/parts")
	})
}

// Prebuild makes the image of the bundle, so that a session finds it when a
// cell imports one of its packages. It takes some seconds the first time and
// needs the modules of others, which the go command may have to fetch.
func (t *Toolchain) Prebuild(ctx context.Context) error {
	t.prebuilding.Lock()
	defer t.prebuilding.Unlock()
	bundle := t.Bundle()
	if len(bundle) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "interleave-image-")
	if err != nil {
		return fmt.Errorf("make the image of the libraries: %w", err)
	}
	defer os.RemoveAll(dir)
	s, err := t.newSession(dir)
	if err != nil {
		return err
	}
	i, err := s.image(ctx, t.ModuleDir(), bundle)
	if err != nil {
		return fmt.Errorf("make the image of the libraries: %w", err)
	}
	t.ahead.Store(i)
	return nil
}

// prebuilt waits while Prebuild is at work: its image is about to be wanted.
func (t *Toolchain) prebuilt(ctx context.Context) error {
	t.prebuilding.Lock()
	defer t.prebuilding.Unlock()
	return ctx.Err()
}
