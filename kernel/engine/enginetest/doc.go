// Package enginetest is the suite every engine passes.
//
// Run plays sessions: cells in order against one engine, each followed by what
// a reader must see. It also runs whole programs both in a cell and with the
// go command, and puts a session under stress while its functions change.
//
// # Sessions
//
// The sessions lie in cells/*.txtar, many to a file, grouped by subject. A
// line that begins with "=== " starts a session and gives its title; what lies
// between it and the first section is comment, and so is everything before the
// first session of a file.
//
//	=== a failed cell leaves earlier names alone
//	-- in --
//	x := 1
//	-- in --
//	x, y := 2, nope
//	-- err --
//	1:12: undefined: nope
//	-- in --
//	x
//	-- out --
//	1
//
// A section starts with a line "-- name --" or "-- name flag --" and ends
// where the next section or session begins; blank lines before a session do not
// count. Each in section is a cell, with
// execution counts 1, 2, 3 and so on in every session; the sections up to the
// next one say what the cell does. Whatever no section asks for must not
// happen: a cell without out prints nothing, one without err does not fail.
//
//	in            the cell
//	out           standard output and results, as a reader sees them
//	result        the text/plain of the result; out then holds standard output alone
//	display       display_data: a MIME type on the first line, then its content
//	update        update_display_data, written as display
//	clear         clear_output; the text is "wait" or empty
//	stderr        standard error
//	err           the error, see below
//	after         output of goroutines that the cell leaves behind
//	after-stderr  the same for standard error
//	stdin         answers to input requests, a line each; all must be asked for
//	prompts       the prompts of those requests, a line each
//	interrupt     interrupts the cell once its standard output holds this text
//
// The sections out, result, display, update, clear and after are compared in
// the order in which they stand: out, display, out means text before and after
// the display. The order of stderr relative to them is free. A result starts
// on a line of its own within out. A missing line end at the very end of a
// text is never a difference. An update must carry the id of something that the
// session has displayed.
//
// The flags change how a text is compared:
//
//	regexp        each line of the section is a regular expression for one whole line
//	unordered     the lines may come in any order
//	has           each line of the section occurs in the text, in this order
//	mime          a result is written as display: a MIME type, then its content
//
// The text of after follows that of out and has the same flag, and an after
// without text says that the displays below it come late. The runner waits
// for all this when the session's last cell has ended.
//
// # Errors
//
// An err section that holds lines of the form "line:column: message" asks for
// an engine.CompileError with exactly these errors, in this order. Otherwise
// its first line is the error's name and value, as in
//
//	PanicError: runtime error: integer divide by zero
//
// or, with the flag regexp, an expression for both. All other lines must occur
// in the traceback in this order, each in a line of its own: frames, source
// lines, carets, hints. A caret must stand in its column.
//
// # Open sessions
//
// Sessions in cells/open*.txtar show faults that are known. They run when
// INTERLEAVE_TEST_OPEN is 1; otherwise the log names each that did not run.
//
// # Programs
//
// testdata/programs holds whole programs. Each runs with the go command and in
// a cell, and the two must agree in standard output, standard error and exit
// code. A program that ends by panic agrees when the panic's text does. They
// run each alone, all in one session, and once more typed in as an author may
// do: declarations in one cell, the body of main in the next.
package enginetest
