package kerneltest

import (
	"encoding/json"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// Text returns the text of a MIME type in a bundle, empty where there is none.
func Text(b jupyter.Bundle, mime string) string {
	var text string
	if json.Unmarshal(b[mime], &text) != nil {
		return ""
	}
	return text
}
