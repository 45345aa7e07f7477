//go:build !linux

package parts

import "errors"

var errNoCache = errors.New("not known how on this system; only Linux is supported")

func dropCache(string) error { return errNoCache }

func cachedPages(string, int) (in, all int, err error) { return 0, 0, errNoCache }
