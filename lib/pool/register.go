package pool

import (
	"context"
	"fmt"
	"os"
	"sync"
)

// registry is the functions that this program can call for another process.
var registry struct {
	mu     sync.Mutex // guards what follows
	funcs  map[string]remote
	served bool // Serve has been called: workers started from this program will serve
}

// remote calls a function with an encoded argument.
type remote func(ctx context.Context, c Codec, in []byte) (out []byte, err error)

// Register makes a function known to worker processes of this program. It is
// called at the start of main, before Serve, or in an init function. In cells
// it is not needed.
func Register[In, Out any](f func(ctx context.Context, in In) (Out, error)) {
	name := functionName(f)
	registry.mu.Lock()
	defer registry.mu.Unlock()
	if registry.funcs == nil {
		registry.funcs = map[string]remote{}
	}
	registry.funcs[name] = func(ctx context.Context, c Codec, b []byte) ([]byte, error) {
		var in In
		if err := decode(c, b, &in); err != nil {
			return nil, fmt.Errorf("decode the argument of %s: %w", name, err)
		}
		out, err := guarded(func() (Out, error) { return f(ctx, in) })
		if err != nil {
			return nil, err
		}
		return encode(c, &out)
	}
}

// registered returns a function by its name.
func registered(name string) (remote, bool) {
	registry.mu.Lock()
	defer registry.mu.Unlock()
	f, ok := registry.funcs[name]
	return f, ok
}

// workerEnv tells a program that it was started as a worker process, and which
// codec its values have.
const workerEnv = "INTERLEAVE_POOL_WORKER"

// Serve is the first call in the main function of a program that uses
// Processes, after all Register. In a worker process it makes calls until the
// pool is closed and ends the process; otherwise it returns at once.
func Serve() {
	registry.mu.Lock()
	registry.served = true
	registry.mu.Unlock()
	if os.Getenv(workerEnv) == "" {
		return
	}
	os.Unsetenv(workerEnv) // for processes that functions start
	closeOnExec(3, 4)
	in, out := os.NewFile(3, "calls"), os.NewFile(4, "results")
	if err := ServeConn(in, out); err != nil {
		fmt.Fprintf(os.Stderr, "worker process: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// wire messages, by gob.
type (
	hello struct {
		PID   int
		Funcs []string
	}
	request struct {
		ID     uint64
		Cancel bool // of the call with that id
		Func   string
		JSON   bool // the codec
		Input  []byte
	}
	response struct {
		ID     uint64
		Output []byte
		Fault  *fault
	}
	// fault is an error on its way between processes.
	fault struct {
		Text  string
		Panic *PanicError
		Kind  faultKind
	}
	faultKind byte
)

const (
	plain faultKind = iota
	cancelled
	expired
	unknown // function
)

// RemoteError is an error that a function returned in another process. Its
// type is lost on the way, except that errors.Is still finds context.Canceled
// and context.DeadlineExceeded.
type RemoteError struct {
	Text string
	is   error
}

func (e *RemoteError) Error() string { return e.Text }

// Unwrap is context.Canceled or context.DeadlineExceeded if the error was one
// of these.
func (e *RemoteError) Unwrap() error { return e.is }
