// Package runtime holds the JavaScript that draws charts: Apache ECharts and
// our small part in src, one script for browsers and for the engine that draws
// static pictures. See NOTICES.txt for the licences of what is bundled.
package runtime

//go:generate go run ./internal/generate
//go:generate go -C ../render/internal/bytecode run ./generate

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
	"sync"
)

//go:embed runtime.js.gz
var compressed []byte

//go:embed NOTICES.txt
var notices string

//go:embed loader.js
var loader string

// Loader is the script element that stands in the HTML of every chart. It
// turns pictures live where the runtime is there or can be had: in a page that
// has it, in JupyterLab and Notebook 7 from our extension, in the classic
// notebook from our nbextension; elsewhere it does nothing, and the picture
// stays. It may run any number of times and anywhere: a front end may put
// scripts elsewhere than in the output, so it looks for charts by their class.
func Loader() string { return "<script>" + strings.TrimSpace(loader) + "</script>" }

// Compressed is the script as a gzip file of about 400 KB. It must not be
// changed.
func Compressed() []byte { return compressed }

// Notices are the licences and notices that must travel with a copy of the
// script. They are also in a comment at its beginning.
func Notices() string { return notices }

// Version is the version of Apache ECharts in the script, which its banner
// begins with.
func Version() string { return strings.Fields(Script()[:100])[3] }

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
