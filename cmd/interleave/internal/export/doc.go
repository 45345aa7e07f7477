// Package export writes a notebook as one Go program that prints what its
// cells show.
//
// # The shape of the program
//
// Types, functions, methods and constants of the cells are declarations of
// the program, in the order of the notebook. The statements of a cell become a
// function, and main calls these in order: so defer, return and labels keep
// their meaning. A variable that a cell declares at its top is one of the
// package, as functions of other cells may use it; x := v becomes x = v.
// Variables of the cell tagged parameters are flags. A trailing expression is
// given to display.Show, which prints its text.
//
// # Names
//
// In a notebook a name may be declared again, in a program it may not. A
// variable of a new type gets a name of its own from there on; a function with
// the same parameters and results becomes a variable that is assigned where it
// is declared, so that calls reach the latest as they do in a session. Types,
// methods and constants that change are refused with their cells, as is what
// only a session can do.
package export
