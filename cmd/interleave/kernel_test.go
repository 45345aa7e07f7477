package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// connection writes a connection file with free ports.
func connection(t *testing.T) (path, shell string) {
	t.Helper()
	c := map[string]any{"transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256"}
	for _, name := range []string{"control_port", "stdin_port", "iopub_port", "hb_port", "shell_port"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		shell = l.Addr().String()
		c[name] = l.Addr().(*net.TCPAddr).Port
	}
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, shell
}

// within waits for something that happens in another process.
func within(t *testing.T, limit time.Duration, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !happened(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

// TestKernelDoesNotOutliveJupyter starts a kernel as Jupyter does, from a
// process that then dies without a word.
func TestKernelDoesNotOutliveJupyter(t *testing.T) {
	file, shell := connection(t)
	jupyter := exec.Command("sh", "-c", `"$0" kernel "$1" 2>&1 & echo $!; read line`, toyCommand(t), file)
	jupyter.Env = append(os.Environ(), "JPY_PARENT_PID=1")
	stdin, err := jupyter.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := jupyter.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := jupyter.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	pid := lines.Text()
	within(t, time.Minute, "the kernel greets", func() bool {
		c, err := net.Dial("tcp", shell)
		if err != nil {
			return false
		}
		defer c.Close()
		_, err = c.Read(make([]byte, 1)) // its port is open before it runs
		return err == nil
	})
	// Ctrl-C in Jupyter's terminal reaches the kernel too, and must not end it.
	if out, err := exec.Command("kill", "-INT", pid).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	stdin.Close()
	for lines.Scan() { // ends when the last writer, the kernel, has ended
		t.Log(lines.Text())
	}
	if err := jupyter.Wait(); err != nil {
		t.Log(err) // read found the end of its input
	}
	within(t, time.Minute, "the kernel has ended", func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", pid))
		return err != nil || strings.Contains(string(stat), ") Z ")
	})
}

// toyCommand is the path of the command with the toy engine.
func toyCommand(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("interleave") // testscript.Main has put it there
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPortsOpenFirst asks the runtime in which order packages are initialised:
// ports are to be open before the libraries that take long. See package early.
func TestPortsOpenFirst(t *testing.T) {
	cmd := exec.Command(toyCommand(t), "kernel", filepath.Join(t.TempDir(), "none"))
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, _ := cmd.CombinedOutput() // it fails: there is no such file
	early := bytes.Index(trace, []byte("init github.com/interleave-lab/interleave/cmd/interleave/internal/early "))
	if early < 0 {
		t.Fatalf("package early is not initialised:\n%s", trace)
	}
	for _, slow := range []string{"github.com/alecthomas/chroma/v2/lexers", "github.com/yuin/goldmark/extension", "github.com/traefik/yaegi/stdlib", "net/http"} {
		switch at := bytes.Index(trace, []byte("init "+slow+" ")); {
		case at < 0:
			t.Errorf("%s is not initialised at all", slow)
		case at < early:
			t.Errorf("%s is initialised before the ports are open", slow)
		}
	}
}
