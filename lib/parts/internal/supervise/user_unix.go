//go:build unix

package supervise

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// separate has a command run in a process group of its own, so that it
// outlives this process for the moment it takes to clean up, and as a user.
func separate(cmd *exec.Cmd, u *User) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if u != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: u.UID, Gid: u.GID}
	}
}

// Unprivileged is a user for servers that refuse to be run by root: nil when
// this process is not run by root, else the first of the names that the system
// knows.
func Unprivileged(names ...string) (*User, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, n := range names {
		found, err := user.Lookup(n)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &User{uint32(uid), uint32(gid)}, nil
	}
	return nil, errors.New("it does not run as root, and there is no user for it; add one, as in useradd postgres")
}
