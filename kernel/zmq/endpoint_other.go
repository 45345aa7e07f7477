//go:build !unix

package zmq

// makePrivate does nothing: listenIPC sets the mode afterwards.
func makePrivate(uintptr) {}
