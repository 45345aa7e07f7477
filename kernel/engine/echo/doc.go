// Package echo is a toy engine: it repeats what it is given. It has every
// ability of an engine without compiling anything, and is what the kernel's own
// tests run.
//
// A cell is a list of commands, one a line:
//
//	print TEXT       writes a line to stdout
//	eprint TEXT      writes a line to stderr
//	write TEXT       writes to stdout without ending the line
//	result TEXT      is the value of the cell
//	show MIME TEXT   displays TEXT
//	both MIME TEXT   displays an empty object of MIME with TEXT beside
//	named ID TEXT    displays TEXT so that it can be updated
//	update ID TEXT   updates it
//	turn N IDS       updates each display of IDS N times, with the numbers
//	clear            clears the output; clearwait waits for new output
//	ask PROMPT       asks for a line and writes it to stdout
//	secret PROMPT    asks for a password and writes how long it is
//	flood N          writes N numbered lines
//	zigzag N         writes N lines to each stream, taking turns
//	many N           displays N numbers
//	fail TEXT        fails the cell
//	panic TEXT       makes the engine itself panic
//	hold NAME        waits for Release(NAME)
//	await NAME CMD   waits for it and then runs a command
//	open ID TARGET   opens a comm, which repeats what it is sent
//	tell ID JSON     sends JSON over it
//	hang ID          closes it
//	go CMD           runs a command in the background
//	sleep DURATION   waits, as a cell that computes
//
// Any other line is echoed to stdout. A line that ends with a backslash is
// incomplete, one that is a closing bracket is invalid.
package echo
