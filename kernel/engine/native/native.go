package native

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// Config says where the engine finds and keeps things. The zero value of
// every field but Source is useful.
type Config struct {
	// Go is the go command; empty means the one on PATH. Its release is used,
	// or the one that GOTOOLCHAIN or the go.mod of Dir asks it for.
	Go string
	// Cache is the folder of built toolchains; empty means the folder
	// interleave in the user's cache folder.
	Cache string
	// Source holds this module's sources which run in the worker process
	// (kernel/worker, lib, go.mod, go.sum).
	Source fs.FS
	// Dir is the working directory of the cells; empty means the current one.
	Dir string
	// Env is the environment of the cells; nil means that of this process.
	Env []string
	// MemoryLimit is how many bytes of memory the session may use; 0 means as
	// many as there are. The magic %limit changes it.
	MemoryLimit int64
	// Race runs cells with the race detector. Its reports appear under the
	// cells whose goroutines they are about. SetRace changes it.
	Race bool

	modules *modules // of the engine
}

// Engine compiles cells and links them into a live worker process. Its
// methods may be called from several goroutines; cells run one at a time.
type Engine struct {
	cfg Config

	opening sync.Mutex // held while the toolchain is opened: a minute at the worst
	tools   atomic.Pointer[toolchain.Toolchain]
	ahead   prebuilding
	racing  racing
	folder  atomic.Pointer[string] // of cells and commands now, for completion beside a cell

	run     sync.Mutex   // held while a cell runs: one at a time
	build   sync.Mutex   // held while a cell is compiled and loaded, also one beside; taken after run
	besides atomic.Int64 // cells that ran beside others
	serial  int          // of the cell that ran last; counts of cells may repeat
	outputs outputs
	sources sources
	took    Took
	timing  bool // the cell is to tell it

	mu     sync.Mutex // guards sess, for calls beside a running cell
	sess   *session
	closed bool
}

// New returns an engine that has not started anything yet.
func New(cfg Config) *Engine {
	cfg.modules = &modules{notebook: cmp.Or(cfg.Dir, ".")}
	e := &Engine{cfg: cfg}
	e.folder.Store(&cfg.Dir)
	e.outputs.sources, e.outputs.engine = &e.sources, e
	return e
}

// ErrClosed is returned for cells executed after Close.
var ErrClosed = errors.New("the session is closed")

// Prepare builds linker, compiler and worker, or finds them in the cache, and
// starts the worker process. The image of the libraries that are not in the
// worker is made in the background, at low priority, if it was never made.
func (e *Engine) Prepare(ctx context.Context, progress func(string)) error {
	tools, err := e.open(ctx, progress)
	if err != nil {
		return err
	}
	_, err = e.session(ctx, tools)
	e.ahead.start(tools)
	return err
}

// Prebuild does all that Prepare does, but for starting a worker, and waits
// for the background: an installation leaves nothing to be built later. An
// error means that the libraries will be built when a cell imports them.
func (e *Engine) Prebuild(ctx context.Context, progress func(string)) error {
	tools, err := e.open(ctx, progress)
	if err != nil {
		return err
	}
	return tools.Prebuild(ctx)
}

func (e *Engine) open(ctx context.Context, progress func(string)) (*toolchain.Toolchain, error) {
	e.opening.Lock()
	defer e.opening.Unlock()
	if t := e.tools.Load(); t != nil {
		return t, nil
	}
	t, err := openTools(ctx, e.cfg, progress)
	if err != nil {
		return nil, err
	}
	e.tools.Store(t)
	return t, nil
}

func openTools(ctx context.Context, cfg Config, progress func(string)) (*toolchain.Toolchain, error) {
	t, err := toolchain.Open(ctx, toolchain.Config{
		Go: cfg.Go, Dir: cfg.Dir, Cache: cfg.Cache, Source: cfg.Source, Race: cfg.Race, Progress: progress,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the Go toolchain: %w", err)
	}
	return t, nil
}

// session is the live session, started when there is none.
func (e *Engine) session(ctx context.Context, tools *toolchain.Toolchain) (*session, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	if e.sess != nil {
		return e.sess, nil
	}
	s, err := newSession(ctx, tools, e.cfg, &e.outputs)
	if err != nil {
		return nil, err
	}
	e.sess = s
	return s, nil
}

// live is the session if there is one.
func (e *Engine) live() *session {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sess
}

// Info describes the engine. Before Prepare the Go version is that of this
// program, which the author's toolchain need not share; it does not wait for
// what Prepare builds.
func (e *Engine) Info() engine.Info {
	v := runtime.Version()[len("go"):]
	if t := e.tools.Load(); t != nil {
		v = t.GoVersion()
	}
	return engine.Info{
		Name:      "native",
		GoVersion: v,
		Banner: fmt.Sprintf("Interleave: Go %s, compiled natively, %s/%s.\n", v, runtime.GOOS, runtime.GOARCH) +
			"Values, channels and goroutines live from cell to cell.",
	}
}

// PIDs names the worker process.
func (e *Engine) PIDs() []int {
	if s := e.live(); s != nil {
		return []int{s.worker.PID()}
	}
	return nil
}

// Restart gives up every value and declaration.
func (e *Engine) Restart(ctx context.Context) error {
	e.run.Lock()
	defer e.run.Unlock()
	e.drop()
	return e.Prepare(ctx, nil)
}

// drop ends the session, if there is one.
func (e *Engine) drop() error {
	e.mu.Lock()
	s := e.sess
	e.sess = nil
	e.mu.Unlock()
	if s == nil {
		return nil
	}
	defer e.outputs.hangUp()
	return s.close()
}

// Close ends the worker process and removes what the session wrote.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.ahead.end()
	err := e.drop()
	e.opening.Lock()
	defer e.opening.Unlock()
	err = errors.Join(err, e.cfg.modules.close(), e.racing.close())
	if t := e.tools.Swap(nil); t != nil {
		err = errors.Join(err, t.Close())
	}
	return err
}
