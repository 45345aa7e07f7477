// Package diag finds what is wrong with concurrent code by tool rather than by
// eye: goroutines that a function leaves behind (Leaks), who waits for whom
// (WaitFor), and data races of a program (Race).
//
// What it knows of goroutines is what the runtime writes into a dump of their
// stacks. That tells what a goroutine waits for and, for the types of package
// sync, at which address; it does not tell who holds a lock. Edges of a graph
// that are concluded from other signs are marked as guesses; a Mutex of this
// package knows its holder, and leaves nothing to guess.
package diag
