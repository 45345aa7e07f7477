package parts

import (
	"os"
	"syscall"
	"unsafe"
)

const adviceDontNeed = 4 // POSIX_FADV_DONTNEED

// dropCache asks for a file's pages to be dropped; see posix_fadvise(2).
func dropCache(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, _, e := syscall.Syscall6(syscall.SYS_FADVISE64, f.Fd(), 0, 0, adviceDontNeed, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// cachedPages counts the pages of a file and those in memory; see mincore(2).
func cachedPages(path string, size int) (in, all int, err error) {
	if size == 0 {
		return 0, 0, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	mapped, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return 0, 0, err
	}
	defer syscall.Munmap(mapped)
	all = (size + os.Getpagesize() - 1) / os.Getpagesize()
	pages := make([]byte, all)
	_, _, e := syscall.Syscall(syscall.SYS_MINCORE, uintptr(unsafe.Pointer(&mapped[0])), uintptr(size), uintptr(unsafe.Pointer(&pages[0])))
	if e != 0 {
		return 0, 0, e
	}
	for _, p := range pages {
		in += int(p & 1)
	}
	return in, all, nil
}
