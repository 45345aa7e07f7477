package zmq_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// Clients of all sorts, good and bad, come and go while the socket sends to
// them. Afterwards nothing is left of them, and a good client is served.
func TestNothingIsLeftOfAnybody(t *testing.T) {
	for kind, socketType := range map[zmq.Kind]string{zmq.Router: "DEALER", zmq.XPub: "SUB", zmq.Rep: "REQ"} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := listen(t, kind, zmq.Options{
				SendQueue: 200_000, MaxSend: 1 << 20, MaxReceive: 1 << 20, MaxConnections: 16,
				SendTimeout: 5 * time.Millisecond, Linger: -1})
			done := answerEverything(s)
			var wg sync.WaitGroup
			for i := range 8 {
				random := rand.New(rand.NewPCG(1, uint64(i)))
				wg.Go(func() {
					for range 40 {
						visit(s, socketType, random)
					}
				})
			}
			wg.Wait()
			until(t, "nothing left", func() bool {
				return s.Connections() == 0 && s.Queued() == 0 && s.Held() == 0
			})
			connect(t, s, socketType, "good").Close()
			s.Close()
			<-done
		})
	}
}

// answerEverything answers at length until s is closed.
func answerEverything(s *zmq.Socket) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		for {
			m, err := s.Recv()
			if err != nil {
				return
			}
			for range 5 {
				s.Send(append(m[:1:1], make([]byte, 50_000))) // they may have left
			}
		}
	}()
	return done
}

// visit is one client: it may stop, talk nonsense or leave at any point.
func visit(s *zmq.Socket, socketType string, random *rand.Rand) {
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		return
	}
	defer c.Close()
	words := append(greeting("NULL"), frame(4, ready(socketType, fmt.Sprint(random.IntN(20))))...)
	for range random.IntN(10) {
		words = append(words, word(random)...)
	}
	if random.IntN(4) == 0 {
		words = words[:random.IntN(len(words))]
	}
	c.SetDeadline(time.Now().Add(time.Duration(random.IntN(50)) * time.Millisecond))
	c.Write(words)
	if random.IntN(2) == 0 {
		io.Copy(io.Discard, c)
	}
}

func word(random *rand.Rand) []byte {
	switch random.IntN(8) {
	case 0:
		return command("\x04PING\x00\x01")
	case 1:
		return command("\x09SUBSCRIBE", "\x01")
	case 2:
		return command("\x06CANCEL", "\x01")
	case 3:
		return frame(1, make([]byte, random.IntN(200_000)))
	case 4:
		garbage := make([]byte, random.IntN(20))
		for i := range garbage {
			garbage[i] = byte(random.Uint32())
		}
		return garbage
	default:
		return append(frame(1, nil), frame(0, make([]byte, random.IntN(100_000)))...)
	}
}
