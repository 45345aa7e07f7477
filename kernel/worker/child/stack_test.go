package child

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

const example = `goroutine 34 [chan receive, 2 minutes, locked to thread]:
main.(*queue[...]).take(0xc000012345, {0x1, 0x2, ...})
	cell[3]:4 +0x1d
main.f.func1()
	/tmp/a folder/file.go:12 +0x3
...12 frames elided...
created by main.f in goroutine 1
	cell[2]:9 +0x25
`

func TestParseStack(t *testing.T) {
	s := parseStack([]byte(example))
	if s.number != 34 || s.state != "chan receive" || !s.waits() || !s.more {
		t.Errorf("got %+v", s)
	}
	want := "[{main.(*queue[...]).take cell[3] 4 0} {main.f.func1 /tmp/a folder/file.go 12 1}] {main.f cell[2] 9 0}"
	if got := fmt.Sprint(s.frames, s.createdBy); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The format is that of the runtime this test runs with.
func TestParseOwnStack(t *testing.T) {
	done := make(chan stack)
	go func() {
		buf := make([]byte, 10<<10)
		done <- parseStack(buf[:runtime.Stack(buf, false)])
	}()
	s := <-done
	if s.number == 0 || s.state != "running" || s.waits() || len(s.frames) != 1 || s.createdBy.Kind != wire.Internal || s.createdBy.Line == 0 {
		t.Errorf("got %+v", s)
	}
	if n := goroutine(); n == 0 || n == s.number {
		t.Errorf("goroutines %d and %d", n, s.number)
	}
}

func TestFindStack(t *testing.T) {
	all := strings.Replace(example, "34", "7", 1) + "\n" + example + "\n" + strings.Replace(example, "34", "340", 1)
	for n, want := range map[int64]bool{7: true, 34: true, 340: true, 3: false} {
		if s, ok := findStack([]byte(all), n, false); ok != want || ok && s.number != n {
			t.Errorf("%d: %v %+v", n, ok, s)
		}
	}
	if _, ok := findStack([]byte(all), 340, true); ok {
		t.Error("found a stack that is cut")
	}
}

func TestGoroutineByNumber(t *testing.T) {
	number, release := make(chan int64), make(chan int)
	go func() {
		number <- goroutine()
		<-release
		close(number)
	}()
	n := <-number
	for {
		if s, ok := goroutineByNumber(n); !ok {
			t.Fatal("not found")
		} else if s.waits() {
			break
		}
		runtime.Gosched()
	}
	close(release)
	<-number
	if _, ok := goroutineByNumber(-1); ok {
		t.Error("found a goroutine that is not there")
	}
}

func FuzzParseStack(f *testing.F) {
	f.Add(example)
	f.Add("goroutine 1 [running]:\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		parseStack([]byte(text))
		findStack([]byte(text), 1, true)
	})
}

func TestTrim(t *testing.T) {
	in := []wire.Frame{{Kind: wire.Internal}, {Kind: wire.Library, Line: 1}, {Kind: wire.Internal}, {Kind: wire.Author, Line: 2}, {Kind: wire.Internal}}
	if got := trim(in); len(got) != 3 || got[0].Line != 1 || got[2].Line != 2 {
		t.Errorf("got %+v", got)
	}
	if got := trim(in[:1]); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}
