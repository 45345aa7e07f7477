package yaegi

import "github.com/interleave-lab/interleave/lib/display"

// request is a line of JSON from the engine to the process that interprets.
type request struct {
	// Run is a cell to run.
	Run *cellText `json:"run,omitempty"`
	// Interrupt ends the cell that runs.
	Interrupt bool `json:"interrupt,omitempty"`
	// Input answers a question.
	Input *answer `json:"input,omitempty"`
}

type cellText struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

type answer struct {
	Text string `json:"text"`
	Err  string `json:"err,omitempty"`
}

// reply is a line of JSON the other way. One field is set.
type reply struct {
	Stream *stream     `json:"stream,omitempty"`
	Show   *bundle     `json:"show,omitempty"`
	Clear  *clearance  `json:"clear,omitempty"`
	Ask    *question   `json:"ask,omitempty"`
	Done   *conclusion `json:"done,omitempty"`
}

type stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// bundle is a display.Data on its way. Its binary contents are apart, as JSON
// would make texts of them.
type bundle struct {
	How    string            `json:"how"` // display, update or result
	Data   display.Data      `json:"data"`
	Binary map[string][]byte `json:"binary,omitempty"`
}

type clearance struct {
	Wait bool `json:"wait"`
}

type question struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

// conclusion is the end of a cell; Name is empty for one that did not fail.
type conclusion struct {
	Name      string   `json:"name,omitempty"`
	Value     string   `json:"value,omitempty"`
	Traceback []string `json:"traceback,omitempty"`
	Line      int      `json:"line,omitempty"`
	Column    int      `json:"column,omitempty"`
}

const (
	asDisplay = "display"
	asUpdate  = "update"
	asResult  = "result"
)

// pack takes the binary contents out of d.
func pack(how string, d display.Data) *bundle {
	b := &bundle{How: how, Data: d, Binary: map[string][]byte{}}
	text := map[string]any{}
	for mime, content := range d.Bundle {
		if raw, ok := content.([]byte); ok {
			b.Binary[mime] = raw
		} else {
			text[mime] = content
		}
	}
	b.Data.Bundle = text
	return b
}

// unpack puts them back.
func (b *bundle) unpack() display.Data {
	d := b.Data
	if d.Bundle == nil {
		d.Bundle = map[string]any{}
	}
	for mime, raw := range b.Binary {
		d.Bundle[mime] = raw
	}
	return d
}
