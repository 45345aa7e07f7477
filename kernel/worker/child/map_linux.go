package child

import (
	"fmt"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// mapSegments maps a module's segments at their addresses, or none of them.
func mapSegments(m wire.Module) error {
	fd, err := syscall.Open(m.File, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	for i, s := range m.Segments {
		if err := mapSegment(fd, s); err != nil {
			unmap(m.Segments[:i])
			return fmt.Errorf("map %#x bytes at %#x: %w", s.Size, s.Addr, err)
		}
	}
	return nil
}

// mapSegment maps the part that comes from the file and then zero pages for
// the rest.
func mapSegment(fd int, s wire.Segment) error {
	file := min(s.Size, (s.FileSize+page-1)&^(page-1))
	if file > 0 {
		if err := mmap(s.Addr, file, s.Prot, 0, fd, s.Offset); err != nil {
			return err
		}
	}
	if s.Size == file {
		return nil
	}
	if err := mmap(s.Addr+file, s.Size-file, s.Prot, syscall.MAP_ANON, -1, 0); err != nil {
		munmap(s.Addr, file)
		return err
	}
	return nil
}

func mmap(addr, size uint64, p wire.Prot, flags, fd int, offset uint64) error {
	const mapFixedNoReplace = 0x100000 // since Linux 4.17; older ones take addr as a wish
	prot := syscall.PROT_READ
	switch p {
	case wire.ReadExec:
		prot |= syscall.PROT_EXEC
	case wire.ReadWrite:
		prot |= syscall.PROT_WRITE
	}
	flags |= syscall.MAP_PRIVATE | mapFixedNoReplace
	got, _, e := syscall.Syscall6(syscall.SYS_MMAP, uintptr(addr), uintptr(size), uintptr(prot), uintptr(flags), uintptr(fd), uintptr(offset))
	if e != 0 {
		return e
	}
	if uint64(got) != addr {
		munmap(uint64(got), size)
		return syscall.EEXIST
	}
	return nil
}

func unmap(segments []wire.Segment) {
	for _, s := range segments {
		munmap(s.Addr, s.Size)
	}
}

func munmap(addr, size uint64) {
	if size > 0 {
		syscall.Syscall(syscall.SYS_MUNMAP, uintptr(addr), uintptr(size), 0)
	}
}
