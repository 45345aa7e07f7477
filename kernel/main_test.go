package kernel_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/zmq"
)

// asKernel makes the test binary a kernel, as which Python clients start it.
const asKernel = "INTERLEAVE_TEST_AS_KERNEL"

func TestMain(m *testing.M) {
	if os.Getenv(asKernel) != "" {
		if err := serveEcho(os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// serveEcho is the main function of a kernel with the toy engine.
func serveEcho(connectionFile string) error {
	c, err := jupyter.ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	sockets, err := listen(c)
	if err != nil {
		return err
	}
	k := kernel.New(kernel.Config{
		Engine:     echo.New(),
		Session:    jupyter.NewSession(c.Key),
		Sockets:    sockets,
		Connection: c,
		Version:    "test",
		Log:        slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	return k.Serve(context.Background())
}

func listen(c jupyter.Connection) (kernel.Sockets, error) {
	var s kernel.Sockets
	for _, bind := range []struct {
		to   *kernel.Socket
		ch   jupyter.Channel
		kind zmq.Kind
	}{
		{&s.Shell, jupyter.Shell, zmq.Router},
		{&s.Control, jupyter.Control, zmq.Router},
		{&s.Stdin, jupyter.Stdin, zmq.Router},
		{&s.IOPub, jupyter.IOPub, zmq.XPub},
		{&s.Heartbeat, jupyter.Heartbeat, zmq.Rep},
	} {
		socket, err := zmq.Listen(bind.kind, c.Endpoint(bind.ch), zmq.Options{})
		if err != nil {
			return s, fmt.Errorf("bind %s: %w", bind.ch, err)
		}
		*bind.to = socket
	}
	return s, nil
}
