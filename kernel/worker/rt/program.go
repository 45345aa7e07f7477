package rt

import (
	"flag"
	"log"
	"net/http"
	"os"
)

// What a program finds when it starts.
var (
	flagUsage = flag.Usage
	program   = "main"
)

// Program makes the worker look like a process that has just started, before a
// whole program is run in a cell: no flags are defined or given, no handler is
// registered with net/http, and the standard logger is as it was.
func Program() {
	os.Args = []string{program}
	flag.Usage = flagUsage
	flag.CommandLine = flag.NewFlagSet(program, flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
	http.DefaultServeMux = http.NewServeMux()
	log.SetFlags(log.LstdFlags)
	log.SetPrefix("")
	log.SetOutput(os.Stderr)
}
