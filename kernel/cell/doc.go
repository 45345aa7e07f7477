// Package cell is the Go code of a notebook cell as data: it parses a cell,
// checks it with go/types against what the session has declared, and rewrites
// it into one Go file of package main that an engine compiles and links into
// a live worker. It starts no process and reads no file.
//
// # One cell
//
//	s := cell.NewScope(cfg)
//	need := s.Imports(text)        // make these packages known to cfg.Importer
//	u, err := s.Compile(text, 7)   // *cell.Errors: faults of the author's
//	...compile u.Source, link it, load it...
//	s.Commit(u, types)             // only now does the session know cell 7
//
// Top-level items of a cell are told apart by their first tokens and parsed
// from the whole text with all others blanked, so that every position is the
// author's. Types, functions, methods and constants become declarations of the
// package; statements become the body of one function, ʹcell7.
//
// The statements are checked first, as the body of a function in which the
// variables they declare are local: that is Go's scoping by position, and it
// gives the variables their types. Then the package is checked with each of
// these variables declared by its type. In the unit, x := v is an assignment
// to a package variable. No variable has an initialiser that would have to run.
//
// # Names in the unit
//
// A unit holds what the cell reaches. Symbols of one name are bound by the
// linker to those that live in the worker, so every declaration has a name for
// its identity: the author's own for the first, one with the mark ʹ and a
// number for each other. The identity of a variable is its name and type; that
// of a type is its structure down to the last type it mentions, and the methods
// that its live values are known to have. HACKING.md tells the rules.
package cell
