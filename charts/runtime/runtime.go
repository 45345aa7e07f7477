// Package runtime holds the JavaScript that draws charts: Apache ECharts and
// our small part in src, one script for browsers and for the engine that draws
// static pictures. See NOTICES.txt for the licences of what is bundled.
package runtime

//go:generate go run ./internal/generate

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"sync"
)

//go:embed runtime.js.gz
var compressed []byte

//go:embed NOTICES.txt
var notices string

// Compressed is the script as a gzip file of about 400 KB. It must not be
// changed.
func Compressed() []byte { return compressed }

// Notices are the licences and notices that must travel with a copy of the
// script. They are also in a comment at its beginning.
func Notices() string { return notices }

// Script is the script, unpacked once (about 10 ms).
var Script = sync.OnceValue(func() string {
	z, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic("charts/runtime: " + err.Error()) // the file is embedded and tested
	}
	script, err := io.ReadAll(z)
	if err != nil {
		panic("charts/runtime: " + err.Error())
	}
	return string(script)
})
