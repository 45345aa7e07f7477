package ansi

import "strings"

// Final returns what a terminal would still show of a text in which carriage
// returns and backspaces overwrite what was there, as progress displays do.
// A line that is overwritten is replaced as a whole, as far as it was written.
func Final(s string) string {
	if !strings.ContainsAny(s, "\r\b") {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for line := range strings.Lines(s) {
		text, end := strings.CutSuffix(line, "\n")
		b.WriteString(erase(overwrite(text)))
		if end {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// overwrite keeps the last part of a line that shows anything.
func overwrite(line string) string {
	parts := strings.Split(line, "\r")
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i] != "" {
			return parts[i]
		}
	}
	return ""
}

// erase lets each backspace remove the character before it.
func erase(line string) string {
	if !strings.Contains(line, "\b") {
		return line
	}
	var kept []rune
	for _, r := range line {
		switch {
		case r != '\b':
			kept = append(kept, r)
		case len(kept) > 0:
			kept = kept[:len(kept)-1]
		}
	}
	return string(kept)
}
