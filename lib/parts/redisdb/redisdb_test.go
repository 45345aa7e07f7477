//go:build unix

package redisdb_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/lib/parts/redisdb"
)

func TestMain(m *testing.M) {
	if os.Getenv("PART_TEST_PARENT") != "" {
		s, err := redisdb.Start(context.Background())
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(s.URL)
		time.Sleep(time.Hour)
	}
	goleak.VerifyTestMain(m)
}

// installed skips the test where there is no Redis.
func installed(t *testing.T) {
	t.Helper()
	t.Setenv("REDIS_URL", "")
	testneeds.Command(t, "redis-server", "apt install redis-server")
}

func use(t *testing.T, s *redisdb.Server) {
	t.Helper()
	c, err := s.Client(func(o *redis.Options) { o.PoolSize = 7 })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Options().PoolSize != 7 {
		t.Error("the options are not those that were asked for")
	}
	for i := range 20 {
		if err := c.Set(t.Context(), fmt.Sprint("key", i), i, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	sum := 0
	for i := range 20 {
		n, err := c.Get(t.Context(), fmt.Sprint("key", i)).Int()
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if sum != 190 {
		t.Errorf("read back %d", sum)
	}
}

func TestPrivateServer(t *testing.T) {
	installed(t)
	s, err := redisdb.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	use(t, s)
	if l := s.Label(); l.Name != "Redis" || l.Version == "" || l.StandIn != "" {
		t.Errorf("label: %+v", l)
	}
	t.Setenv("REDIS_URL", s.URL)
	other, err := redisdb.Start(t.Context())
	if err != nil || other.Label().Where != "REDIS_URL" || other.Label().Version != s.Label().Version {
		t.Fatalf("%v %v", other, err)
	}
	other.Close()
	use(t, s)
	s.Close()
	if _, err := redisdb.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "REDIS_URL") {
		t.Errorf("a server that is not there: %v", err)
	}
}

func TestStandIn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	s, err := redisdb.StandIn(t.Context())
	if err != nil {
		testneeds.Missing(t, err.Error())
	}
	defer s.Close()
	use(t, s)
	if got := s.String(); !strings.HasPrefix(got, "miniredis ") || !strings.Contains(got, "(stand-in for Redis)") {
		t.Errorf("label: %s", got)
	}
}

func TestEndsWithTheProcess(t *testing.T) {
	installed(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PART_TEST_PARENT=1", "TMPDIR="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var url string
	if _, err := fmt.Fscanln(out, &url); err != nil || !strings.HasPrefix(url, "redis://") {
		t.Fatal(url, err)
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	cmd.Wait()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	o.MaxRetries = -1
	c := redis.NewClient(o)
	defer c.Close()
	for c.Ping(t.Context()).Err() == nil {
		time.Sleep(10 * time.Millisecond) // the test's own limit ends this
	}
}
