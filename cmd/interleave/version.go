package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

func (a *app) versionCommand() *command {
	return &command{
		name:  "version",
		short: "print the version",
		run: func(_ context.Context, args []string) error {
			if err := none(args); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "interleave %s (built with %s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}

// release is set by the linker in what .ci/dist builds.
var release string

// version is that of this module, or the commit it was built from.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return info.Main.Version
}
