package kernel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/lib/display"
)

// encode makes content of d. What JSON cannot hold, such as NaN in
// application/json, is left out; the errors say what and why, in order of MIME
// type.
func encode(d display.Data) (jupyter.Display, []error) {
	var faults []error
	shown := jupyter.Display{Data: jupyter.Bundle{}, Metadata: jupyter.Object{}}
	for _, mime := range slices.Sorted(maps.Keys(d.Bundle)) {
		text, err := encodeValue(mime, d.Bundle[mime])
		if err != nil {
			faults = append(faults, fmt.Errorf("show %s: %w", mime, err))
			continue
		}
		shown.Data[mime] = text
	}
	for _, key := range slices.Sorted(maps.Keys(d.Metadata)) {
		text, err := encodeJSON(d.Metadata[key])
		if err != nil {
			faults = append(faults, fmt.Errorf("show metadata %q: %w", key, err))
			continue
		}
		shown.Metadata[key] = text
	}
	shown.Transient.DisplayID = d.ID
	return shown, faults
}

// encodeValue encodes bytes as base64 for binary types, as text for types of
// text and as they are where they are JSON already.
func encodeValue(mime string, v any) (json.RawMessage, error) {
	b, ok := v.([]byte)
	switch {
	case !ok:
	case isJSON(mime) && json.Valid(b):
		return slices.Clone(b), nil
	case isText(mime) || isJSON(mime):
		return encodeJSON(string(b))
	}
	return encodeJSON(v)
}

func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasSuffix(mime, "+json")
}

func isText(mime string) bool {
	return strings.HasPrefix(mime, "text/") || strings.HasSuffix(mime, "+xml") ||
		mime == "application/javascript" || mime == "application/xml"
}

// encodeJSON encodes without the escapes for HTML, which would make pages
// nearly twice as long. A value that panics on the way is an error.
func encodeJSON(v any) (text json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
