//go:build unix

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/lib/parts/postgres"
)

func TestMain(m *testing.M) {
	if os.Getenv("PART_TEST_PARENT") != "" {
		parent()
	}
	goleak.VerifyTestMain(m)
}

// parent starts a server and is killed then.
func parent() {
	s, err := postgres.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL)
	time.Sleep(time.Hour)
}

func start(t *testing.T) *postgres.Server {
	t.Helper()
	s, err := postgres.Start(t.Context())
	if errors.Is(err, postgres.ErrNotInstalled) {
		testneeds.Missing(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestPrivateServer(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	tmp := t.TempDir()
	open(t, tmp)
	t.Setenv("TMPDIR", tmp)
	s := start(t)
	if label := s.Label(); label.Name != "PostgreSQL" || label.Version == "" || label.StandIn != "" || label.Where == "" {
		t.Errorf("label: %+v", label)
	}
	pool, err := s.Pool(t.Context(), 8)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), "CREATE TABLE city (id int PRIMARY KEY, name text)"); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			if _, err := pool.Exec(t.Context(), "INSERT INTO city VALUES ($1, $2)", i, fmt.Sprintf("city %d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	var n, sum int
	if err := pool.QueryRow(t.Context(), "SELECT count(*), sum(id) FROM city").Scan(&n, &sum); err != nil || n != 50 || sum != 1225 {
		t.Errorf("%d rows, sum %d, %v", n, sum, err)
	}
	if got := pool.Stat().MaxConns(); got != 8 {
		t.Errorf("%d connections", got)
	}
	pool.Close()
	if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) != 1 {
		t.Errorf("folders while it runs: %q", left)
	}
	s.Close()
	if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) != 0 {
		t.Errorf("folders afterwards: %q", left)
	}

	t.Setenv("DATABASE_URL", "postgres://127.0.0.1:1/none")
	if _, err := postgres.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("a server that is not there: %v", err)
	}
}

// open lets the user that PostgreSQL runs as enter a folder of the test.
func open(t *testing.T, dir string) {
	t.Helper()
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil { // as /tmp is
		t.Fatal(err)
	}
}

func TestServerThatRuns(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	first := start(t)
	t.Setenv("DATABASE_URL", first.URL)
	second := start(t)
	if second.URL != first.URL || second.Label().Where != "DATABASE_URL" || second.Label().Version != first.Label().Version {
		t.Errorf("%v %v", second, second.URL)
	}
	second.Close()
	c, err := first.Connect(t.Context())
	if err != nil {
		t.Fatalf("the server was ended by one that has not started it: %v", err)
	}
	c.Close(t.Context())
}

func TestNotInstalled(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	t.Setenv("PATH", t.TempDir())
	s, err := postgres.Start(t.Context())
	if err == nil { // found where distributions put it
		defer s.Close()
		if s.Label().Version == "" {
			t.Error("a server that is not on PATH was started and says no version")
		}
		return
	}
	if !errors.Is(err, postgres.ErrNotInstalled) || !strings.Contains(err.Error(), "apt install") {
		t.Errorf("got %v", err)
	}
}

// The server ends and its folder goes when this process is killed.
func TestEndsWithTheProcess(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	start(t).Close() // skips where none is installed
	tmp := t.TempDir()
	open(t, tmp)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PART_TEST_PARENT=1", "TMPDIR="+tmp)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var url string
	if _, err := fmt.Fscanln(out, &url); err != nil || !strings.HasPrefix(url, "postgres://") {
		t.Fatal(url, err)
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // as the kernel ends a worker: with its group
	cmd.Wait()
	for left := []string{""}; len(left) > 0; time.Sleep(10 * time.Millisecond) {
		left, _ = filepath.Glob(filepath.Join(tmp, "*")) // the test's own limit ends this
	}
	if c, err := (&postgres.Server{URL: url}).Connect(t.Context()); err == nil {
		c.Close(t.Context())
		t.Error("the server still runs")
	}
}
