//go:build !linux

package prompt

import "os"

// hide does nothing here: what is typed is seen.
func hide(*os.File) (restore func()) { return func() {} }
