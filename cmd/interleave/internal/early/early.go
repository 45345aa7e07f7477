// Package early listens at a kernel's ports before the rest of the program is
// initialised.
//
// A front end connects about 10 ms after it has started a kernel. Where nobody
// listens yet, ZeroMQ tries again 100 to 200 ms later (ZMQ_RECONNECT_IVL, and
// as much again at random), however soon the kernel was ready. The libraries of
// this program take some 10 ms to initialise. So the ports are opened first:
// connections wait in the system's queues until the kernel accepts them.
//
// Packages are initialised in the order of their import paths once what they
// import has been. So this one imports next to nothing, not even package net.
// Nothing but the time depends on that order. What is not open is opened by
// zmq.Listen, which also has the errors.
package early

import "os"

// ports are open and have not been taken yet, by address.
var ports = open(os.Args)

// Port returns a socket that listens at an IPv4 address and port, written as in
// "127.0.0.1:5000", for net.FileListener; nil if none was opened. It is the
// caller's to close. Calls must not overlap.
func Port(address string) *os.File {
	f := ports[address]
	delete(ports, address)
	return f
}
