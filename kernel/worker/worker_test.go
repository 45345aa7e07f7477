package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker"
	"github.com/interleave-lab/interleave/lib/display"
)

func TestStartErrors(t *testing.T) {
	script := func(text string) string {
		path := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ path, want string }{
		{"/no/such/worker", "no such file"},
		{t.TempDir(), "permission denied"},
		{script("exit 3"), "exit status 3"},
		{script("printf nonsense-nonsense >&3"), "nonsense"},
		{exe, "it is worker test, not other"},
	} {
		w, err := worker.Start(t.Context(), worker.Options{Path: test.path, BuildID: "other", Handler: &recorder{}, Env: []string{asWorker + "=1"}})
		if err == nil {
			w.Close()
			t.Errorf("%s: started", test.path)
		} else if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.path) {
			t.Errorf("%s: %v", test.path, err)
		}
	}
}

func TestStartEndsWithContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "silent")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec sleep 1000\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := worker.Start(interrupted(t), worker.Options{Path: path, Handler: &recorder{}})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestEnvironmentAndDirectory(t *testing.T) {
	dir := t.TempDir()
	s := start(t, func(o *worker.Options) {
		o.Dir = dir
		o.Env = append(o.Env, "COLOUR=blue")
	})
	s.fine("surroundings")
	if got, want := s.stdout(), dir+" blue\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReports(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		cell string
		want worker.Report
	}{
		{"panic", worker.Report{Kind: worker.Panic, Value: "went wrong", TypeName: "*fmt.wrapError"}},
		{"index", worker.Report{Kind: worker.Panic, Value: "runtime error: index out of range [8] with length 0", TypeName: "runtime.boundsError"}},
		{"goexit", worker.Report{Kind: worker.Goexit, Value: "the cell called runtime.Goexit"}},
		{"error", worker.Report{Kind: worker.CellError, Value: "no such thing", TypeName: "*errors.errorString"}},
		{"empty", worker.Report{}},
	} {
		got := s.run(test.cell)
		if got.Kind != test.want.Kind || got.Value != test.want.Value || got.TypeName != test.want.TypeName {
			t.Errorf("%s: got %+v", test.cell, got)
		}
		if got.Kind == worker.Panic || got.Kind == worker.CellError {
			if len(got.Frames) == 0 || !strings.Contains(got.Frames[0].Func, "worker_test") && got.Frames[0].Kind != worker.Library {
				t.Errorf("%s: frames %+v", test.cell, got.Frames)
			}
		}
	}
}

func TestReportFramesAreTheAuthors(t *testing.T) {
	s := start(t)
	r := s.run("panic deep")
	var lines []string
	for _, f := range r.Frames {
		lines = append(lines, fmt.Sprintf("%s:%d", f.File, f.Line))
	}
	if got, want := strings.Join(lines, " "), "cell[7]:3 cell[7]:8"; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if n, ok := r.Frames[0].Cell(); !ok || n != 7 || r.Frames[0].Kind != worker.Author {
		t.Errorf("got %+v", r.Frames[0])
	}
}

func TestResults(t *testing.T) {
	s := start(t)
	s.fine("result")
	s.fine("nothing")
	s.fine("no error")
	s.fine("picture")
	want := "[{1 result 7 x} {3 result 3} {4 result *image.Gray 3000x2000}]"
	if got := fmt.Sprint(s.take()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type sizes struct {
	recorder
	got []int
}

func (s *sizes) Display(_ int, _ worker.DisplayKind, d display.Data) {
	b, _ := d.Bundle["image/png"].([]byte)
	s.got = append(s.got, len(b))
}

func TestLargeDisplays(t *testing.T) {
	h := &sizes{}
	s := start(t, func(o *worker.Options) { o.Handler = h })
	s.fine("large picture")
	if got := fmt.Sprint(h.got); got != "[104857600 0 1]" {
		t.Errorf("got %s", got)
	}
}

func TestTooLargeDisplay(t *testing.T) {
	s := start(t)
	s.fine("too large")
	if got := fmt.Sprint(s.take()); got != "[{1 show 256 MB of data are too large to show}]" {
		t.Errorf("got %.100s", got)
	}
}

func TestDisplays(t *testing.T) {
	s := start(t)
	s.fine("displays")
	want := "[{1 show bold} {1 show one} {1 update two} {1 clear true}]"
	if got := fmt.Sprint(s.take()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Every way out of the process in turn: the order is that of the program.
func TestOrder(t *testing.T) {
	s := start(t)
	s.fine("mixed")
	next := 0
	for _, e := range s.take() {
		for _, field := range strings.Fields(e.text) {
			if field != fmt.Sprint(next) {
				t.Fatalf("got %s after %d", field, next-1)
			}
			next++
		}
	}
	if next != mixedLines {
		t.Errorf("got %d lines, want %d", next, mixedLines)
	}
}

func TestOrderWithPrograms(t *testing.T) {
	s := start(t)
	for range 20 {
		s.fine("program")
		if got, want := s.stdout(), "before\nof the program\nafter\n"; got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestFloodLosesNothing(t *testing.T) {
	s := start(t)
	s.fine("flood")
	var want strings.Builder
	for i := range floodLines {
		fmt.Fprintf(&want, "line %d of the flood, with some more text\n", i)
	}
	if got := s.stdout(); got != want.String() {
		t.Errorf("got %d bytes, want %d", len(got), want.Len())
	}
}

func TestRawFloodLosesNothing(t *testing.T) {
	s := start(t, func(o *worker.Options) { o.Env = append(o.Env, "GOMAXPROCS=1") })
	s.fine("raw flood")
	var want strings.Builder
	for i := range floodLines {
		fmt.Fprintln(&want, "line", i)
	}
	if got := s.take(); len(got) != 1 || got[0].text != want.String() {
		t.Errorf("got %d events", len(got))
	}
}

// A handler that is slow makes cells wait; it loses nothing and blocks nobody
// for good.
func TestSlowHandler(t *testing.T) {
	slow := &slowHandler{}
	s := start(t, func(o *worker.Options) { o.Handler = slow })
	s.fine("large")
	if slow.bytes != 16<<18 {
		t.Errorf("got %d bytes", slow.bytes)
	}
}

type slowHandler struct {
	recorder
	bytes int
}

func (s *slowHandler) Stream(_ int, _ string, text []byte) {
	time.Sleep(time.Millisecond)
	s.bytes += len(text)
}

func TestCharactersStayWhole(t *testing.T) {
	r := &whole{t: t}
	s := start(t, func(o *worker.Options) { o.Handler = r })
	s.fine("utf8")
	if got := r.text.String(); got != utf8Text {
		t.Errorf("got %q", got)
	}
}

type whole struct {
	recorder
	t    *testing.T
	text strings.Builder
}

func (w *whole) Stream(_ int, _ string, text []byte) {
	if strings.ToValidUTF8(string(text), "?") != string(text) {
		w.t.Errorf("split character: %q", text)
	}
	w.text.Write(text)
}

func TestLateOutput(t *testing.T) {
	s := start(t)
	s.fine("later")
	s.fine("release and wait")
	if got := s.stdout(); got != "late\n" {
		t.Errorf("got %q", got)
	}
}

// A cell may close os.Stdout and even descriptor 1; the next one prints again.
func TestClosedStdout(t *testing.T) {
	s := start(t)
	s.fine("close")
	s.fine("fd 1")
	if got, want := s.stdout(), "closed\nraw again\n<nil>\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDescriptorsAreNotInherited(t *testing.T) {
	s := start(t)
	s.fine("inherited")
	out, err := exec.Command("ls", "/proc/self/fd").Output() // what this process has inherited itself
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.stdout(), strings.Join(strings.Fields(string(out)), " ")+" <nil>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInterruptBlockedCell(t *testing.T) {
	s := start(t)
	r, err := s.runContext(interrupted(t), "blocked")
	if err != nil || r.Kind != worker.Interrupted || r.State != "chan receive" {
		t.Fatalf("got %+v, %v", r, err)
	}
	if len(r.Frames) == 0 || !strings.HasSuffix(r.Frames[0].File, "cells_test.go") {
		t.Errorf("got %+v", r.Frames)
	}
	s.fine("hello")
	if got := s.stdout(); got != "hello\n" {
		t.Errorf("got %q", got)
	}
}

func TestInterruptBeforeItBegins(t *testing.T) {
	s := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := s.runContext(ctx, "hello"); err != nil || r.Kind != worker.Interrupted {
		t.Errorf("got %+v, %v", r, err)
	}
	if got := s.stdout(); got != "" {
		t.Errorf("got %q", got)
	}
}

// In a program with the ordinary runtime a busy cell cannot be stopped: its
// process is killed, and the error says so.
func TestKillWhatCannotBeStopped(t *testing.T) {
	s := start(t, func(o *worker.Options) { o.Patience, o.Grace = time.Millisecond, time.Millisecond })
	_, err := s.runContext(interrupted(t), "busy")
	var d *worker.Death
	if !errors.As(err, &d) || !d.Killed || !strings.Contains(d.Error(), "could not be stopped within 2ms") {
		t.Errorf("got %v", err)
	}
	if _, err := s.runContext(t.Context(), "hello"); !errors.Is(err, worker.ErrDied) {
		t.Errorf("run after the end: %v", err)
	}
	if _, err := s.Load(t.Context(), worker.Module{}); !errors.Is(err, worker.ErrDied) {
		t.Errorf("load after the end: %v", err)
	}
}

func TestDeath(t *testing.T) {
	for _, test := range []struct{ cell, reason, stdout string }{
		{"exit", "exit status 7", "last words\n"},
		{"panic elsewhere", "exit status 2: panic: in a goroutine", ""},
		{"deadly", "exit status 2: fatal error: concurrent map writes", ""},
		{"quit", "exit status 2: SIGQUIT: quit", ""},
		{"kill", "it was killed by signal 9 (killed), perhaps because memory ran out", "last words\n"},
		{"break channel", "", "last words\n"},
		{"nonsense", "it sent nonsense: malformed frame: length 4294967295", ""},
		{"half a frame", "exit status 1", ""},
	} {
		s := start(t)
		_, err := s.runContext(t.Context(), test.cell)
		var d *worker.Death
		if !errors.As(err, &d) || !errors.Is(err, worker.ErrDied) {
			t.Fatalf("%s: %v", test.cell, err)
		}
		if test.reason != "" && d.Reason != test.reason {
			t.Errorf("%s: %q", test.cell, d.Reason)
		}
		if got := s.stdout(); got != test.stdout {
			t.Errorf("%s: stdout %q", test.cell, got)
		}
		if test.cell == "exit" && d.Tail != "to descriptor 2\n" {
			t.Errorf("tail %q", d.Tail)
		}
		if test.cell == "quit" && (!strings.HasPrefix(d.Tail, "SIGQUIT: quit\nPC=") || !strings.Contains(d.Tail, "bytes are left out") || len(d.Tail) > 9000) {
			t.Errorf("%d bytes of tail: %s", len(d.Tail), d.Tail)
		}
	}
}

func TestDeathOutsideOfARun(t *testing.T) {
	s := start(t)
	s.fine("hello")
	if err := syscall.Kill(s.PID(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "signal 15") {
		t.Errorf("got %v", err)
	}
}

// A process that a cell has started may outlive the cell, not the session; and
// that it holds the pipes open keeps nobody waiting.
func TestCloseEndsEverything(t *testing.T) {
	s := start(t)
	s.fine("child")
	var pid int
	if _, err := fmt.Sscan(s.stdout(), &pid); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("before Close: %v", err)
	}
	s.Close()
	// It is a zombie until init or its subreaper takes it: look at its state.
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err == nil && !strings.Contains(string(stat), ") Z ") && !strings.Contains(string(stat), ") X ") {
		t.Errorf("after Close: %s", stat)
	}
}

func TestLoadNeedsAWorker(t *testing.T) {
	s := start(t)
	page := worker.Segment{Addr: 0x10000000, Size: 4096, Prot: worker.ReadWrite}
	for _, test := range []struct {
		m    worker.Module
		want string
	}{
		{worker.Module{BuildID: "other"}, "it was linked for worker other, this is test"},
		{worker.Module{BuildID: "test"}, "outside of the module's variables"},
		{worker.Module{BuildID: "test", Moduledata: page.Addr, Segments: []worker.Segment{page}}, "this program is not a worker"},
		{worker.Module{BuildID: "test", Moduledata: page.Addr, Entry: page.Addr, Segments: []worker.Segment{page}}, "outside of the module's code"},
		{worker.Module{BuildID: "test", Segments: []worker.Segment{{Addr: 0x10000001, Size: 4096, Prot: worker.Read}}}, "not made of pages"},
		{worker.Module{BuildID: "test", Segments: []worker.Segment{{Addr: 0x10000000, Size: 4096}}}, "no protection"},
	} {
		if _, err := s.Load(t.Context(), test.m); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	if _, err := s.Run(t.Context(), worker.Run{Cell: 1}); err == nil {
		t.Error("ran address 0")
	}
	if _, err := s.Run(t.Context(), worker.Run{Cell: 1, Entry: 0x10000000}); err == nil {
		t.Error("ran code that was not loaded")
	}
}
