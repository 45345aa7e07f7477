package kernel

import (
	"context"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// preparation is an engine that gets ready ahead of its first cell.
type preparation struct {
	group sync.WaitGroup
	start func() // makes an attempt on a goroutine; nil when there is nothing to prepare

	mu      sync.Mutex // guards what follows
	done    chan struct{}
	err     error
	said    string  // the last progress
	watcher *output // is told the progress; nil: nobody waits
}

// prepare begins to prepare the engine, if it wants that.
func (k *Kernel) prepare(ctx context.Context) {
	p, ok := k.cfg.Engine.(engine.Preparer)
	if !ok {
		return
	}
	k.prepared.start = func() {
		k.prepared.attempt(func() error {
			return k.guard("prepare engine", func() error { return p.Prepare(ctx, k.prepared.progress) })
		})
	}
	k.prepared.start()
}

// attempt runs f on a goroutine and keeps what becomes of it.
func (p *preparation) attempt(f func() error) {
	done := make(chan struct{})
	p.mu.Lock()
	p.done, p.err, p.said = done, nil, ""
	p.mu.Unlock()
	p.group.Go(func() {
		err := f()
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		close(done)
	})
}

// await waits for the engine to be prepared and shows its progress on stderr of
// the cell that waits. A preparation that failed is tried again, since the
// author may have repaired what was missing.
func (k *Kernel) await(ctx context.Context, out *output) error {
	p := &k.prepared
	if p.start == nil {
		return nil
	}
	done, failed := p.outcome()
	if failed {
		p.start()
		done, _ = p.outcome()
	}
	p.watch(out)
	defer p.watch(nil)
	select {
	case <-done:
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.err
	case <-ctx.Done():
		return interruptedWhilePreparing
	}
}

var interruptedWhilePreparing = &engine.Error{
	Name:      engine.Interrupted,
	Value:     "the cell was interrupted before it began",
	Traceback: []string{engine.Interrupted + ": the cell was interrupted before it began; the engine is still being prepared"},
}

// outcome returns what is closed at the end of the last attempt, and whether it
// has failed already.
func (p *preparation) outcome() (done chan struct{}, failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done, p.err != nil
}

// watch shows out the progress from now on, beginning with what was said last.
func (p *preparation) watch(out *output) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watcher = out
	if out != nil && p.said != "" && !closed(p.done) {
		out.Stream(engine.Stderr, p.said+"\n")
	}
}

func (p *preparation) progress(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = text
	if p.watcher != nil {
		p.watcher.Stream(engine.Stderr, text+"\n")
	}
}

func (p *preparation) wait() { p.group.Wait() }

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
