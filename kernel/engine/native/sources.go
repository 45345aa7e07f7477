package native

import (
	"strings"
	"sync"
)

// sources keeps the text of the cells of a session, for errors that name
// their lines.
type sources struct {
	mu    sync.Mutex
	cells map[int][]string
}

func (s *sources) add(cell int, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cells == nil {
		s.cells = map[int][]string{}
	}
	s.cells[cell] = strings.Split(code, "\n")
}

// text is the whole text of a cell.
func (s *sources) text(cell int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.cells[cell], "\n")
}

// line is the text of a 1-based line of a cell, or nothing.
func (s *sources) line(cell, line int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ls := s.cells[cell]; line >= 1 && line <= len(ls) {
		return ls[line-1]
	}
	return ""
}
