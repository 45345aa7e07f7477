package kernel

import (
	"context"
	"sync"
	"time"
)

// batchInterval is how long text of a busy cell waits for more. A person does
// not see the difference, and a front end gets 20 messages a second instead of
// thousands.
const batchInterval = 50 * time.Millisecond

// batcher knows the outputs that have published text within the last interval.
type batcher struct {
	wake chan struct{} // has an element when the first output has entered

	mu   sync.Mutex // guards busy; taken while holding an output's mu, never before it
	busy map[*output]struct{}
}

func newBatcher() *batcher {
	return &batcher{wake: make(chan struct{}, 1), busy: make(map[*output]struct{})}
}

// enter notes that o has text, and reports whether it was quiet before.
func (b *batcher) enter(o *output) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.busy[o]; ok {
		return false
	}
	b.busy[o] = struct{}{}
	if len(b.busy) == 1 {
		select {
		case b.wake <- struct{}{}:
		default:
		}
	}
	return true
}

// run publishes what waits, every interval as long as there is any; it does not
// wake up otherwise. It returns when ctx ends.
func (b *batcher) run(ctx context.Context) {
	tick := time.NewTicker(batchInterval)
	defer tick.Stop()
	for {
		tick.Stop()
		select {
		case <-b.wake:
		case <-ctx.Done():
			return
		}
		tick.Reset(batchInterval)
		for b.any() {
			select {
			case <-tick.C:
				b.flush()
			case <-ctx.Done():
				return
			}
		}
	}
}

func (b *batcher) any() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.busy) > 0
}

// flush publishes what waits and forgets the outputs that were quiet.
func (b *batcher) flush() {
	b.mu.Lock()
	busy := make([]*output, 0, len(b.busy))
	for o := range b.busy {
		busy = append(busy, o)
	}
	b.mu.Unlock()
	for _, o := range busy {
		b.leave(o)
	}
}

// leave forgets o unless it had text. It holds the output's mu meanwhile, so
// that text which comes now finds o either busy or quiet.
func (b *batcher) leave(o *output) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.tick() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.busy, o)
}
