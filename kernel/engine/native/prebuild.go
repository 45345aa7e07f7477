package native

import (
	"context"
	"runtime"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// prebuilding makes what later sessions will want, in the background.
type prebuilding struct {
	once sync.Once
	stop context.CancelFunc
	done chan struct{}
}

// start begins once. Whatever goes wrong is told to the cell that imports the
// packages: it tries again.
func (p *prebuilding) start(tools *toolchain.Toolchain) {
	p.once.Do(func() {
		ctx, stop := context.WithCancel(context.Background())
		p.stop, p.done = stop, make(chan struct{})
		go func() {
			defer close(p.done)
			runtime.LockOSThread() // for good: the thread with its low priority ends with the goroutine
			lowPriority()
			_ = tools.Prebuild(ctx)
		}()
	})
}

// end stops what is going on.
func (p *prebuilding) end() {
	p.once.Do(func() {})
	if p.stop != nil {
		p.stop()
		<-p.done
	}
}
