package progress

import (
	"fmt"
	"io"
)

// line shows a bar on the last line of a terminal.
type line struct{ out io.Writer }

// clear goes to the beginning of the line and erases it (ECMA-48, EL).
const clear = "\r\x1b[K"

func (l *line) show(s State, last bool) {
	if last {
		fmt.Fprintln(l.out, clear+s.Final())
		return
	}
	fmt.Fprint(l.out, clear+s.bar()+s.String())
}

// bar is the share as twenty marks, nothing when the total is unknown.
func (s State) bar() string {
	if s.Total == 0 {
		return ""
	}
	const width = 20
	marks := []byte("[                    ] ")
	for i := range int(s.Share() * width) {
		marks[i+1] = '='
	}
	return string(marks)
}
