package display_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/interleave-lab/interleave/lib/display"
)

type picture struct{}

func (picture) Render() display.Data {
	return display.MIME(display.MIMEMap{"text/html": "<b>p</b>", "text/plain": "p"}, display.MIMEMap{"width": 3})
}

// What a notebook for gophernotes says of its types means the same here.
func TestNamesOfGophernotes(t *testing.T) {
	var r display.Renderer = picture{}
	d := display.Of(r)
	if got := slices.Sorted(maps.Keys(d.Bundle)); !slices.Equal(got, []string{"text/html", "text/plain"}) || d.Metadata["width"] != 3 {
		t.Errorf("shown as %v with %v", got, d.Metadata)
	}
	var bundle display.MIMEMap = display.Bytes(display.MIMETypePNG, []byte{1}).Bundle
	if _, ok := bundle["image/png"].([]byte); !ok {
		t.Errorf("bytes are %v", bundle)
	}
}

func ExampleMIME() {
	d := display.MIME(display.MIMEMap{"text/html": "<b>1</b>", "text/plain": "1"}, display.MIMEMap{"isolated": true})
	fmt.Println(d.Bundle["text/html"], d.Metadata)
	// Output: <b>1</b> map[isolated:true]
}

func ExampleBytes() {
	d := display.Bytes("application/x-counts", []byte{1, 2})
	fmt.Println(d.Bundle["application/x-counts"])
	// Output: [1 2]
}
