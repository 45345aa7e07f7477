package kernel

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// session is the number of the only session whose history is known: this one.
const session = 1

// history remembers the last inputs, as many as fit into limit.
type history struct {
	limit int // bytes

	mu      sync.Mutex // guards entries and size
	entries []jupyter.HistoryEntry
	size    int
}

// add appends an input and forgets the oldest ones that have no room any more.
// An entry over the limit is not kept at all.
func (h *history) add(count int, input, output string) {
	e := jupyter.HistoryEntry{Session: session, Count: count, Input: input, Output: output}
	h.mu.Lock()
	defer h.mu.Unlock()
	if weight(e) > h.limit {
		return
	}
	h.entries = append(h.entries, e)
	h.size += weight(e)
	for h.size > h.limit {
		h.size -= weight(h.entries[0])
		h.entries = h.entries[1:]
	}
}

// weight is about what an entry takes in memory, in bytes.
func weight(e jupyter.HistoryEntry) int { return len(e.Input) + len(e.Output) + 64 }

// find returns the entries for which keep is true, oldest first.
func (h *history) find(keep func(jupyter.HistoryEntry) bool) []jupyter.HistoryEntry {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []jupyter.HistoryEntry
	for _, e := range h.entries {
		if keep(e) {
			found = append(found, e)
		}
	}
	return found
}

// searchHistory answers history requests.
func (k *Kernel) searchHistory(_ context.Context, _ *request, c jupyter.HistoryRequest) jupyter.Content {
	found, err := k.history.search(c)
	if err != nil {
		return jupyter.HistoryReply{Outcome: jupyter.Failure("HistoryError", err.Error())}
	}
	for i := range found {
		found[i].WithOutput = c.Output
	}
	return jupyter.HistoryReply{Outcome: jupyter.Outcome{Status: jupyter.OK}, History: found}
}

// maxPattern bounds a pattern, in bytes. No person types more.
const maxPattern = 1024

// search finds what one of the three kinds of requests asks for.
func (h *history) search(c jupyter.HistoryRequest) ([]jupyter.HistoryEntry, error) {
	switch c.Access {
	case "range":
		return h.find(inRange(c)), nil
	case "tail", "":
		return last(h.find(everything), c.N), nil
	case "search":
		if len(c.Pattern) > maxPattern {
			return nil, fmt.Errorf("the pattern has %d bytes, want at most %d", len(c.Pattern), maxPattern)
		}
		found := h.find(matching(c.Pattern))
		if c.Unique {
			found = unique(found)
		}
		return last(found, c.N), nil
	}
	return nil, fmt.Errorf("hist_access_type %q is none of range, tail and search", c.Access)
}

func everything(jupyter.HistoryEntry) bool { return true }

func inRange(c jupyter.HistoryRequest) func(jupyter.HistoryEntry) bool {
	return func(e jupyter.HistoryEntry) bool {
		return (c.Session == 0 || c.Session == session) && e.Count >= c.Start && (c.Stop == nil || e.Count < *c.Stop)
	}
}

// matching keeps inputs that match a glob as a whole: * and ? stand for any
// characters, [abc] and [^abc] for one of them or one of the others. An empty
// pattern matches everything, as in IPython.
func matching(glob string) func(jupyter.HistoryEntry) bool {
	if glob == "" {
		return everything
	}
	re, err := regexp.Compile(`(?s)^` + globToRegexp(glob) + `$`)
	if err != nil {
		// A bracket that is not one, such as [z-a]: then it is meant literally.
		re = regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, `.*`) + `$`)
	}
	return func(e jupyter.HistoryEntry) bool { return re.MatchString(e.Input) }
}

func globToRegexp(glob string) string {
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; c {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		case '[':
			set, n := globSet(glob[i:])
			b.WriteString(set)
			i += n - 1
		default:
			n := i + 1
			for n < len(glob) && !strings.ContainsRune("*?[", rune(glob[n])) {
				n++
			}
			b.WriteString(regexp.QuoteMeta(glob[i:n]))
			i = n - 1
		}
	}
	return b.String()
}

// globSet translates the set at the beginning of glob and returns its length. A
// bracket that is never closed stands for itself.
func globSet(glob string) (set string, n int) {
	body := strings.TrimPrefix(glob[1:], "^")
	not := len(glob) - 1 - len(body)
	// A ] right at the beginning belongs to the set.
	end := strings.IndexByte(body[min(1, len(body)):], ']') + 1
	if end <= 0 {
		return `\[`, 1
	}
	escaped := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `&`, `\&`, `~`, `\~`).Replace(body[:end])
	return "[" + glob[1:1+not] + escaped + "]", 1 + not + end + 1
}

// unique keeps the last of equal inputs.
func unique(entries []jupyter.HistoryEntry) []jupyter.HistoryEntry {
	at := make(map[string]int, len(entries))
	for i, e := range entries {
		at[e.Input] = i
	}
	var kept []jupyter.HistoryEntry
	for i, e := range entries {
		if at[e.Input] == i {
			kept = append(kept, e)
		}
	}
	return kept
}

// last returns the last n entries, all of them when n is nil.
func last(entries []jupyter.HistoryEntry, n *int) []jupyter.HistoryEntry {
	if n == nil || *n >= len(entries) {
		return entries
	}
	return entries[len(entries)-max(*n, 0):]
}
