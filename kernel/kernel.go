package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// Config is what a kernel is made of. Engine, Session and all Sockets are
// needed; everything else has a useful zero value.
type Config struct {
	Engine  engine.Engine
	Session *jupyter.Session
	Sockets Sockets
	// Version is the version of the program, for kernel_info; empty is devel.
	Version string
	// Connection tells the ports to connect_request.
	Connection jupyter.Connection
	// Log takes what a developer wants to know: messages that were dropped,
	// faults of the engine. Nil discards it.
	Log *slog.Logger
	// Limits bounds what cells and clients can make the kernel keep.
	Limits Limits
	// TempDir is where the folder for overlong output is made; empty means
	// os.TempDir. The folder is made when it is needed and left in place,
	// since notebooks name the files in it.
	TempDir string
}

// Limits bounds memory and time. A field that is zero has its default.
type Limits struct {
	// Stream is how many bytes of each stream a cell may show; the rest goes
	// to a file. Default 2 MB.
	Stream int
	// File is how many bytes that file may get; the rest is lost. Default 1 GB.
	File int64
	// Queue is how many cells may wait to be executed. Default 10,000.
	Queue int
	// History is how many bytes of inputs and outputs are remembered. Default
	// 16 MB.
	History int
	// Grace is how long an engine may take to give up a cell when the kernel
	// ends; then it is closed. Default 3 s.
	Grace time.Duration
}

func (l Limits) withDefaults() Limits {
	l.Stream = or(l.Stream, 2<<20)
	l.File = or(l.File, 1<<30)
	l.Queue = or(l.Queue, 10_000)
	l.History = or(l.History, 16<<20)
	l.Grace = or(l.Grace, 3*time.Second)
	return l
}

func or[T int | int64 | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Kernel serves one engine to any number of clients.
type Kernel struct {
	cfg      Config
	log      *slog.Logger
	shell    *router
	control  *router
	stdin    *stdin
	iopub    *publisher
	routes   map[jupyter.Channel]table
	queue    *queue
	executor executor
	history  history
	prepared preparation
	asides   asides
	comms    comms

	subshells subshells
	usage     meter
	spills    *spills
	batch     *batcher
	stop      func(cause error) // ends Serve; set by it
}

// New makes a kernel. It does nothing before Serve.
func New(cfg Config) *Kernel {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.TempDir == "" {
		cfg.TempDir = os.TempDir()
	}
	k := &Kernel{cfg: cfg, log: cfg.Log}
	k.shell = &router{channel: jupyter.Shell, socket: cfg.Sockets.Shell, session: cfg.Session, log: k.log}
	k.control = &router{channel: jupyter.Control, socket: cfg.Sockets.Control, session: cfg.Session, log: k.log}
	k.stdin = newStdin(&router{channel: jupyter.Stdin, socket: cfg.Sockets.Stdin, session: cfg.Session, log: k.log})
	k.iopub = newPublisher(cfg.Sockets.IOPub, cfg.Session, k.log)
	k.routes = map[jupyter.Channel]table{jupyter.Shell: k.shellTable(), jupyter.Control: k.controlTable()}
	k.queue = newQueue(cfg.Limits.Queue)
	k.history.limit = cfg.Limits.History
	k.spills = &spills{parent: cfg.TempDir, limit: cfg.Limits.File}
	k.batch = newBatcher()
	k.comms.handled.most = maxComms
	return k
}

// Serve answers clients until one of them asks for the end, ctx ends or a
// socket fails; only the last is an error. It interrupts the cell that runs,
// closes the engine, publishes what is left, closes the sockets and returns
// when all its goroutines have returned. A kernel serves once.
func (k *Kernel) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	k.stop = cancel
	defer cancel(nil)

	var readers, background, publishing sync.WaitGroup
	publishing.Go(k.iopub.run)
	k.iopub.status(jupyter.Header{}, jupyter.Starting)
	background.Go(func() { k.batch.run(ctx) })
	background.Go(func() { k.execute(ctx) })
	k.subshells.ctx = ctx
	k.prepare(ctx)
	for _, read := range []func(context.Context) error{
		k.readShell, k.readControl, k.readStdin, k.readSubscriptions, k.readHeartbeat,
	} {
		readers.Go(func() {
			if err := read(ctx); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		})
	}

	<-ctx.Done()
	err := k.closeEngine(&background)
	k.batch.flush()
	k.iopub.close()
	publishing.Wait()
	err = errors.Join(cause(ctx), err, k.cfg.Sockets.close())
	readers.Wait()
	return err
}

// errShutdown is the cause of an end that a client asked for.
var errShutdown = errors.New("shutdown was requested")

// cause returns why ctx ended where that is an error.
func cause(ctx context.Context) error {
	err := context.Cause(ctx)
	if errors.Is(err, errShutdown) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// closing is how long the calls into an engine may take to return once it is
// closed. An engine that keeps its contract needs none of it.
const closing = 10 * time.Second

// closeEngine waits for the calls into the engine, which have been cancelled,
// and closes it; one that does not give up its calls is closed under them.
func (k *Kernel) closeEngine(background *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		background.Wait()
		k.asides.wait()
		k.comms.handled.wait()
		k.subshells.wait()
		k.prepared.wait()
		close(done)
	}()
	grace := time.NewTimer(k.cfg.Limits.Grace)
	defer grace.Stop()
	select {
	case <-done:
	case <-grace.C:
		k.log.Warn("the engine does not give up its calls; closing it")
		k.iopub.hurry()
	}
	err := k.guard("close engine", k.cfg.Engine.Close)
	grace.Reset(closing)
	select {
	case <-done:
		return err
	case <-grace.C:
		return errors.Join(err, errors.New("close engine: its calls have not returned"))
	}
}

// guard calls f and turns a panic into an error. The stack goes to the log.
func (k *Kernel) guard(doing string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			k.log.Error("panic", "doing", doing, "value", p, "stack", stack())
			err = fmt.Errorf("%s: panic: %v", doing, p)
		}
	}()
	return f()
}
