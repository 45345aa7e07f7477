package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// Socket is one of the five sockets. Recv is called by one goroutine; Send may
// be called by others meanwhile. Both return an error once the socket is
// closed. Frames belong to the socket once they are sent, and to the receiver
// once they are received.
type Socket interface {
	Recv() ([][]byte, error)
	Send(frames [][]byte) error
	Close() error
}

// Sockets are the five sockets of a kernel, bound where its connection file
// says. Messages begin with the peer's identity on Shell, Control and Stdin
// (ROUTER), with a topic on IOPub (XPUB, which receives subscriptions). Serve
// closes them.
type Sockets struct {
	Shell, Control, Stdin, IOPub, Heartbeat Socket
}

// close closes all of them at the same time, since each may wait for a client
// that does not read.
func (s Sockets) close() error {
	all := [...]Socket{s.Shell, s.Control, s.Stdin, s.IOPub, s.Heartbeat}
	var errs [len(all)]error
	var closing sync.WaitGroup
	for i, socket := range all {
		closing.Go(func() { errs[i] = socket.Close() })
	}
	closing.Wait()
	return errors.Join(errs[:]...)
}

// router is a socket with several peers.
type router struct {
	channel jupyter.Channel
	socket  Socket
	session *jupyter.Session
	log     *slog.Logger
}

// receive passes on each message that is well formed and signed, and returns
// when the socket does not receive any more.
func (r *router) receive(each func(jupyter.Message)) error {
	for {
		frames, err := r.socket.Recv()
		if err != nil {
			return fmt.Errorf("receive on %s: %w", r.channel, err)
		}
		m, err := r.session.Decode(frames)
		if err != nil {
			r.log.Warn("message dropped", "channel", r.channel, "reason", err)
			continue
		}
		each(m)
	}
}

// send sends m to the peer that its identities name.
func (r *router) send(m jupyter.Message) error {
	frames, err := r.session.Encode(m)
	if err != nil {
		return err
	}
	if err := r.socket.Send(frames); err != nil {
		return fmt.Errorf("send %s on %s: %w", m.Header.Type, r.channel, err)
	}
	return nil
}

// readHeartbeat echoes what comes (section "Heartbeat for kernels").
func (k *Kernel) readHeartbeat(ctx context.Context) error {
	socket := k.cfg.Sockets.Heartbeat
	for {
		frames, err := socket.Recv()
		if err != nil {
			return fmt.Errorf("receive on %s: %w", jupyter.Heartbeat, err)
		}
		if err := socket.Send(frames); err != nil && ctx.Err() == nil {
			k.log.Warn("heartbeat not answered", "reason", err)
		}
	}
}
