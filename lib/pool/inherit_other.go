//go:build !unix

package pool

func closeOnExec(...int) {}
