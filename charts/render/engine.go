package render

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"modernc.org/quickjs"

	"github.com/interleave-lab/interleave/charts/render/internal/bytecode"
)

const (
	memoryLimit = 256 << 20       // of the JavaScript heap
	stackLimit  = 1 << 20         // of the JavaScript stack
	timeLimit   = 5 * time.Second // for one picture; most take 30 ms
	renewAfter  = 200             // pictures from one virtual machine
)

// engine draws pictures by ECharts in a JavaScript engine of its own. The zero
// engine is ready; it starts with the first picture.
type engine struct {
	limit time.Duration // for one picture; 0 is timeLimit

	mu    sync.Mutex // guards what follows; the virtual machine serves one caller
	vm    *quickjs.VM
	drawn int
}

// svg draws a spec, given as JSON. The first picture takes about 0.1 s more,
// for loading the script. A picture that takes too long or too much memory is an
// error and costs the virtual machine, not the caller.
func (e *engine) svg(spec []byte, dark bool) (picture string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() {
		if p := recover(); p != nil { // the engine is translated C; it is left as it is, not closed
			e.vm, err = nil, fmt.Errorf("draw the chart: the engine panicked: %v", p)
		}
	}()
	if err := e.start(); err != nil {
		return "", fmt.Errorf("start the chart engine: %w", err)
	}
	return e.draw(spec, dark)
}

func (e *engine) draw(spec []byte, dark bool) (string, error) {
	out, err := e.vm.Call("renderChart", string(spec), dark)
	if e.drawn++; err != nil || e.drawn >= renewAfter {
		e.stop()
	}
	if err != nil {
		return "", fmt.Errorf("draw the chart: %w", short(err))
	}
	picture, ok := out.(string)
	if !ok || !strings.HasPrefix(picture, "<svg") {
		return "", fmt.Errorf("draw the chart: the engine returned %T; want a picture", out)
	}
	if err := wellFormed(picture); err != nil {
		return "", fmt.Errorf("draw the chart: %w", err)
	}
	return plain(picture), nil
}

// wellFormed finds what zrender puts into a picture unescaped, such as quotes
// in the name of a font; browsers show nothing at all then.
func wellFormed(svg string) error {
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("the picture is not well-formed: %w", err)
		}
	}
}

func (e *engine) start() error {
	if e.vm != nil {
		return nil
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return err
	}
	vm.SetMemoryLimit(memoryLimit)
	vm.SetMaxStackSize(stackLimit)
	if err := e.load(vm); err != nil {
		_ = vm.Close() // the error before counts
		return err
	}
	e.vm, e.drawn = vm, 0
	return vm.SetEvalTimeout(cmp.Or(e.limit, timeLimit))
}

func (e *engine) load(vm *quickjs.VM) error {
	if err := vm.RegisterFunc("measureText", measure, false); err != nil {
		return err
	}
	code, err := bytecode.Code()
	if err != nil {
		return err
	}
	_, err = vm.EvalBytecode(code)
	return err
}

func (e *engine) stop() {
	if e.vm != nil {
		_ = e.vm.Close() // nothing is left to be lost
		e.vm = nil
	}
}

// short keeps the first line of a JavaScript error: a stack of minified names
// helps nobody.
func short(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	return errors.New(text)
}
