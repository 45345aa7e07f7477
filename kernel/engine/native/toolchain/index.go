package toolchain

import (
	"encoding/binary"
	"fmt"
	"os"
)

// index is the file in which the linker looks up the symbols of a session's
// cells. Its format, and the meaning of hashes and values, are those of
// overlay/files/link/cmd/link/internal/ld/liveindex.go.txt.
type index struct {
	name  string
	id    string
	slots []byte
	used  int
}

const (
	indexMagic  = "liveidx1"
	indexHeader = 128
	indexSlots  = 1024 // at first
	slotSize    = 16
)

type symbol struct{ hash, value uint64 }

func newIndex(name, id string) (*index, error) {
	x := &index{name: name, id: id, slots: make([]byte, indexSlots*slotSize)}
	return x, x.write()
}

// add puts symbols into the index, in place of older ones of the same name.
// Cost: a system call for each, and now and then the whole file.
func (x *index) add(symbols []symbol) error {
	var changed []int
	grown := false
	for _, s := range symbols {
		if (x.used+1)*2 > len(x.slots)/slotSize {
			x.grow()
			grown = true
		}
		changed = append(changed, x.put(s))
	}
	if grown {
		return x.write()
	}
	return x.writeSlots(changed)
}

// has reports whether there is a symbol with this hash.
func (x *index) has(hash uint64) bool {
	_, ok := x.get(hash)
	return ok
}

// get is the value of the symbol with this hash.
func (x *index) get(hash uint64) (value uint64, ok bool) {
	mask := uint64(len(x.slots)/slotSize) - 1
	for i := hash & mask; ; i = (i + 1) & mask {
		switch binary.LittleEndian.Uint64(x.slots[i*slotSize:]) {
		case 0:
			return 0, false
		case hash:
			return binary.LittleEndian.Uint64(x.slots[i*slotSize+8:]), true
		}
	}
}

// symbolHash is the key of data symbols, and of what else the index says of
// them; liveHash in the linker.
func symbolHash(name string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(name) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	h = (h ^ 1) * 1099511628211
	h ^= h >> 29
	return max(h, 1)
}

// put returns the offset of the symbol's slot.
func (x *index) put(s symbol) int {
	mask := uint64(len(x.slots)/slotSize) - 1
	for i := s.hash & mask; ; i = (i + 1) & mask {
		slot := x.slots[i*slotSize:]
		switch binary.LittleEndian.Uint64(slot) {
		case 0:
			x.used++
			binary.LittleEndian.PutUint64(slot, s.hash)
			fallthrough
		case s.hash:
			binary.LittleEndian.PutUint64(slot[8:], s.value)
			return int(i * slotSize)
		}
	}
}

func (x *index) grow() {
	old := x.slots
	x.slots, x.used = make([]byte, 2*len(old)), 0
	for _, s := range symbols(old) {
		if s.hash != 0 {
			x.put(s)
		}
	}
}

// symbols reads {hash, value} pairs, which the linker's delta consists of too.
func symbols(b []byte) []symbol {
	var list []symbol
	for ; len(b) >= slotSize; b = b[slotSize:] {
		list = append(list, symbol{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])})
	}
	return list
}

func (x *index) write() error {
	head := make([]byte, indexHeader)
	put := func(off, v int) { binary.LittleEndian.PutUint64(head[off:], uint64(v)) }
	copy(head, indexMagic)
	put(8, indexHeader+len(x.slots))
	put(16, len(x.slots)/slotSize)
	put(24, indexHeader)
	put(72, len(x.id))
	copy(head[80:], x.id)
	if err := os.WriteFile(x.name, append(head, x.slots...), 0o666); err != nil {
		return fmt.Errorf("write the session's index: %w", err)
	}
	return nil
}

func (x *index) writeSlots(offsets []int) error {
	f, err := os.OpenFile(x.name, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write the session's index: %w", err)
	}
	defer f.Close()
	for _, off := range offsets {
		if _, err := f.WriteAt(x.slots[off:off+slotSize], int64(indexHeader+off)); err != nil {
			return fmt.Errorf("write the session's index: %w", err)
		}
	}
	return nil
}

// readIndex reads the symbols of an index which the linker wrote; some of them
// are zero.
func readIndex(name string) ([]symbol, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read an index: %w", err)
	}
	if len(b) < indexHeader || string(b[:len(indexMagic)]) != indexMagic {
		return nil, fmt.Errorf("read an index: %s is none", name)
	}
	n, off := binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:])
	if off > uint64(len(b)) || n > (uint64(len(b))-off)/slotSize {
		return nil, fmt.Errorf("read an index: %s is cut short", name)
	}
	return symbols(b[off : off+n*slotSize]), nil
}
