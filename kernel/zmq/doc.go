// Package zmq is the bound side of ZeroMQ sockets: ROUTER, XPUB and REP over
// tcp and ipc, speaking ZMTP 3.1 (RFC 37, https://rfc.zeromq.org/spec/37/) to
// clients built on libzmq, such as Jupyter's front ends.
//
// # How a message travels
//
// In: the reader of a peer takes frames off the connection (frame.go), makes
// messages of them and gives them to the pattern of the socket (router.go,
// rep.go, xpub.go), which puts them into the one inbox of the socket. Recv takes
// them out. An XPub's inbox holds subscriptions instead.
//
// Out: Send copies the message and puts it into the queue of each peer that is
// to have it (outgoing.go). The writer of the peer (writer.go) takes from there
// what makes one write.
//
// # What is bounded by what
//
//	connections                   MaxConnections; more are closed at once
//	time from accept to READY     HandshakeTimeout
//	buffers of a connection       about 250 KiB
//	a message received            MaxMessage and MaxFrames; 64 KiB for an XPub
//	memory for a frame            a buffer of twice what has arrived, or 64 KiB
//	messages received, not taken  MaxReceive; of one peer 1000, and MaxReceive/8
//	events of an XPub, not taken  one for each topic
//	topics of a subscriber        256, and 64 KiB
//	messages sent, not written    SendQueue for a peer, MaxSend for all
//	PINGs not answered            64 of a peer
//	one Send                      SendTimeout
//	Close                         Linger
//
// A peer that breaks a bound is disconnected, and nobody else notices. A peer
// that sends faster than Recv is called is not read until there is room. A peer
// that does not read makes Send wait, for SendTimeout at most, and is then
// disconnected; a message is never left out for a peer that stays.
package zmq
