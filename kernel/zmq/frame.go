package zmq

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Flags of a frame (RFC 37, "Framing").
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

const (
	maxCommand = 64 << 10 // bytes in a command, or in a message to an XPub
	firstRead  = 64 << 10 // bytes allocated on the word of a frame's header alone
	frameCost  = 64       // bytes a frame costs beside its body
)

var (
	errFlags = errors.New("reserved flags set in a frame")
	errLong  = errors.New("frame too long")
)

// readFrame reads one frame of at most limit bytes. It asks grow before it
// allocates for a message's body, and never makes room for more than twice what
// has arrived of it, or firstRead. The error is io.EOF only between frames.
func readFrame(r *bufio.Reader, limit int, grow func(int) error) (flags byte, body []byte, err error) {
	flags, size, err := readHeader(r)
	if err != nil {
		return 0, nil, err
	}
	if flags&flagCommand != 0 {
		limit, grow = min(limit, maxCommand), func(int) error { return nil }
	}
	if size > uint64(max(0, limit)) {
		return 0, nil, fmt.Errorf("%w: %d bytes of at most %d", errLong, size, limit)
	}
	body, err = readBody(r, int(size), grow)
	return flags, body, err
}

func readHeader(r *bufio.Reader) (flags byte, size uint64, err error) {
	if flags, err = r.ReadByte(); err != nil {
		return 0, 0, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 {
		return 0, 0, fmt.Errorf("%w: %#x", errFlags, flags)
	}
	width := 1
	if flags&flagLong != 0 {
		width = 8
	}
	b, err := r.Peek(width)
	if err != nil {
		return 0, 0, midFrame(err)
	}
	for _, c := range b {
		size = size<<8 | uint64(c)
	}
	_, err = r.Discard(width)
	return flags, size, err
}

func readBody(r *bufio.Reader, size int, grow func(int) error) ([]byte, error) {
	n := min(size, firstRead)
	if err := grow(n + frameCost); err != nil {
		return nil, err
	}
	body, read := make([]byte, n), 0
	for {
		k, err := io.ReadFull(r, body[read:])
		if err != nil {
			return nil, midFrame(err)
		}
		if read += k; read == size {
			return body, nil
		}
		n := min(size, 2*read)
		if err := grow(n - read); err != nil {
			return nil, err
		}
		body = append(make([]byte, 0, n), body...)[:n]
	}
}

func midFrame(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func appendHeader(b []byte, flags byte, size int) []byte {
	if size > 255 {
		return binary.BigEndian.AppendUint64(append(b, flags|flagLong), uint64(size))
	}
	return append(b, flags, byte(size))
}

func appendFrame(b []byte, flags byte, body []byte) []byte {
	return append(appendHeader(b, flags, len(body)), body...)
}
