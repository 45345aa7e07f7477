package jupyter

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
)

// Channel names one of the five sockets.
type Channel string

// The five channels.
const (
	Shell     Channel = "shell"
	Control   Channel = "control"
	Stdin     Channel = "stdin"
	IOPub     Channel = "iopub"
	Heartbeat Channel = "hb"
)

// Channels lists all of them.
var Channels = [...]Channel{Shell, Control, Stdin, IOPub, Heartbeat}

// Connection is a connection file: where the sockets bind and the key that
// signs messages (section "Connection files" of "Making kernels for Jupyter").
// ReadConnection and ParseConnection return only connections that can be used.
type Connection struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // an address; for ipc the beginning of a path
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	StdinPort       int    `json:"stdin_port"`
	IOPubPort       int    `json:"iopub_port"`
	HeartbeatPort   int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"` // "hmac-sha256"
	Key             string `json:"key"`              // empty: messages are not signed
	KernelName      string `json:"kernel_name,omitempty"`

	// Exposed says that other users of the machine can read the file: whoever
	// has the key can run code as this user.
	Exposed bool `json:"-"`
}

// maxConnectionFile bounds what is read, in bytes; real files have about 300.
const maxConnectionFile = 1 << 20

// ReadConnection reads the connection file at path. A file which other users
// may write is refused: they could say where the kernel listens, and with
// which key.
func ReadConnection(path string) (Connection, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Connection{}, fmt.Errorf("read connection file: %w", err)
	}
	if info.Size() > maxConnectionFile {
		return Connection{}, fmt.Errorf("read connection file %s: %d bytes are too many for one", path, info.Size())
	}
	mode := info.Mode().Perm()
	if runtime.GOOS == "windows" {
		mode = 0 // access lists decide there
	}
	if mode&0o022 != 0 {
		return Connection{}, fmt.Errorf("read connection file %s: other users may write it (mode %#o); make it private with: chmod 600 %s", path, mode, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, fmt.Errorf("read connection file: %w", err)
	}
	c, err := ParseConnection(text)
	if err != nil {
		return Connection{}, fmt.Errorf("read connection file %s: %w", path, err)
	}
	c.Exposed = mode&0o044 != 0
	return c, nil
}

// ParseConnection decodes and checks the text of a connection file.
func ParseConnection(text []byte) (Connection, error) {
	c := Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: scheme}
	if err := object(text, &c); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return Connection{}, fmt.Errorf("%s is a %s, want another type of value", wrong.Field, wrong.Value)
		}
		return Connection{}, err
	}
	if err := c.check(); err != nil {
		return Connection{}, err
	}
	return c, nil
}

// scheme is the only way of signing that clients use today.
const scheme = "hmac-sha256"

func (c Connection) check() error {
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("transport %q is neither tcp nor ipc", c.Transport)
	}
	if c.IP == "" {
		return errors.New("ip is empty")
	}
	if c.SignatureScheme != scheme && c.Key != "" {
		return fmt.Errorf("signature_scheme %q is not supported, want %s", c.SignatureScheme, scheme)
	}
	owner := make(map[int]Channel, len(Channels))
	for _, ch := range Channels {
		port := c.Port(ch)
		if port < 1 || port > 65535 {
			return fmt.Errorf("%s_port is %d, want 1 to 65535", ch, port)
		}
		if other, taken := owner[port]; taken {
			return fmt.Errorf("%s_port and %s_port are both %d", other, ch, port)
		}
		owner[port] = ch
	}
	return nil
}

// Port returns the port of a channel, 0 for a channel that does not exist.
func (c Connection) Port(ch Channel) int {
	switch ch {
	case Shell:
		return c.ShellPort
	case Control:
		return c.ControlPort
	case Stdin:
		return c.StdinPort
	case IOPub:
		return c.IOPubPort
	case Heartbeat:
		return c.HeartbeatPort
	}
	return 0
}

// Endpoint returns where the socket of a channel binds, as ZeroMQ writes it:
// tcp://127.0.0.1:5000 or ipc:///run/user/1/kernel-7-ipc-1.
func (c Connection) Endpoint(ch Channel) string {
	port := strconv.Itoa(c.Port(ch))
	if c.Transport == "ipc" {
		return "ipc://" + c.IP + "-" + port
	}
	ip := c.IP
	if ip == "*" {
		ip = "0.0.0.0"
	}
	return "tcp://" + net.JoinHostPort(ip, port)
}
