// Package wire is what the kernel's side of a worker and the worker process
// say to each other: frames on two pipes, one for each direction.
//
// A frame is a length (4 bytes, little endian, of what follows it), a type
// (1 byte) and a body. Bodies of frequent frames are fields one after another
// (see Body); bodies of rare ones are JSON. Both processes are always of the
// same build, so there are no versions.
package wire
