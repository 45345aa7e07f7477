package kernel

import "github.com/interleave-lab/interleave/kernel/jupyter"

// Matches reports whether an input is found by a pattern in the history.
func Matches(pattern, input string) bool {
	return matching(pattern)(jupyter.HistoryEntry{Input: input})
}
