package toolchain

import (
	"fmt"
	"strings"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// result is what the linker prints about a linked module.
type result struct {
	module wire.Module
	types  []string
	lines  string // "content ..." lines, for later links
	// private: it uses symbols of the session's cells.
	private bool
	code    []Code
}

// parseResult reads the linker's output: see liveFinish in the overlay.
func parseResult(text string) (result, error) {
	var r result
	for line := range strings.Lines(text) {
		var err error
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "module":
			_, err = fmt.Sscanf(rest, "%x %x", &r.module.Moduledata, &r.module.Entry)
		case "segment":
			err = r.segment(rest)
		case "refresh":
			var f [2]uint64
			_, err = fmt.Sscanf(rest, "%x %x", &f[0], &f[1])
			r.module.Fixes = append(r.module.Fixes, f)
		case "type":
			r.types = append(r.types, strings.TrimSuffix(rest, "\n"))
		case "unnamed":
			var at uint64
			_, err = fmt.Sscanf(rest, "%x", &at)
			r.module.Types = append(r.module.Types, at)
		case "code":
			err = r.function(rest)
		case "holds", "calls", "takes":
			err = r.refers(word, rest)
		case "private\n":
			r.private = true
		case "content":
			r.lines += line
		}
		if err != nil {
			return r, fmt.Errorf("read the linker's answer %q: %w", line, err)
		}
	}
	if r.module.Moduledata == 0 || len(r.module.Segments) == 0 {
		return r, fmt.Errorf("read the linker's answer: %q describes no module", text)
	}
	return r, nil
}

func (r *result) segment(text string) error {
	var s wire.Segment
	var size uint64
	var mode int
	if _, err := fmt.Sscanf(text, "%x %x %x %x %d", &s.Addr, &size, &s.Offset, &s.FileSize, &mode); err != nil {
		return err
	}
	if s.Addr%pageSize != s.Offset%pageSize {
		return fmt.Errorf("cannot be mapped")
	}
	// The text begins behind the ELF header of the file, inside a page.
	inPage := s.Addr % pageSize
	s.Addr, s.Offset, s.FileSize, size = s.Addr-inPage, s.Offset-inPage, s.FileSize+inPage, size+inPage
	if s.FileSize == inPage {
		s.FileSize = 0
	}
	s.Size = (size + pageSize - 1) &^ (pageSize - 1)
	switch mode {
	case 5:
		s.Prot = wire.ReadExec
	case 4:
		s.Prot = wire.Read
	case 6:
		s.Prot = wire.ReadWrite
	default:
		return fmt.Errorf("unknown protection %d", mode)
	}
	r.module.Segments = append(r.module.Segments, s)
	return nil
}

// end is where the text of another module may begin: in front of it is a page
// with its ELF header, and one is left out so that running over the end of a
// module faults.
func (r result) end() uint64 {
	var end uint64
	for _, s := range r.module.Segments {
		end = max(end, s.Addr+s.Size)
	}
	return end + 2*pageSize
}
