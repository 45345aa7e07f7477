package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// app is what the commands share.
type app struct {
	stdout, stderr io.Writer
	// newEngine makes the engine for the cells of a notebook in a folder.
	newEngine func(dir string) engine.Engine
}

// command is one subcommand, as data: its help is written from it.
type command struct {
	name  string
	usage string // what follows the name
	short string // one line
	long  string // what a person wants to know, with the commands they will type
	flags func(*flag.FlagSet)
	run   func(ctx context.Context, args []string) error
}

// commands lists the commands in the order people need them.
func (a *app) commands() []*command {
	return []*command{
		a.installCommand(),
		a.uninstallCommand(),
		a.runCommand(),
		a.reportCommand(),
		a.exportCommand(),
		a.compareCommand(),
		a.doctorCommand(),
		a.kernelCommand(),
		a.versionCommand(),
		a.helpCommand(),
	}
}

// Exit codes beside 0, and 128 + number of the signal that stopped the command.
const (
	exitFailed = 1 // a cell failed, or the machine did not do what was asked
	exitUsage  = 2 // the command line or a file it names is wrong; nothing was done
)

// usageError is a fault in what was typed or in the files it names: nothing
// was done.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// errReported ends the process with code 1 when all has been said.
var errReported = errors.New("failed")

// exit tells the error, unless that was done, and returns the exit code.
func (a *app) exit(err error) int {
	if err == nil {
		return 0
	}
	if errors.Is(err, errReported) {
		return exitFailed
	}
	fmt.Fprintf(a.stderr, "interleave %v\n", err)
	if s, ok := errors.AsType[*stopped](err); ok {
		return s.code()
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

// run finds the command and runs it. Its errors begin with the command's name.
func (a *app) run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		a.overview(a.stderr)
		return usagef("needs a command")
	}
	name := args[0]
	if name == "-h" || name == "-help" || name == "--help" {
		name = "help"
	}
	c := a.find(name)
	if c == nil {
		return usagef("%s: no such command; the commands are %s", name, a.names())
	}
	fs := c.flagSet()
	rest, err := parse(fs, args[1:])
	if errors.Is(err, flag.ErrHelp) {
		a.describe(a.stdout, c)
		return nil
	}
	if err != nil {
		return usagef("%s: %w; see: interleave help %s", name, err, name)
	}
	if err := c.run(ctx, rest); err != nil {
		return fmt.Errorf("%s: %w", name, because(ctx, err))
	}
	return nil
}

// because returns the signal that stopped a command, in place of whatever went
// wrong as the command was stopped.
func because(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*stopped](err); ok {
		return err
	}
	if s, ok := errors.AsType[*stopped](context.Cause(ctx)); ok {
		return s
	}
	return err
}

func (a *app) find(name string) *command {
	for _, c := range a.commands() {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (a *app) names() string {
	var names []string
	for _, c := range a.commands() {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

func (c *command) flagSet() *flag.FlagSet {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the error says it all
	if c.flags != nil {
		c.flags(fs)
	}
	return fs
}

// parse reads flags before, between and after the arguments, which package
// flag does not; what follows -- is not a flag.
func parse(fs *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		parsed := len(args) - fs.NArg()
		ended := parsed > 0 && args[parsed-1] == "--"
		args = fs.Args()
		if ended {
			return append(rest, args...), nil
		}
		if len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return rest, nil
}

// none refuses arguments.
func none(args []string) error {
	if len(args) > 0 {
		return usagef("takes no arguments, got %s", strings.Join(args, " "))
	}
	return nil
}

func (a *app) helpCommand() *command {
	return &command{
		name:  "help",
		usage: "[COMMAND]",
		short: "tell about a command",
		run: func(_ context.Context, args []string) error {
			if len(args) == 0 {
				a.overview(a.stdout)
				return nil
			}
			c := a.find(args[0])
			if c == nil {
				return usagef("no command %s; the commands are %s", args[0], a.names())
			}
			a.describe(a.stdout, c)
			return nil
		},
	}
}

func (a *app) overview(w io.Writer) {
	fmt.Fprint(w, "Interleave is a Jupyter kernel for Go: cells are compiled natively, and values\nand goroutines live from cell to cell.\n\n")
	for _, c := range a.commands() {
		fmt.Fprintf(w, "  interleave %-10s %s\n", c.name, c.short)
	}
	fmt.Fprint(w, "\nStart with: interleave install --user\nThen choose Go in Jupyter, or run a notebook here: interleave run NOTEBOOK\n")
}

func (a *app) describe(w io.Writer, c *command) {
	fmt.Fprintf(w, "usage: interleave %s\n\n", strings.TrimSpace(c.name+" "+c.usage))
	if c.long == "" {
		fmt.Fprintf(w, "%s\n", c.short)
	} else {
		fmt.Fprintf(w, "%s\n", strings.TrimSpace(c.long))
	}
	first := "\n"
	c.flagSet().VisitAll(func(f *flag.Flag) {
		operand, text := flag.UnquoteUsage(f)
		dashes := "--"
		if len(f.Name) == 1 {
			dashes = "-"
		}
		fmt.Fprintf(w, "%s  %-18s %s\n", first, strings.TrimSpace(dashes+f.Name+" "+operand), text)
		first = ""
	})
}
