// Package display shows values to whoever reads the notebook.
//
// The same calls work in a notebook cell, a test and a plain program: in a
// cell a value reaches the front end as a MIME bundle ("Messaging in Jupyter",
// display_data); elsewhere its plain text is written to standard output.
package display

// Data is a MIME bundle with its metadata and, when it may be updated later,
// the display id that names it.
type Data struct {
	// Bundle maps a MIME type to its content: a string for text, []byte for
	// binary types (encoded as base64 on the wire), anything that encodes to
	// JSON for JSON types.
	Bundle map[string]any `json:"data"`
	// Metadata belongs to the output ("metadata" of display_data).
	Metadata map[string]any `json:"metadata,omitempty"`
	// ID is the display id, empty for data that is never updated.
	ID string `json:"display_id,omitempty"`
}

// Display returns d: data shows itself.
func (d Data) Display() Data { return d }

// A Displayer shows itself. A trailing expression of a cell that implements it
// is shown by its Display method instead of fmt.
type Displayer interface {
	Display() Data
}
