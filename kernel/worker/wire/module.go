package wire

// Module is linked code, ready to be mapped into a worker.
type Module struct {
	File       string      // holds the segments
	BuildID    string      // of the worker it was linked for
	Moduledata uint64      // address of its runtime.moduledata
	Entry      uint64      // address of the cell's function; 0 for a package image
	Segments   []Segment   // do not overlap
	Fixes      [][2]uint64 // pairs (live type, its new descriptor) for the method refresh
	Types      []uint64    // its unnamed types, which the program may have made meanwhile
	Copies     [][3]uint64 // variables that take over values: addresses from and to, size
	Moves      [][2]uint64 // pairs (entry of a live function, entry of the one that takes its place)
}

// Segment is a part of a Module's file that is mapped at a fixed address. All
// numbers but FileSize are multiples of the page size.
type Segment struct {
	Addr     uint64 // where it is mapped
	Size     uint64 // bytes of memory
	Offset   uint64 // in the file
	FileSize uint64 // bytes that come from the file; the rest is zero
	Prot     Prot
}

// Prot is what may be done with the memory of a segment. Nothing is ever
// writable and executable.
type Prot uint8

// The protections.
const (
	Read Prot = iota + 1
	ReadExec
	ReadWrite
)

// Conflict is a pair of addresses of itabs or types: of one which the module
// brings and of the one which the program has made meanwhile at run time.
type Conflict struct {
	New, Live uint64
	Content   []byte // of a type's description at Live
}
