//go:build unix

package zmq_test

import (
	"fmt"
	"testing"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// jupyter has the sizes of a message of Jupyter.
var jupyter = []string{"<IDS|MSG>", block[:64], block[:200], "{}", "{}", block[:300]}

// A question of a client of libzmq in Python, and the answer.
func BenchmarkRouterRoundTrip(b *testing.B) {
	for _, transport := range transports {
		b.Run(transport, func(b *testing.B) {
			s := listenOn(b, zmq.Router, transport, zmq.Options{})
			echo(b, s)
			p := start(b, "latency", endpoint(s), fmt.Sprint(b.N))
			p.hear("ready")
			b.ResetTimer()
			p.tell()
			p.hear("done")
		})
	}
}

// The same with a client in this process: what the socket itself costs.
func BenchmarkRouterRoundTripRaw(b *testing.B) {
	s := listen(b, zmq.Router, zmq.Options{})
	echo(b, s)
	c := connect(b, s, "DEALER", "")
	b.ReportAllocs()
	for b.Loop() {
		c.send(jupyter...)
		if _, err := c.recv(); err != nil {
			b.Fatal(err)
		}
	}
}

// Messages to subscribers of libzmq in Python, until all have taken them all.
func BenchmarkPublish(b *testing.B) {
	for _, size := range []int{100, 10_000, 1_000_000} {
		for _, subscribers := range []int{1, 2} {
			b.Run(fmt.Sprintf("size=%d/subscribers=%d", size, subscribers), func(b *testing.B) {
				s := listen(b, zmq.XPub, zmq.Options{})
				var all []*python
				for range subscribers {
					all = append(all, start(b, "sink", endpoint(s)))
					expect(b, s, "\x01")
				}
				send(b, s, "welcome")
				for _, p := range all {
					p.hear("ready")
				}
				b.SetBytes(int64(size))
				b.ResetTimer()
				publish(b, s, b.N, size)
				send(b, s, "last")
				for _, p := range all {
					p.hear("done")
				}
			})
		}
	}
}
