package wire

import (
	"encoding/binary"
	"encoding/json"

	"github.com/interleave-lab/interleave/lib/display"
)

// Hello is the first frame of a worker process.
type Hello struct {
	BuildID string
	Linked  bool // the runtime is the patched one: modules can be loaded
}

// Text is what was written to a standard stream. Sync is not zero when other
// text was on its way through the descriptors themselves while it was written:
// the writer waits for a Reply of that number.
type Text struct {
	Cell   int
	Stream byte // the descriptor: 1 or 2
	Sync   uint64
	Text   []byte
}

// AppendText appends the frame of t.
func AppendText(b []byte, t Text) []byte {
	b, start := Begin(b, TText)
	b = binary.AppendVarint(b, int64(t.Cell))
	b = append(b, t.Stream)
	b = binary.AppendUvarint(b, t.Sync)
	return End(append(b, t.Text...), start)
}

// Text reads the body of a TText.
func (d *Body) Text() (t Text, err error) {
	t.Cell = d.Int()
	t.Stream = d.Byte()
	t.Sync = d.Uint()
	t.Text = d.Rest()
	return t, d.Err()
}

// Op says what a Call asks for.
type Op byte

// What a worker asks of the kernel's side. The first three show data.
const (
	OpShow    Op = iota // display_data
	OpUpdate            // update_display_data
	OpResult            // execute_result
	OpClear             // clear_output; Flag: wait for the next output
	OpInput             // input_request; Flag: a password; Text is the prompt
	OpProgram           // Text lists functions; the reply names a file with the modules of a program that has them
	OpComm              // Text is the JSON of a Comm
	ops
)

// Call asks the kernel's side to do something and to reply when it is done.
type Call struct {
	ID   uint64
	Cell int
	Op   Op
	Flag bool
	Text string
	Data display.Data // of the first three
}

// AppendCall appends the frame of c. It may call methods of the values in
// c.Data (json.Marshaler), which may panic.
func AppendCall(b []byte, c Call) []byte {
	b, start := Begin(b, TCall)
	b = binary.AppendUvarint(b, c.ID)
	b = binary.AppendVarint(b, int64(c.Cell))
	b = append(b, byte(c.Op), flag(c.Flag))
	b = AppendBytes(b, c.Text)
	return End(appendData(b, c.Data), start)
}

func flag(v bool) byte {
	if v {
		return 1
	}
	return 0
}

// Call reads the body of a TCall. Nothing in it shares memory with the frame.
func (d *Body) Call() (c Call, err error) {
	c.ID = d.Uint()
	c.Cell = d.Int()
	c.Op = Op(d.Byte())
	c.Flag = d.Byte() != 0
	c.Text = string(d.Bytes())
	if c.Op >= ops {
		d.fail()
	}
	if c.Data, err = d.data(); err != nil {
		return c, err
	}
	return c, d.Err()
}

// Outcome is how a Call went.
type Outcome byte

// The outcomes.
const (
	OK     Outcome = iota
	Failed         // the text says why
	EOF            // an input has ended for good; the text says why, if anything
)

// Reply answers a Call or a Text.
type Reply struct {
	ID      uint64
	Outcome Outcome
	Text    string
}

// AppendReply appends the frame of r.
func AppendReply(b []byte, r Reply) []byte {
	b, start := Begin(b, TReply)
	b = binary.AppendUvarint(b, r.ID)
	b = append(b, byte(r.Outcome))
	return End(append(b, r.Text...), start)
}

// Reply reads the body of a TReply.
func (d *Body) Reply() (r Reply, err error) {
	r.ID = d.Uint()
	r.Outcome = Outcome(d.Byte())
	r.Text = string(d.Rest())
	return r, d.Err()
}

// Stop interrupts a run.
type Stop struct {
	Run   uint64 // ID of the Run
	Force bool   // also in library code, and skipping deferred calls if need be
}

// AppendStop appends the frame of s.
func AppendStop(b []byte, s Stop) []byte {
	b, start := Begin(b, TStop)
	return End(append(binary.AppendUvarint(b, s.Run), flag(s.Force)), start)
}

// Stop reads the body of a TStop.
func (d *Body) Stop() (s Stop, err error) {
	s.Run = d.Uint()
	s.Force = d.Byte() != 0
	return s, d.Err()
}

// Load asks for a module to be mapped.
type Load struct {
	ID     uint64
	Cell   int // for the reports of a package's init
	Module Module
}

// Run asks for a function to be run as a cell, or a value to be shown as one.
type Run struct {
	ID      uint64
	Cell    int
	Entry   uint64
	Program bool
	Value   *Value // instead of Entry
	Beside  bool   // another one runs, too
}

// Done answers a Load, Run, Look, StopCells, Limit or Comm. The same ID is answered once.
type Done struct {
	ID        uint64
	Error     string // why the request could not be carried out
	Taken     bool   // something lies where the module of a Load should
	Report    Report // of a run, or of the package initialiser that ended
	Conflicts []Conflict

	Goroutines []Goroutine // of a Look or StopCells
	Count      int         // of all; more than there are Goroutines when they are many
}

// Ended tells of a goroutine of a cell which ended by a fault of its own.
type Ended struct {
	Cell   int
	Report Report
}

// Kinds of values in a bundle.
const (
	isText  = 's'
	isBytes = 'b'
	isJSON  = 'j'
)

func appendData(b []byte, d display.Data) []byte {
	b = AppendBytes(b, d.ID)
	b = AppendBytes(b, object(d.Metadata))
	b = binary.AppendUvarint(b, uint64(len(d.Bundle)))
	for mime, v := range d.Bundle {
		b = AppendBytes(b, mime)
		switch v := v.(type) {
		case string:
			b = AppendBytes(append(b, isText), v)
		case []byte:
			b = AppendBytes(append(b, isBytes), v)
		default:
			b = appendValue(b, mime, v)
		}
	}
	return b
}

// appendValue appends v as JSON, or as text that says why it has none.
func appendValue(b []byte, mime string, v any) []byte {
	j, err := json.Marshal(v)
	if err != nil {
		return AppendBytes(append(b, isText), mime+": "+err.Error())
	}
	return AppendBytes(append(b, isJSON), j)
}

// object is the JSON of metadata, nothing when there is none.
func object(m map[string]any) []byte {
	if len(m) == 0 {
		return nil
	}
	j, err := json.Marshal(m)
	if err != nil {
		return nil // a bundle without its metadata is still worth showing
	}
	return j
}

func (d *Body) data() (v display.Data, err error) {
	v.ID = string(d.Bytes())
	if meta := d.Bytes(); len(meta) > 0 {
		if json.Unmarshal(meta, &v.Metadata) != nil {
			return v, ErrFrame
		}
	}
	n := d.Uint()
	if n == 0 || d.bad {
		return v, d.Err()
	}
	v.Bundle = map[string]any{}
	for ; n > 0 && !d.bad; n-- {
		mime, kind, value := string(d.Bytes()), d.Byte(), d.Bytes()
		switch kind {
		case isText:
			v.Bundle[mime] = string(value)
		case isBytes:
			v.Bundle[mime] = append([]byte(nil), value...)
		case isJSON:
			v.Bundle[mime] = json.RawMessage(append([]byte(nil), value...))
		default:
			d.fail()
		}
	}
	return v, d.Err()
}
