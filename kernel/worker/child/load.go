package child

import (
	"errors"
	"fmt"
	"slices"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

const page = 4096

// load maps a module, adds it to the program and, if it is an image of
// packages, initialises them.
func (p *process) load(m wire.Load) {
	conflicts, err := p.add(m.Module)
	switch {
	case err != nil:
		p.done(wire.Done{ID: m.ID, Error: err.Error(), Taken: errors.Is(err, syscall.EEXIST)})
	case len(conflicts) > 0 || m.Module.Entry != 0:
		p.done(wire.Done{ID: m.ID, Conflicts: conflicts})
	default:
		go p.initialise(m)
	}
}

// initialise runs the initialisers of packages, which are code of others and
// may do anything.
func (p *process) initialise(m wire.Load) {
	r := &run{id: m.ID, cell: m.Cell, number: goroutine(), ended: make(chan struct{})}
	r.record = rt.Enter(imageRecord)
	p.records.add(r.record)
	p.execute(r, func() { rt.Init(m.Module.Moduledata) })
}

// imageRecord is the id of the record of package initialisers and of the
// goroutines which they start: these belong to no cell.
const imageRecord = -1

// add maps a module and adds it to the program, or leaves everything as it
// was.
func (p *process) add(m wire.Module) ([]wire.Conflict, error) {
	if m.BuildID != p.buildID {
		return nil, fmt.Errorf("load %s: it was linked for worker %s, this is %s", m.File, m.BuildID, p.buildID)
	}
	if err := check(m); err != nil {
		return nil, fmt.Errorf("load %s: %w", m.File, err)
	}
	if !rt.Linked {
		return nil, fmt.Errorf("load %s: this program is not a worker", m.File)
	}
	if err := mapSegments(m); err != nil {
		return nil, fmt.Errorf("load %s: %w", m.File, err)
	}
	conflicts := made(m.Types)
	if len(conflicts) == 0 {
		pairs := rt.Load(m.Moduledata, flat(m.Fixes), flat(m.Moves))
		for i := 0; i+1 < len(pairs); i += 2 {
			conflicts = append(conflicts, wire.Conflict{New: uint64(pairs[i]), Live: uint64(pairs[i+1])})
		}
	}
	if len(conflicts) > 0 {
		unmap(m.Segments)
		return conflicts, nil
	}
	for _, c := range m.Copies { // no write barrier: the value stays where it was, too
		copy(rt.Memory(c[1], c[2]), rt.Memory(c[0], c[2]))
	}
	return conflicts, nil
}

// made finds the types that package reflect has made already.
func made(types []uint64) (conflicts []wire.Conflict) {
	list := make([]uintptr, len(types))
	for i, t := range types {
		list[i] = uintptr(t)
	}
	for c := range slices.Chunk(rt.Made(list), 3) {
		conflicts = append(conflicts, wire.Conflict{
			New: uint64(c[0]), Live: uint64(c[1]), Content: slices.Clone(rt.Memory(uint64(c[1]), uint64(c[2]))),
		})
	}
	return conflicts
}

// flat lists pairs of addresses one after the other.
func flat(pairs [][2]uint64) []uintptr {
	list := make([]uintptr, 0, 2*len(pairs))
	for _, p := range pairs {
		list = append(list, uintptr(p[0]), uintptr(p[1]))
	}
	return list
}

// check refuses modules that are not what a linker makes.
func check(m wire.Module) error {
	for _, s := range m.Segments {
		if (s.Addr|s.Size|s.Offset)%page != 0 || s.Size == 0 || s.Addr == 0 || s.FileSize > s.Size {
			return fmt.Errorf("segment at %#x is not made of pages", s.Addr)
		}
		if s.Prot < wire.Read || s.Prot > wire.ReadWrite {
			return fmt.Errorf("segment at %#x has no protection", s.Addr)
		}
	}
	if !within(m, m.Moduledata, wire.ReadWrite) {
		return fmt.Errorf("module data at %#x is outside of the module's variables", m.Moduledata)
	}
	if m.Entry != 0 && !within(m, m.Entry, wire.ReadExec) {
		return fmt.Errorf("entry at %#x is outside of the module's code", m.Entry)
	}
	return nil
}

func within(m wire.Module, addr uint64, prot wire.Prot) bool {
	for _, s := range m.Segments {
		if s.Prot == prot && addr >= s.Addr && addr-s.Addr < s.Size {
			return true
		}
	}
	return false
}
