//go:build unix

package pool_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/pool"
)

func TestKilledWorkers(t *testing.T) {
	const tasks = 1000
	p := pool.Processes(4)
	defer p.Close()
	futures := make([]*pool.Future[answer], tasks)
	for i := range futures {
		futures[i] = pool.Submit(t.Context(), p, square, i)
	}
	seen, killed := map[int]bool{}, 0
	for i, f := range pool.Completed(futures...) {
		a, err := f.Result()
		if err != nil || a.In != i || a.Square != i*i || seen[i] {
			t.Fatalf("task %d: %+v %v, seen before: %v", i, a, err, seen[i])
		}
		seen[i] = true
		if a.PID == os.Getpid() {
			t.Fatal("the task ran in this process")
		}
		if len(seen)%100 == 50 && syscall.Kill(a.PID, syscall.SIGKILL) == nil {
			killed++
		}
	}
	if len(seen) != tasks || killed == 0 {
		t.Errorf("%d unique results after %d kills", len(seen), killed)
	}
}

// A worker dies in the middle of a call.
func TestLostCallIsMadeAgain(t *testing.T) {
	p := pool.Processes(1)
	defer p.Close()
	first, err := pool.Submit(t.Context(), p, square, 1).Result()
	if err != nil {
		t.Fatal(err)
	}
	f := pool.Submit(t.Context(), p, wait, 200*time.Millisecond)
	for p.Records()[1].Worker == "" {
		time.Sleep(time.Millisecond)
	}
	syscall.Kill(first.PID, syscall.SIGKILL)
	if v, err := f.Result(); v != "slept" || err != nil {
		t.Errorf("got %v %v", v, err)
	}
	if r := p.Records()[1]; len(r.Lost) != 1 || r.Lost[0].Worker != "process 1" {
		t.Errorf("record: %+v", r)
	}
	if kinds := pool.ByWorker(p.Records()).Kinds(); !slices.Contains(kinds, "lost") {
		t.Errorf("kinds: %q", kinds)
	}
}

// Workers end with this process, even when that is killed.
func TestWorkersDoNotOutliveTheProgram(t *testing.T) {
	if os.Getenv("POOL_TEST_PARENT") != "" {
		p := pool.Processes(1)
		a, err := pool.Submit(context.Background(), p, square, 1).Result()
		if err != nil {
			t.Fatal(err)
		}
		pool.Submit(context.Background(), p, deaf, struct{}{})
		fmt.Printf("worker %d\n", a.PID)
		time.Sleep(time.Hour)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestWorkersDoNotOutliveTheProgram$")
	cmd.Env = append(os.Environ(), "POOL_TEST_PARENT=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var worker int
	if _, err := fmt.Fscanf(out, "worker %d\n", &worker); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	for syscall.Kill(worker, 0) == nil && !zombie(worker) {
		time.Sleep(5 * time.Millisecond) // the test's own time limit ends this
	}
}

// zombie reports whether a process has ended and nobody has asked how.
func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(b), ") Z ")
}
