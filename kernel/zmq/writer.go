package zmq

import "net"

const (
	directWrite  = 32 << 10 // bytes from which a frame is written without another copy
	batchedBytes = 64 << 10 // bytes that are gathered for one write
)

// write sends what is queued for the peer until take says it is over, and then
// tells the peer that no more will come.
func (p *peer) write() {
	out := encoder{conn: p.conn}
	var batch []*message
	for {
		pongs, next, ok := p.s.take(p, batch)
		if !ok {
			break
		}
		batch = next
		if err := p.writeBatch(&out, pongs, batch); err != nil {
			p.end(err)
			break
		}
	}
	if c, ok := p.conn.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
}

func (p *peer) writeBatch(out *encoder, pongs [][]byte, batch []*message) error {
	for _, c := range pongs {
		if err := out.add(p.mech.seal(flagCommand, c)); err != nil {
			return err
		}
	}
	for _, m := range batch {
		last := len(m.frames) - 1
		for i, f := range m.frames {
			flags := byte(flagMore)
			if i == last {
				flags = 0
			}
			if err := out.add(p.mech.seal(flags, f)); err != nil {
				return err
			}
		}
	}
	return out.flush()
}

// take releases what write has written and waits for more: PONGs and as many
// messages as go into one write. It returns false at the end: the peer is gone,
// or the socket is closing and everything has been written.
func (s *Socket) take(p *peer, written []*message) (pongs [][]byte, batch []*message, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.state == joined {
		s.release(p, len(written))
	}
	clear(written) // waiting may take long, and they may be large
	for p.state == joined && len(p.pongs) == 0 && p.queue.len() == 0 {
		if s.closing {
			return nil, nil, false
		}
		p.wake.Wait()
	}
	batch = written[:0]
	for i, size := 0, 0; i < p.queue.len() && size < batchedBytes; i++ {
		batch = append(batch, p.queue.at(i))
		size += batch[i].size
	}
	pongs, p.pongs = p.pongs, nil
	return pongs, batch, p.state == joined
}

// encoder gathers frames for one write. Short ones are copied, long ones not.
type encoder struct {
	conn   net.Conn
	buf    []byte
	start  int         // of what is in buf and not in pieces
	pieces net.Buffers // comes before buf[start:]
}

func (e *encoder) add(flags byte, body []byte) error {
	e.buf = appendHeader(e.buf, flags, len(body))
	if len(body) >= directWrite {
		e.pieces = append(e.pieces, e.buf[e.start:], body)
		e.start = len(e.buf)
		return nil
	}
	e.buf = append(e.buf, body...)
	if len(e.buf) >= 2*batchedBytes {
		return e.flush()
	}
	return nil
}

func (e *encoder) flush() error {
	all := append(e.pieces, e.buf[e.start:])
	rest := all
	_, err := rest.WriteTo(e.conn)
	clear(all)
	e.buf, e.start, e.pieces = e.buf[:0], 0, all[:0]
	return err
}
