//go:build !unix

package supervise

import "os/exec"

func separate(*exec.Cmd, *User) {}

// Unprivileged is nil: only on Unix do servers refuse to be run by root.
func Unprivileged(...string) (*User, error) { return nil, nil }
