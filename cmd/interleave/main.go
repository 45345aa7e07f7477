// Command interleave is a Jupyter kernel for Go: it installs itself, serves
// notebooks, runs them without a front end and writes reports.
//
// Run "interleave help" for its commands.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/yaegi"
)

func main() {
	if os.Getenv(yaegi.Variable) != "" {
		yaegi.Child()
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, newEngine))
}

// run runs one command line and returns its exit code.
func run(args []string, stdout, stderr io.Writer, newEngine func(dir string) engine.Engine) int {
	ctx, stop := notify(context.Background())
	defer stop()
	a := &app{stdout: stdout, stderr: stderr, newEngine: newEngine}
	return a.exit(a.run(ctx, args))
}

// stopped is the cause of a context that ends because of a signal.
type stopped struct{ signal syscall.Signal }

func (s *stopped) Error() string { return fmt.Sprintf("stopped (%v)", s.signal) }

// code is the exit code a shell would give.
func (s *stopped) code() int { return 128 + int(s.signal) }

// notify returns a context that ends at Ctrl-C or SIGTERM. The next signal
// ends the process at once: the way out when the orderly one takes too long.
func notify(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer signal.Stop(signals)
		select {
		case s := <-signals:
			cancel(&stopped{s.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}
