// Package prompt asks whoever reads the notebook for a line of text.
//
// In a cell the front end shows a field to type in ("Messaging in Jupyter",
// input_request); in a plain program the terminal is read.
package prompt

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// Line shows the prompt and returns the line that is typed, without its end.
// It is an error that wraps io.EOF when nobody can be asked.
func Line(prompt string) (string, error) { return ask(prompt, false) }

// Password is Line for what must not be seen while it is typed.
func Password(prompt string) (string, error) { return ask(prompt, true) }

// Source answers questions.
type Source func(prompt string, password bool) (string, error)

var source struct {
	sync.Mutex
	set Source
}

// SetSource makes s answer from now on, and returns the source before. The
// kernel does so for cells; a test may do so to answer in a person's place. A
// nil Source reads the terminal.
func SetSource(s Source) (previous Source) {
	source.Lock()
	defer source.Unlock()
	previous, source.set = source.set, s
	return previous
}

func ask(prompt string, password bool) (string, error) {
	source.Lock()
	s := source.set
	source.Unlock()
	if s == nil {
		s = terminal
	}
	return s(prompt, password)
}

var stdin = bufio.NewReader(os.Stdin)

// terminal asks on standard output and reads standard input. Passwords are
// not shown while they are typed.
func terminal(prompt string, password bool) (string, error) {
	fmt.Print(prompt)
	if password {
		restore := hide(os.Stdin)
		defer fmt.Println()
		defer restore()
	}
	line, err := stdin.ReadString('\n')
	if err != nil && (err != io.EOF || line == "") {
		return "", fmt.Errorf("read an answer to %q: %w", prompt, err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
