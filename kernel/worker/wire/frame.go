package wire

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// Type says what a frame is.
type Type byte

// Frames of the worker process.
const (
	THello Type = 'H' // JSON Hello: the process is ready
	TText  Type = 'T' // text written to a standard stream, see Text
	TCall  Type = 'C' // something the kernel's side has to do and answer, see Call
	TDone  Type = 'D' // JSON Done: answer to a TLoad, TRun, TLook, TStopCells, TLimit or TComm
	TEnded Type = 'E' // JSON Ended: a goroutine ended by a fault
	TNote  Type = 'N' // JSON Note: something about a cell that is no fault
)

// Frames of the kernel's side.
const (
	TLoad      Type = 'L' // JSON Load
	TRun       Type = 'R' // JSON Run
	TStop      Type = 'S' // Stop: interrupt a run
	TLook      Type = 'G' // JSON Look: describe goroutines
	TStopCells Type = 'X' // JSON StopCells: stop goroutines of cells
	TLimit     Type = 'M' // JSON Limit: of memory
	TComm      Type = 'O' // JSON Comm: a message of the front end
	TReply     Type = 'A' // Reply: answer to a TCall, or to a TText that asks for one
)

// MaxFrame bounds the size of a frame in bytes: a notebook that shows more
// than this at once cannot be opened anyway.
const MaxFrame = 1 << 28

// Descriptors which a worker process inherits beside the standard ones.
const (
	FDUp   = 3 // written by the worker
	FDDown = 4 // read by the worker
	FDOut  = 5 // the other end of descriptor 1, to see whether it is empty
	FDErr  = 6 // the other end of descriptor 2
)

const head = 5 // length and type

// ErrFrame is returned for bytes which are no frame.
var ErrFrame = errors.New("malformed frame")

// Begin appends the head of a frame; its body is appended next and End called
// with the same start.
func Begin(b []byte, t Type) (frame []byte, start int) {
	return append(b, 0, 0, 0, 0, byte(t)), len(b)
}

// End completes the frame that begins at start.
func End(b []byte, start int) []byte {
	binary.LittleEndian.PutUint32(b[start:], uint32(len(b)-start-head+1))
	return b
}

// AppendJSON appends a whole frame whose body is the JSON of v, which must be
// one of this package's types.
func AppendJSON(b []byte, t Type, v any) []byte {
	b, start := Begin(b, t)
	j, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("wire: encode %T: %v", v, err)) // our own plain structs always encode
	}
	return End(append(b, j...), start)
}

// Cut takes the first frame off b. It needs more bytes when ok is false and
// err nil. The body shares b's memory.
func Cut(b []byte) (t Type, body Body, rest []byte, ok bool, err error) {
	if len(b) < head {
		return 0, Body{}, b, false, nil
	}
	n := int(binary.LittleEndian.Uint32(b))
	if n < 1 || n > MaxFrame {
		return 0, Body{}, b, false, fmt.Errorf("%w: length %d", ErrFrame, n)
	}
	if len(b) < head-1+n {
		return 0, Body{}, b, false, nil
	}
	return Type(b[head-1]), Body{b: b[head : head-1+n]}, b[head-1+n:], true, nil
}

// Body reads the fields of a frame in the order in which they were appended.
// Reading past the end yields zero values; Err tells.
type Body struct {
	b   []byte
	bad bool
}

// NewBody reads fields from b.
func NewBody(b []byte) Body { return Body{b: b} }

// Uint reads what binary.AppendUvarint appended.
func (d *Body) Uint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

// Int reads what binary.AppendVarint appended.
func (d *Body) Int() int {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return int(v)
}

// Byte reads one byte.
func (d *Body) Byte() byte {
	if len(d.b) == 0 {
		d.fail()
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

// Bytes reads what AppendBytes appended.
func (d *Body) Bytes() []byte {
	n := d.Uint()
	if n > uint64(len(d.b)) {
		d.fail()
		return nil
	}
	v := d.b[:n:n]
	d.b = d.b[n:]
	return v
}

// Rest reads all that is left.
func (d *Body) Rest() []byte {
	v := d.b
	d.b = nil
	return v
}

// Err is ErrFrame when more was read than there is.
func (d *Body) Err() error {
	if d.bad {
		return ErrFrame
	}
	return nil
}

// JSON decodes all that is left into v.
func (d *Body) JSON(v any) error {
	if err := json.Unmarshal(d.Rest(), v); err != nil {
		return fmt.Errorf("%w: %v", ErrFrame, err)
	}
	return nil
}

func (d *Body) fail() { d.b, d.bad = nil, true }

// AppendBytes appends the length of v and v.
func AppendBytes[T string | []byte](b []byte, v T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(v))), v...)
}
