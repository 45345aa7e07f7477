// Package exportdata finds what the Go compiler tells of a package in the
// archive that it writes, for golang.org/x/tools/go/gcexportdata.
package exportdata

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
)

// Of is the part of a compiler's archive that holds export data: what
// stands between two marks in its first entry. Object code behind that entry
// may hold the marks, too.
func Of(archive []byte) ([]byte, error) {
	const magic, header = "!<arch>\n", 60 // of an entry; its size stands in columns 48 to 58
	if !bytes.HasPrefix(archive, []byte(magic+"__.PKGDEF")) || len(archive) < len(magic)+header {
		return nil, errors.New("it is no archive of the compiler")
	}
	entry := archive[len(magic)+header:]
	size, err := strconv.Atoi(strings.TrimSpace(string(archive[len(magic)+48 : len(magic)+58])))
	if err != nil || size < 0 || size > len(entry) {
		return nil, errors.New("the size of its first entry is wrong")
	}
	_, data, ok := bytes.Cut(entry[:size], []byte("\n$$B\n"))
	n := bytes.LastIndex(data, []byte("\n$$\n"))
	if !ok || n < 0 {
		return nil, errors.New("it has none")
	}
	return data[:n], nil
}
