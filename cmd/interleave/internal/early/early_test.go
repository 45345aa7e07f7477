//go:build linux

package early_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/early"
)

// askFor is the variable that names addresses to the program which the tests
// start with the command line of a kernel: it tells what listens there.
const askFor = "EARLY_TEST_ADDRESSES"

func TestMain(m *testing.M) {
	addresses := os.Getenv(askFor)
	if addresses == "" {
		os.Exit(m.Run())
	}
	io.ReadAll(os.Stdin) // the test connects meanwhile
	for address := range strings.FieldsSeq(addresses) {
		fmt.Println(take(address), take(address))
	}
}

// take accepts the connection that waits at an address.
func take(address string) string {
	f := early.Port(address)
	if f == nil {
		return "nothing"
	}
	l, err := net.FileListener(f)
	if err != nil {
		return err.Error()
	}
	c, err := l.Accept()
	if err != nil {
		return err.Error()
	}
	return c.RemoteAddr().String()
}

// kernel starts the program with a connection file. It returns what it says
// when its input is closed.
func kernel(t *testing.T, file string, addresses ...string) (stdin io.Closer, said *bufio.Scanner) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "kernel", path)
	cmd.Env = append(os.Environ(), askFor+"="+strings.Join(addresses, " "))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return in, bufio.NewScanner(out)
}

// loopback is an address that no other test uses, so that ports which are free
// stay free.
const loopback = "127.83.19.7"

// free are ports of it at which nobody listens.
func free(t *testing.T) (ports [5]any, addresses []string) {
	t.Helper()
	for i := range ports {
		l, err := net.Listen("tcp", loopback+":0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
		addresses = append(addresses, l.Addr().String())
	}
	return ports, addresses
}

const connection = `{"transport":%q,"ip":%q,"shell_port":%d,"control_port":%d,"iopub_port":%d,"stdin_port":%d,"hb_port":%d,"key":"k"}`

// TestConnectionsWait connects to all ports before the program has taken one.
func TestConnectionsWait(t *testing.T) {
	ports, addresses := free(t)
	stdin, said := kernel(t, fmt.Sprintf(connection, append([]any{"tcp", loopback}, ports[:]...)...), addresses...)
	var own []string
	for _, a := range addresses {
		own = append(own, dial(t, a))
	}
	stdin.Close()
	for i := range addresses {
		if !said.Scan() || said.Text() != own[i]+" nothing" {
			t.Errorf("%s: got %q, want the connection from %s once", addresses[i], said.Text(), own[i])
		}
	}
}

// dial connects as soon as somebody listens and returns the address from which
// it did.
func dial(t *testing.T, address string) string {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			t.Cleanup(func() { c.Close() })
			return c.LocalAddr().String()
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

// TestNothingIsOpened has connection files that are for package jupyter to
// judge, and a port that is in use.
func TestNothingIsOpened(t *testing.T) {
	ports, addresses := free(t)
	used, err := net.Listen("tcp", loopback+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer used.Close()
	for _, file := range []string{
		"", "{", `{"transport":"tcp","ip":"127.0.0.1","shell_port":"x"}`, `{"transport":"tcp","ip":"127.0.0.1","shell_port":70000}`,
		fmt.Sprintf(connection, append([]any{"ipc", loopback}, ports[:]...)...),
		fmt.Sprintf(connection, append([]any{"tcp", "localhost"}, ports[:]...)...),
		fmt.Sprintf(connection, append([]any{"tcp", loopback + ".1"}, ports[:]...)...),
		fmt.Sprintf(`{"transport":"tcp","ip":%q,"shell_port":%d}`, loopback, used.Addr().(*net.TCPAddr).Port),
	} {
		stdin, said := kernel(t, file, append(addresses, used.Addr().String())...)
		stdin.Close()
		for range len(addresses) + 1 {
			if !said.Scan() || said.Text() != "nothing nothing" {
				t.Errorf("%s: got %q", file, said.Text())
			}
		}
	}
}
