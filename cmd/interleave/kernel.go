package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/early"
	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/zmq"
)

func (a *app) kernelCommand() *command {
	return &command{
		name:  "kernel",
		usage: "CONNECTION_FILE",
		short: "serve Jupyter (Jupyter itself runs this)",
		long: `
Serves the front ends that know the connection file until one of them asks for
the end. What a developer wants to know is written to standard error.`,
		run: a.serve,
	}
}

func (a *app) serve(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return usagef("needs the connection file, got %d arguments; see: interleave help kernel", len(args))
	}
	conn, err := jupyter.ReadConnection(args[0])
	if err != nil {
		return &usageError{err}
	}
	if conn.Key == "" {
		return usagef("read connection file %s: it has no key, without which anybody who reaches its ports could run code as you; start the kernel by Jupyter, which makes one", args[0])
	}
	log := slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if conn.Exposed {
		log.Warn("other users can read the connection file and so run code as you; make it private with: chmod 600 "+args[0], "file", args[0])
	}
	ctx, cancel := attend(ctx) // before anybody can know that the kernel is there
	defer cancel()
	sockets, err := bind(conn, log)
	if err != nil {
		return err
	}
	k := kernel.New(kernel.Config{
		Engine:     a.newEngine(""),
		Session:    jupyter.NewSession(conn.Key),
		Sockets:    sockets,
		Version:    version(),
		Connection: conn,
		Log:        log,
	})
	return k.Serve(ctx)
}

// bind opens the five sockets, or none.
func bind(conn jupyter.Connection, log *slog.Logger) (kernel.Sockets, error) {
	var s kernel.Sockets
	var open []*zmq.Socket
	for _, b := range []struct {
		channel jupyter.Channel
		kind    zmq.Kind
		socket  *kernel.Socket
	}{
		{jupyter.Shell, zmq.Router, &s.Shell},
		{jupyter.Control, zmq.Router, &s.Control},
		{jupyter.Stdin, zmq.Router, &s.Stdin},
		{jupyter.IOPub, zmq.XPub, &s.IOPub},
		{jupyter.Heartbeat, zmq.Rep, &s.Heartbeat},
	} {
		opt := options(log, b.channel)
		opt.Listener = opened(conn.Endpoint(b.channel))
		socket, err := zmq.Listen(b.kind, conn.Endpoint(b.channel), opt)
		if err != nil {
			for _, o := range open {
				err = errors.Join(err, o.Close())
			}
			return kernel.Sockets{}, fmt.Errorf("bind %s: %w", b.channel, err)
		}
		open = append(open, socket)
		*b.socket = socket
	}
	return s, nil
}

// opened is a listener at an endpoint whose port was opened when the program
// began; nil if it was not.
func opened(endpoint string) net.Listener {
	f := early.Port(strings.TrimPrefix(endpoint, "tcp://"))
	if f == nil {
		return nil
	}
	defer f.Close()
	l, err := net.FileListener(f)
	if err != nil {
		return nil
	}
	return l
}

func options(log *slog.Logger, c jupyter.Channel) zmq.Options {
	return zmq.Options{Disconnected: func(peer net.Addr, reason error) {
		log.Warn("peer disconnected", "channel", c, "peer", peer, "reason", reason)
	}}
}

// attend returns a context for a kernel that was started by Jupyter: it ends
// when Jupyter has died and left the kernel alone, and Ctrl-C in the terminal
// of Jupyter does not end it: Jupyter asks before it shuts kernels down.
func attend(ctx context.Context) (context.Context, context.CancelFunc) {
	if os.Getenv("JPY_PARENT_PID") == "" {
		return context.WithCancel(ctx)
	}
	signal.Ignore(os.Interrupt)
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for os.Getppid() == parent {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
		cancel()
	}()
	return ctx, cancel
}
