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
// Python clients are held against kernels by the programs in testdata:
// conformance.py runs the public conformance suite, client.py talks as
// jupyter_client does.
package kerneltest
