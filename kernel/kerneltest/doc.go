// Package kerneltest helps to test kernels: a front end that speaks the
// protocol aloud, over the kernel's real sockets.
//
//	front := kerneltest.Start(t, kernel.Config{Engine: echo.New()})
//	front.Execute("print hello").
//		Busy().Input("print hello", 1).
//		Stdout("hello\n").
//		Idle().OK()
//
// Each step waits for the next message that belongs to the request and fails
// the test unless it is the one expected. At the end of the test the kernel is
// shut down, and everything that nobody expected fails the test too.
//
// Conform holds an installed kernel against Python clients; what it asks stands
// in testdata/conformance.py.
package kerneltest
