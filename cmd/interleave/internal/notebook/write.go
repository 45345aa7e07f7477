package notebook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Encode returns the notebook as Jupyter writes it: keys sorted, one space of
// indentation a level, texts as lists of lines, characters beyond ASCII as
// they are, a line end at the end. It fails for metadata and data that JSON
// cannot hold.
func (n *Notebook) Encode() ([]byte, error) {
	top := maps.Clone(n.Extra)
	if top == nil {
		top = map[string]any{}
	}
	cells := make([]any, len(n.Cells))
	for i, c := range n.Cells {
		cells[i] = c.object()
	}
	top["cells"] = cells
	top["metadata"] = orEmpty(n.Metadata)
	top["nbformat"] = Major
	top["nbformat_minor"] = max(n.Minor, Minor)
	var b bytes.Buffer
	if err := encode(&b, top, "\n"); err != nil {
		return nil, fmt.Errorf("encode notebook: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func (c *Cell) object() map[string]any {
	m := map[string]any{}
	maps.Copy(m, c.Extra)
	m["cell_type"] = string(c.Type)
	m["id"] = c.ID
	m["metadata"] = orEmpty(c.Metadata)
	m["source"] = splitLines(c.Source)
	if c.Attachments != nil {
		split := map[string]any{}
		for name, v := range c.Attachments {
			if bundle, ok := v.(map[string]any); ok {
				v = splitBundle(bundle)
			}
			split[name] = v
		}
		m["attachments"] = split
	}
	if c.Type == Code {
		m["execution_count"] = orNull(c.Count)
		outputs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = o.object()
		}
		m["outputs"] = outputs
	}
	return m
}

func (o *Output) object() map[string]any {
	m := map[string]any{}
	maps.Copy(m, o.Extra)
	m["output_type"] = string(o.Type)
	switch o.Type {
	case Stream:
		m["name"] = o.Name
		m["text"] = splitLines(o.Text)
	case Display, Result:
		m["data"] = splitBundle(o.Data)
		m["metadata"] = orEmpty(o.Metadata)
		if o.Type == Result {
			m["execution_count"] = orNull(o.Count)
		}
	case Error:
		m["ename"], m["evalue"] = o.EName, o.EValue
		traceback := make([]any, len(o.Traceback))
		for i, line := range o.Traceback {
			traceback[i] = line
		}
		m["traceback"] = traceback
	}
	return m
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func orNull(count int) any {
	if count == 0 {
		return nil
	}
	return count
}

// encode writes v as Python's json.dumps(v, indent=1, sort_keys=True,
// ensure_ascii=False, separators=(",", ": ")) does. newline is a line end
// and the indentation v stands at.
//
// encoding/json cannot: it always escapes U+2028 and U+2029, and indents only
// afterwards.
func encode(b *bytes.Buffer, v any, newline string) error {
	switch v := v.(type) {
	case string:
		quote(b, v)
		return nil
	case map[string]any:
		return encodeObject(b, v, newline)
	case []any:
		return encodeList(b, v, newline)
	case nil, bool, json.Number, int:
		return encodeScalar(b, v)
	}
	plain, err := Plain(v)
	if err != nil {
		return err
	}
	return encode(b, plain, newline)
}

func encodeScalar(b *bytes.Buffer, v any) error {
	raw, err := json.Marshal(v)
	b.Write(raw)
	return err
}

func encodeObject(b *bytes.Buffer, m map[string]any, newline string) error {
	if len(m) == 0 {
		b.WriteString("{}")
		return nil
	}
	sep := byte('{')
	for _, key := range slices.Sorted(maps.Keys(m)) {
		b.WriteByte(sep)
		b.WriteString(newline + " ")
		quote(b, key)
		b.WriteString(": ")
		if err := encode(b, m[key], newline+" "); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		sep = ','
	}
	b.WriteString(newline + "}")
	return nil
}

func encodeList(b *bytes.Buffer, list []any, newline string) error {
	if len(list) == 0 {
		b.WriteString("[]")
		return nil
	}
	sep := byte('[')
	for _, v := range list {
		b.WriteByte(sep)
		b.WriteString(newline + " ")
		if err := encode(b, v, newline+" "); err != nil {
			return err
		}
		sep = ','
	}
	b.WriteString(newline + "]")
	return nil
}

// Plain returns v as it reads back from JSON: objects, lists, strings,
// numbers (json.Number), booleans and nil.
func Plain(v any) (any, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(&b)
	dec.UseNumber()
	var plain any
	err := dec.Decode(&plain)
	return plain, err
}

// quote writes s with the escapes Python uses, and no others.
func quote(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			if r < 0x20 {
				fmt.Fprintf(b, `\u%04x`, r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
}
