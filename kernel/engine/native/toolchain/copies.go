package toolchain

import "fmt"

// Copy says that a variable takes over the value of another that lives. Both
// are told by the linker's names.
type Copy struct {
	From, To string
	Size     int64 // in bytes
}

// copies finds the addresses {from, to, size}. What a cell adds lies in added.
func (s *Session) copies(list []Copy, added []symbol) (found [][3]uint64, err error) {
	for _, c := range list {
		from, ok := s.index.get(symbolHash(c.From))
		if !ok {
			continue // it has never been compiled
		}
		to, ok := s.index.get(symbolHash(c.To))
		for _, a := range added {
			if a.hash == symbolHash(c.To) {
				to, ok = a.value, true
			}
		}
		if !ok {
			return nil, fmt.Errorf("link: the cell has no variable %s to keep the value of %s", c.To, c.From)
		}
		found = append(found, [3]uint64{from, to, uint64(c.Size)})
	}
	return found, nil
}
