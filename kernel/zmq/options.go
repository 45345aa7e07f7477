package zmq

import (
	"cmp"
	"errors"
	"net"
	"time"
)

// Kind is the type of a socket, by its name in ZMTP (RFC 23, "The READY
// command").
type Kind string

const (
	Router Kind = "ROUTER" // for REQ, DEALER and ROUTER peers
	XPub   Kind = "XPUB"   // for SUB and XSUB peers
	Rep    Kind = "REP"    // for REQ and DEALER peers
)

var (
	// ErrClosed is returned by Recv and Send once Close has been called.
	ErrClosed = errors.New("socket closed")

	// ErrNoPeer is returned by Send when no peer of a Router has the identity,
	// and when the peer that sent the request has left a Rep. Nothing was sent.
	ErrNoPeer = errors.New("no such peer")

	// ErrSlowPeer is returned by Send when the peer of a Router or Rep did not
	// make room in its queue for SendTimeout. The peer has been disconnected
	// and did not get the message, nor those still queued for it.
	ErrSlowPeer = errors.New("peer does not read")

	// ErrNoRequest is returned by Send on a Rep that has no request to answer.
	ErrNoRequest = errors.New("no request to answer")
)

// Options bound what peers may cost. The zero value takes the defaults.
type Options struct {
	// HandshakeTimeout is how long a connection may take from accept to READY;
	// 10 s by default.
	HandshakeTimeout time.Duration

	// SendTimeout is the longest one Send waits for room, over all slow peers
	// together; 30 s by default. Peers which then still have no room are
	// disconnected. A queue that has been full takes messages again once half
	// of it has been written.
	SendTimeout time.Duration

	// Linger is how long Close waits for peers to take what was sent; 2 s by
	// default. Negative: not at all.
	Linger time.Duration

	// Listener, if set, is bound to the endpoint already; the socket closes it.
	Listener net.Listener

	MaxConnections int // connections at a time, more are refused; 512 by default
	MaxMessage     int // bytes in all frames of a message received; 512 MiB by default
	MaxFrames      int // frames in a message received; 4096 by default
	MaxReceive     int // bytes received and not yet taken by Recv, all peers; 1 GiB by default
	MaxSend        int // bytes sent and not yet written, all peers; 1 GiB by default
	SendQueue      int // bytes sent and not yet written, one peer; 64 MiB by default

	// Disconnected, if set, is told of every peer that the socket itself turned
	// away or disconnected, and why: malformed, slow, over a bound, a duplicate
	// identity. Peers that leave are not told of. It is called from several
	// goroutines, has to return soon and must not call Close.
	Disconnected func(peer net.Addr, reason error)
}

func (o Options) withDefaults() Options {
	o.HandshakeTimeout = cmp.Or(o.HandshakeTimeout, 10*time.Second)
	o.SendTimeout = cmp.Or(o.SendTimeout, 30*time.Second)
	o.Linger = max(0, cmp.Or(o.Linger, 2*time.Second))
	o.MaxConnections = cmp.Or(o.MaxConnections, 512)
	o.MaxMessage = cmp.Or(o.MaxMessage, 512<<20)
	o.MaxFrames = cmp.Or(o.MaxFrames, 4096)
	o.MaxReceive = cmp.Or(o.MaxReceive, 1<<30)
	o.MaxSend = cmp.Or(o.MaxSend, 1<<30)
	o.SendQueue = cmp.Or(o.SendQueue, 64<<20)
	return o
}
