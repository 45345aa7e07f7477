// Package child is the life of a worker process: it maps linked cells, runs
// them, stops them, and tells the kernel's side what they write, show and ask.
package child

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/comm"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/interrupt"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/pool"
	"github.com/interleave-lab/interleave/lib/prompt"
)

// maxStack is where a goroutine's stack overflows; debug.SetMaxStack changes
// it. Recursion half a million calls deep still works, and an endless one takes
// neither all memory nor a minute.
const maxStack = 64 << 20

// process is the worker.
type process struct {
	buildID string
	linked  []func() // run by number instead of address, see Main
	channel *channel
	streams streams
	stdin   stdin

	current atomic.Pointer[run] // the newest run; it may have ended
	runs    runs
	records records
	parked  parked
	watcher watcher
	auditor auditor
	heirs   heirs
	comms   mailboxes
	stopped sync.Map // runs that are being stopped or are parked, by the ids of their records
	exited  sync.Map // ids of records of whole programs that have ended: nobody hears them any more
}

// Main is the main function of a worker. It returns when the kernel's side has
// gone away, and the process should end then.
//
// The functions linked are part of the program: a run may name them by 1, 2,
// ... instead of the address of loaded code. Programs that are not built as
// workers use it to test what does not need loading.
func Main(buildID string, linked ...func()) {
	p := &process{buildID: buildID, linked: linked}
	if file := os.Getenv(programEnv); file != "" {
		p.beside(file)
	}
	p.parked.wake = make(chan struct{}, 1)
	p.watcher = watcher{p: p, begun: make(chan struct{}, 1)}
	p.auditor = auditor{p: p, later: make(chan struct{}, 1)}
	p.heirs.started = make(chan *heir)
	if err := p.open(); err != nil {
		fmt.Fprintf(os.Stderr, "this program is started by interleave, it does nothing by itself: %v\n", err)
		os.Exit(2)
	}
	debug.SetMaxStack(maxStack)
	preferredByOOM()
	rt.OnEnd(p.ended)
	rt.OnRoom(room)
	rt.SetOutcome(rt.Outcome{Result: p.result, Fail: p.fail})
	rt.Stdio(p.write, p.stdin.read)
	rt.Heirs(p.heir)
	display.SetSink(sink{p})
	prompt.SetSource(p.input)
	interrupt.SetSource(p.onInterrupt)
	machine.SetEngine("native cells")
	pool.SetSource(p.program)
	comm.SetLink(p.sendComm)
	p.channel.send(func(b []byte) []byte {
		return wire.AppendJSON(b, wire.THello, wire.Hello{BuildID: buildID, Linked: rt.Linked})
	})
	for _, f := range []func(){p.reap, p.watcher.run, p.auditor.run, p.adopt} {
		go f()
	}
	if err := p.serve(); !errors.Is(err, io.EOF) {
		fmt.Fprintf(os.Stderr, "worker: %v\n", err)
		os.Exit(1)
	}
}

func (p *process) open() (err error) {
	if p.channel, err = openChannel(); err != nil {
		return err
	}
	p.stdin.ask = p.input
	return p.streams.open()
}

// serve does what the kernel's side asks for. It returns io.EOF when that has
// gone.
func (p *process) serve() error {
	return p.channel.receive(func(t wire.Type, body wire.Body) error {
		switch t {
		case wire.TLoad:
			var l wire.Load
			if err := body.JSON(&l); err != nil {
				return err
			}
			p.load(l)
		case wire.TRun:
			var r wire.Run
			if err := body.JSON(&r); err != nil {
				return err
			}
			p.start(r)
		case wire.TStop:
			s, err := body.Stop()
			if err != nil {
				return err
			}
			p.stop(s)
		case wire.TLook:
			var l wire.Look
			if err := body.JSON(&l); err != nil {
				return err
			}
			p.answerLook(l)
		case wire.TStopCells:
			var e wire.StopCells
			if err := body.JSON(&e); err != nil {
				return err
			}
			p.stopCells(e)
		case wire.TLimit:
			var l wire.Limit
			if err := body.JSON(&l); err != nil {
				return err
			}
			p.limit(l)
		case wire.TComm:
			var c wire.Comm
			if err := body.JSON(&c); err != nil {
				return err
			}
			p.comm(c)
		case wire.TReply:
			r, err := body.Reply()
			if err != nil {
				return err
			}
			p.channel.reply(r)
		default:
			return fmt.Errorf("%w: type %q", wire.ErrFrame, t)
		}
		return nil
	})
}

func (p *process) done(d wire.Done) {
	p.channel.send(func(b []byte) []byte { return wire.AppendJSON(b, wire.TDone, d) })
}

// cell is the number of the cell to which the calling goroutine belongs; that
// of the newest cell for goroutines which belong to none.
func (p *process) cell() int {
	if id := rt.Current().ID(); id > 0 {
		return int(id)
	}
	if r := p.current.Load(); r != nil {
		return r.cell
	}
	return 0
}

// preferredByOOM makes the kernel of the system end this process rather than
// the one that serves the notebook when memory runs out.
func preferredByOOM() {
	if fd, err := syscall.Open("/proc/self/oom_score_adj", syscall.O_WRONLY|syscall.O_CLOEXEC, 0); err == nil {
		syscall.Write(fd, []byte("500"))
		syscall.Close(fd)
	}
}
