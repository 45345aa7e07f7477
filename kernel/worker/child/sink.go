package child

import (
	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/display"
)

// sink takes what cells show. Each call returns when the kernel's side has
// passed it on.
type sink struct{ p *process }

func (s sink) Show(d display.Data)   { s.p.show(wire.OpShow, d) }
func (s sink) Update(d display.Data) { s.p.show(wire.OpUpdate, d) }

func (s sink) Clear(wait bool) {
	s.p.channel.call(wire.Call{Cell: s.p.cell(), Op: wire.OpClear, Flag: wait})
}

func (p *process) show(op wire.Op, d display.Data) {
	if p.silenced() {
		return
	}
	p.channel.call(wire.Call{Cell: p.cell(), Op: op, Data: d})
}

// result shows the value of a trailing expression.
func (p *process) result(d display.Data) { p.show(wire.OpResult, d) }
