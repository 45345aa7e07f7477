package jupyter

import "unicode/utf8"

// Offset returns the byte offset in code of a cursor position, which the
// specification counts in code points. Positions outside the code are moved to
// its nearest end.
func Offset(code string, cursor int) int {
	if cursor <= 0 {
		return 0
	}
	n := 0
	for i := range code {
		if n == cursor {
			return i
		}
		n++
	}
	return len(code)
}

// Cursor is the inverse of Offset.
func Cursor(code string, offset int) int {
	return utf8.RuneCountInString(code[:min(max(offset, 0), len(code))])
}
