// Package releases tests the native engine with every release of Go that is
// claimed, other than the one in use: tools and a worker are built with each,
// and a sample of the sessions of enginetest is played.
//
// All sessions with a release older than the one in use, and with a newer one:
//
//	go test ./kernel/engine/native -run Conformance -native.release go1.25.14
//	GOTOOLCHAIN=go1.27.4 go test ./kernel/engine/native -run Conformance
package releases
