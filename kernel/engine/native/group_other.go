//go:build !unix

package native

import "os/exec"

// ownGroup does nothing where there are no process groups: an interrupt ends
// the shell only.
func ownGroup(*exec.Cmd) {}
