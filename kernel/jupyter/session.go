package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// ErrSignature is returned for a message whose signature does not match.
var ErrSignature = errors.New("signature does not match")

// ErrReplay is returned for a message that was received before.
var ErrReplay = errors.New("message was received before")

// delimiter stands between the identities and the signature.
var delimiter = []byte("<IDS|MSG>")

// user is the "username" of our messages.
const user = "kernel"

// Session signs, encodes and decodes the messages of one kernel process. Its
// methods may be called from several goroutines at once.
type Session struct {
	id   string
	key  []byte
	sent atomic.Uint64
	seen replays
}

// NewSession returns a session that signs with key. With an empty key messages
// are neither signed nor checked (section "The wire protocol", HMAC).
func NewSession(key string) *Session {
	return &Session{id: rand.Text(), key: []byte(key)}
}

// ID identifies the session; it is the "session" of the headers it makes.
func (s *Session) ID() string { return s.id }

// New makes a message with content c that belongs to the request parent, the
// zero header for none. It fails only where c holds what JSON cannot.
func (s *Session) New(parent Header, c Content) (Message, error) {
	content, err := marshal(c)
	if err != nil {
		return Message{}, fmt.Errorf("encode content of %s: %w", c.Type(), err)
	}
	return Message{
		Header: Header{
			ID:       s.id + "_" + strconv.FormatUint(s.sent.Add(1), 10),
			Session:  s.id,
			Username: user,
			Date:     time.Now().UTC().Format(dateFormat),
			Type:     c.Type(),
			Version:  ProtocolVersion,
		},
		Parent:  parent,
		Content: content,
	}, nil
}

// Encode returns the frames of m: identities, delimiter, signature, header,
// parent header, metadata, content, buffers. It fails only where the metadata
// holds what JSON cannot.
func (s *Session) Encode(m Message) ([][]byte, error) {
	frames := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, delimiter, nil)
	for _, part := range []any{m.Header, m.Parent, m.Metadata} {
		text, err := marshal(part)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", m.Header.Type, err)
		}
		frames = append(frames, text)
	}
	frames = append(frames, m.Content)
	signed := len(m.Identities) + 2
	frames[signed-1] = s.sign(frames[signed:])
	return append(frames, m.Buffers...), nil
}

// Decode takes a message apart and checks its signature. The message refers to
// the memory of frames. Errors say what is wrong with the frames; ErrSignature
// and ErrReplay are among them.
func (s *Session) Decode(frames [][]byte) (Message, error) {
	var m Message
	at := indexFrame(frames, delimiter)
	if at < 0 {
		return m, fmt.Errorf("decode message: no delimiter in %d frames", len(frames))
	}
	parts := frames[at+1:]
	if len(parts) < 5 {
		return m, fmt.Errorf("decode message: %d frames after the delimiter, want at least 5", len(parts))
	}
	if err := s.verify(parts[0], parts[1:5]); err != nil {
		return m, fmt.Errorf("decode message: %w", err)
	}
	m.Identities, m.Content, m.Buffers = frames[:at], parts[4], parts[5:]
	return m, m.decode(parts[1], parts[2], parts[3])
}

// decode reads the three parts that are the same in every message and sees
// that the content is an object.
func (m *Message) decode(header, parent, metadata []byte) error {
	if err := object(header, &m.Header); err != nil {
		return fmt.Errorf("decode header: %w", err)
	}
	if m.Header.ID == "" || m.Header.Type == "" {
		return errors.New("decode header: msg_id or msg_type is missing")
	}
	if err := object(parent, &m.Parent); err != nil {
		return fmt.Errorf("decode parent header of %s: %w", m.Header.Type, err)
	}
	if err := object(metadata, &m.Metadata); err != nil {
		return fmt.Errorf("decode metadata of %s: %w", m.Header.Type, err)
	}
	var fields map[string]json.RawMessage
	if err := object(m.Content, &fields); err != nil {
		return fmt.Errorf("decode content of %s: %w", m.Header.Type, err)
	}
	return nil
}

// object decodes a JSON object; null, which encoding/json takes for one, is
// refused.
func object(text []byte, v any) error {
	if t := bytes.TrimLeft(text, " \t\r\n"); len(t) == 0 || t[0] != '{' {
		return errors.New("not a JSON object")
	}
	return json.Unmarshal(text, v)
}

func indexFrame(frames [][]byte, want []byte) int {
	for i, f := range frames {
		if bytes.Equal(f, want) {
			return i
		}
	}
	return -1
}

// sign returns the signature of parts in hexadecimal, empty without a key.
func (s *Session) sign(parts [][]byte) []byte {
	if len(s.key) == 0 {
		return []byte{}
	}
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// verify compares in constant time. Only a message that was signed counts as
// received, or anybody could fill the memory of messages with his own.
func (s *Session) verify(signature []byte, parts [][]byte) error {
	if len(s.key) == 0 {
		return nil
	}
	want := s.sign(parts)
	if !hmac.Equal(signature, want) {
		return ErrSignature
	}
	if !s.seen.add(string(want)) {
		return ErrReplay
	}
	return nil
}

// replayWindow is how many signatures are remembered, as many as jupyter_client
// remembers.
const replayWindow = 1 << 16

// replays remembers the last signatures; the zero value remembers none yet.
type replays struct {
	mu   sync.Mutex
	seen map[string]struct{}
	ring []string // in order of arrival, from next on once it is full
	next int
}

// add reports whether signature is new.
func (r *replays) add(signature string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, old := r.seen[signature]; old {
		return false
	}
	if r.seen == nil {
		r.seen = make(map[string]struct{})
	}
	r.seen[signature] = struct{}{}
	if len(r.ring) < replayWindow {
		r.ring = append(r.ring, signature)
		return true
	}
	delete(r.seen, r.ring[r.next])
	r.ring[r.next] = signature
	r.next = (r.next + 1) % replayWindow
	return true
}
