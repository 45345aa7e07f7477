//go:build !linux

package progress

import "os"

// terminal says whether f is one; here, whether it is a device for characters.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
