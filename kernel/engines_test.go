package kernel_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
	"github.com/interleave-lab/interleave/lib/display"
)

// held serves a toy engine and returns it too, for cells that wait.
func held(t *testing.T) (*echo.Engine, *kerneltest.Front) {
	t.Helper()
	e := echo.New()
	return e, kerneltest.Start(t, kernel.Config{Engine: e})
}

// pieces writes its pieces, whatever it is given.
type pieces struct {
	*echo.Engine
	list []piece
}

type piece struct {
	stream engine.Stream
	text   string
}

func (e pieces) Execute(_ context.Context, _ engine.Cell, out engine.Output) error {
	for _, p := range e.list {
		out.Stream(p.stream, p.text)
	}
	return nil
}

// nan displays what JSON cannot hold.
type nan struct{ *echo.Engine }

func (nan) Execute(_ context.Context, _ engine.Cell, out engine.Output) error {
	out.Display(display.Data{
		Bundle:   map[string]any{"application/json": math.NaN(), "text/plain": "NaN"},
		Metadata: map[string]any{"m": panics{}},
	})
	out.Update(display.Data{Bundle: map[string]any{"text/plain": panics{}}, ID: "x"})
	return nil
}

// panics cannot be encoded.
type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("help") }

// binary displays bytes of several types.
type binary struct{ *echo.Engine }

func (binary) Execute(_ context.Context, _ engine.Cell, out engine.Output) error {
	out.Display(display.Data{Bundle: map[string]any{
		"image/png":        []byte{0, 255},
		"image/svg+xml":    []byte("<svg>"),
		"application/json": []byte(`{"a": 1}`),
		"text/html":        []byte("<b>"),
	}})
	return nil
}

// slow takes its time to get ready: each attempt waits for a result.
type slow struct {
	*echo.Engine
	say     chan string // progress, which it passes on
	attempt chan error  // how the attempt ends
}

func newSlow() slow { return slow{echo.New(), make(chan string), make(chan error)} }

func (e slow) Prepare(ctx context.Context, progress func(string)) error {
	for {
		select {
		case text := <-e.say:
			progress(text)
		case err := <-e.attempt:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stubborn does not give up a cell before it is closed.
type stubborn struct {
	*echo.Engine
	running, closed chan struct{}
}

func (e stubborn) Execute(context.Context, engine.Cell, engine.Output) error {
	close(e.running)
	<-e.closed
	return errors.New("closed")
}

func (e stubborn) Close() error {
	close(e.closed)
	return e.Engine.Close()
}

// nothing has no optional abilities.
type nothing struct{ engine.Engine }

// failing fails in all that it can do beside cells.
type failing struct{ *echo.Engine }

func (failing) Complete(context.Context, string, int) (engine.Completion, error) {
	return engine.Completion{}, errors.New("no")
}

func (failing) Inspect(context.Context, string, int, int) (map[string]any, error) {
	panic("help")
}

// stuck is a socket that does not send while somebody else holds mu.
type stuck struct {
	kernel.Socket
	mu *sync.Mutex
}

func (s stuck) Send(frames [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Socket.Send(frames)
}

// broken is a socket that fails to receive, once it is told to.
type broken struct {
	kernel.Socket
	fail chan struct{}
}

func (s broken) Recv() ([][]byte, error) {
	<-s.fail
	return nil, errors.New("out of order")
}

// processes is an engine that has some.
type processes struct {
	*echo.Engine
	pids []int
}

func (e processes) PIDs() []int { return e.pids }
