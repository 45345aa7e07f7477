// Package ansi reads text with terminal control sequences (ECMA-48), as cells
// write it.
package ansi

import (
	"regexp"
	"strings"
)

// sequence is a control sequence (CSI), an operating system command (OSC:
// titles, links) or another escape of two characters.
var sequence = regexp.MustCompile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b[^\\[\\]]|\x1b")

// Strip returns the text without control sequences.
func Strip(s string) string {
	if !strings.Contains(s, "\x1b") {
		return s
	}
	return sequence.ReplaceAllString(s, "")
}
