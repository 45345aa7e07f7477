// Package bytecode holds the chart runtime as the JavaScript engine wants it:
// compiled ahead of time, so that the first picture of a process need not wait
// for that.
package bytecode

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"

	"github.com/interleave-lab/interleave/charts/runtime"
)

// host stands in for what a browser has and drawing without one never uses.
const host = `var setTimeout = function () { return 0 }, clearTimeout = function () {}, setInterval = setTimeout, clearInterval = clearTimeout;
var console = { log: function () {}, warn: function () {}, error: function () {} };`

// tail makes the functions the host calls. The host has registered measureText.
const tail = `;interleaveCharts.setMeasure(measureText); var renderChart = interleaveCharts.renderSVG; 0`

//go:embed code.gz
var stored []byte

// Code is the bytecode of the runtime between host and tail. It takes about
// 20 ms; half a second where what is stored belongs to another script, so that
// a runtime which was just built works before go generate has run here.
var Code = sync.OnceValues(func() ([]byte, error) {
	if key := Key(); bytes.HasPrefix(stored, key) {
		if code, err := unpack(stored[len(key):]); err == nil {
			return code, nil
		}
	}
	return compile(host + runtime.Script() + tail)
})

// Key names the script: it stands before the stored bytecode.
func Key() []byte {
	h := sha256.New()
	h.Write([]byte(host + tail))
	h.Write(runtime.Compressed())
	return h.Sum(nil)
}

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// File is the content of code.gz as it should be.
func File() ([]byte, error) {
	code, err := compile(host + runtime.Script() + tail)
	if err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(Key())
	z, err := gzip.NewWriterLevel(b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(code); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// compile returns a script as bytecode of the engine, without the source text
// and the line numbers, which are three quarters of it. The same script gives
// the same bytes.
func compile(script string) ([]byte, error) {
	tls := libc.NewTLS()
	defer tls.Close()
	rt := lib.XJS_NewRuntime(tls)
	if rt == 0 {
		return nil, errors.New("compile the chart runtime: no memory for the engine")
	}
	defer lib.XJS_FreeRuntime(tls, rt)
	lib.XJS_SetStripInfo(tls, rt, lib.MJS_STRIP_SOURCE|lib.MJS_STRIP_DEBUG)
	ctx := lib.XJS_NewContext(tls, rt)
	if ctx == 0 {
		return nil, errors.New("compile the chart runtime: no memory for the engine")
	}
	defer lib.XJS_FreeContext(tls, ctx)
	return write(tls, ctx, script)
}

func write(tls *libc.TLS, ctx uintptr, script string) ([]byte, error) {
	source, err := libc.CString(script)
	if err != nil {
		return nil, fmt.Errorf("compile the chart runtime: %w", err)
	}
	defer libc.Xfree(tls, source)
	name, err := libc.CString("charts")
	if err != nil {
		return nil, fmt.Errorf("compile the chart runtime: %w", err)
	}
	defer libc.Xfree(tls, name)
	object := lib.XJS_Eval(tls, ctx, source, lib.Tsize_t(len(script)), name, lib.MJS_EVAL_TYPE_GLOBAL|lib.MJS_EVAL_FLAG_COMPILE_ONLY)
	defer lib.XFreeValue(tls, ctx, object)
	const width = 8 // of a size_t where addresses have 64 bits
	size := tls.Alloc(width)
	defer tls.Free(width)
	code := lib.XJS_WriteObject(tls, ctx, size, object, lib.MJS_WRITE_OBJ_BYTECODE)
	if code == 0 || lib.XJS_HasException(tls, ctx) != 0 {
		return nil, errors.New("compile the chart runtime: the script is not valid")
	}
	defer lib.Xjs_free(tls, ctx, code)
	n := binary.NativeEndian.Uint64(libc.GoBytes(size, width))
	return bytes.Clone(libc.GoBytes(code, int(n))), nil
}
