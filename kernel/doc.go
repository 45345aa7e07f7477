// Package kernel serves an engine to Jupyter clients. It knows the messaging
// specification (package jupyter) and the contract of engines (package engine),
// but neither ZeroMQ nor any engine: the command hands it five sockets and one
// engine.
//
// # One cell from shell to idle
//
// The shell loop (readShell) takes an execute_request off the socket; a message
// that is malformed, badly signed or seen before is dropped and logged by
// router.receive. The table in shell.go sends it to the queue, and the loop goes
// on reading: completions, inspections and kernel_info that come later are
// answered while the cell runs.
//
// The execute loop (execute) takes the cell from the queue. From here on, all
// that is published has the header of the request as parent header: the header
// is passed along with the request in an output and kept nowhere else. It
// publishes busy and execute_input and waits, the first time, until the engine
// is prepared; the progress is shown under the cell. Then it calls
// Engine.Execute.
//
// While the cell runs, the engine calls the output. Text waits up to 50 ms for
// more, but the first goes out at once; whatever is not text of the same stream
// publishes first what waits. Text over the limit goes to a file. Everything is
// put into one queue, from which the iopub loop (publisher.run) sends it in the
// order in which it came.
//
// An interrupt comes in on control, whose loop waits for nothing, and cancels
// the context of the cell. A question for the person at the front end goes out
// on stdin to the client that sent the cell, and the stdin loop brings the
// answer back.
//
// When Execute has returned, its user expressions are evaluated, what waits is
// published, an error too, the cell is put into the history and the reply is
// sent. Idle is put into the queue last, so that it leaves after all output. If
// the cell failed, those that were sent behind it are answered as aborted.
//
// A goroutine that the cell left behind goes on writing to the same output, and
// so under the same header, as long as the engine lives.
//
// HACKING.md tells the rules of order that hold this together.
package kernel
