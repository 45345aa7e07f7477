// Package redefine plays sessions made at random in which everything is
// declared again and again, and holds every answer against a model.
//
// A sequence is made from its number alone. It is a handful of subjects, each
// a corner of the language: records that gain fields and methods, functions
// and their helpers, interfaces, enumerations, generic types, errors, sorted
// and encoded values, closures, goroutines that go on calling. A cell changes
// some of them and asks others. A subject knows what its declarations mean by the
// rules of a session:
//
//   - a function or method declared again is the one that every later call
//     reaches, also from functions of earlier cells, through interfaces that
//     hold values made earlier, and from function values, closures, method
//     values and goroutines that are older;
//   - a value that lives keeps its data;
//   - a type with another layout is another type: variables of it are zero
//     until they are set again, values inside interfaces stay of the old type;
//   - a closure keeps the variable that it was made with.
//
// The model does not ask what methods a value of an earlier type has.
//
// A sequence that fails is written to the folder INTERLEAVE_REDEFINE_DIR, if
// that is set, as a session that the suite can play.
//
// What a sequence declares last is also assembled into one ordinary program,
// which makes all values and asks all questions anew, and is run by the go
// command, so that the model is held against Go itself. The first cells of a
// longer sequence are those of a shorter one, so this can be done after any cell.
package redefine
