// Package native is the engine that compiles every cell with the author's own
// Go toolchain and links it in place into one long-lived worker process.
//
// One cell, from text to result:
//
//	text
//	  │ kernel/cell          parse, check against the session, rewrite
//	unit: one file of package main
//	  │ toolchain.Compile    the ordinary compiler, started ahead of time
//	object file
//	  │ toolchain.Link       the author's own linker, patched: it binds to the
//	  │                      addresses of what already lives in the worker
//	module: three segments
//	  │ worker.Load          map them, add them to the runtime
//	live code
//	  │ worker.Run           call the cell's function in a goroutine
//	outputs, report
//
// The session changes at one moment only: after the module is mapped and
// before it runs. A cell that does not parse, check, compile or link leaves no
// trace; one that panics half-way has done what it had done.
package native
