package jupyter_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

const connection = `{
  "transport": "tcp", "ip": "127.0.0.1",
  "shell_port": 5001, "iopub_port": 5002, "stdin_port": 5003, "control_port": 5004, "hb_port": 5005,
  "key": "k", "signature_scheme": "hmac-sha256", "kernel_name": "interleave", "jupyter_session": "x"
}`

func TestReadConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel-1.json")
	if err := os.WriteFile(path, []byte(connection), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := jupyter.ReadConnection(path)
	if err != nil {
		t.Fatal(err)
	}
	for ch, want := range map[jupyter.Channel]string{
		jupyter.Shell: "tcp://127.0.0.1:5001", jupyter.IOPub: "tcp://127.0.0.1:5002",
		jupyter.Stdin: "tcp://127.0.0.1:5003", jupyter.Control: "tcp://127.0.0.1:5004",
		jupyter.Heartbeat: "tcp://127.0.0.1:5005",
	} {
		if got := c.Endpoint(ch); got != want {
			t.Errorf("%s binds %s, want %s", ch, got, want)
		}
	}
	if c.Key != "k" || c.KernelName != "interleave" {
		t.Errorf("connection is %+v", c)
	}
}

func TestEndpoints(t *testing.T) {
	for _, test := range []struct{ transport, ip, want string }{
		{"ipc", "/run/user/1/kernel-7-ipc", "ipc:///run/user/1/kernel-7-ipc-1"},
		{"tcp", "::1", "tcp://[::1]:1"},
		{"tcp", "*", "tcp://0.0.0.0:1"},
	} {
		c := jupyter.Connection{Transport: test.transport, IP: test.ip, ShellPort: 1}
		if got := c.Endpoint(jupyter.Shell); got != test.want {
			t.Errorf("%s %s binds %s, want %s", test.transport, test.ip, got, test.want)
		}
	}
}

func TestConnectionErrors(t *testing.T) {
	change := func(old, new string) string { return strings.Replace(connection, old, new, 1) }
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "not a JSON object"},
		{"list", "[]", "not a JSON object"},
		{"cut", connection[:50], "unexpected end of JSON input"},
		{"missing port", change(`"shell_port": 5001, `, ""), "shell_port is 0, want 1 to 65535"},
		{"negative port", change("5003", "-1"), "stdin_port is -1"},
		{"large port", change("5002", "65536"), "iopub_port is 65536"},
		{"port as text", change("5005", `"5005"`), "hb_port is a string"},
		{"same port", change("5004", "5001"), "shell_port and control_port are both 5001"},
		{"transport", change(`"tcp"`, `"udp"`), `transport "udp" is neither tcp nor ipc`},
		{"ip", change("127.0.0.1", ""), "ip is empty"},
		{"scheme", change("sha256", "md5"), `signature_scheme "hmac-md5" is not supported`},
	} {
		if _, err := jupyter.ParseConnection([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

func TestConnectionFileErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := jupyter.ReadConnection(filepath.Join(dir, "none.json")); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "read connection file: ") {
		t.Errorf("no file: %v", err)
	}
	if _, err := jupyter.ReadConnection(dir); err == nil {
		t.Error("a folder was read")
	}
	path := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := jupyter.ReadConnection(path); err == nil || !strings.HasPrefix(err.Error(), "read connection file "+path+": ") {
		t.Errorf("empty object: %v", err)
	}
	if err := os.Truncate(path, 2<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := jupyter.ReadConnection(path); err == nil || !strings.Contains(err.Error(), "too many for one") {
		t.Errorf("large file: %v", err)
	}
}

func TestConnectionFileOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("access lists decide on Windows")
	}
	path := filepath.Join(t.TempDir(), "c.json")
	text := `{"transport":"tcp","ip":"127.0.0.1","shell_port":5001,"control_port":5002,"stdin_port":5003,"iopub_port":5004,"hb_port":5005,"signature_scheme":"hmac-sha256","key":"k"}`
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o644: true, 0o640: true} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if c, err := jupyter.ReadConnection(path); err != nil || c.Exposed != want {
			t.Errorf("mode %#o: exposed %v, %v", mode, c.Exposed, err)
		}
	}
	for _, mode := range []os.FileMode{0o660, 0o606, 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := jupyter.ReadConnection(path); err == nil || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("mode %#o: %v", mode, err)
		}
	}
}

func TestNoKeyNeedsNoScheme(t *testing.T) {
	text := strings.NewReplacer(`"k"`, `""`, "hmac-sha256", "").Replace(connection)
	if _, err := jupyter.ParseConnection([]byte(text)); err != nil {
		t.Error(err)
	}
}

func FuzzParseConnection(f *testing.F) {
	f.Add([]byte(connection))
	f.Add([]byte(`{"shell_port": 1e3, "ip": null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := jupyter.ParseConnection(text)
		if err != nil {
			return
		}
		for _, ch := range jupyter.Channels {
			if c.Port(ch) < 1 || c.Endpoint(ch) == "" {
				t.Errorf("%s binds %q", ch, c.Endpoint(ch))
			}
		}
	})
}
