"""What a session lives through, as a table that is played on a kernel.

    python survival.py KERNEL [WORD...]

Each case begins with the same state, does something that ends a plain Go
program or never ends, and must leave the state as it was. Only cases whose
title contains a word are played, if words are given. A line for each case:
what was told, the state after, and the time from the request (or from the
interrupt) to the reply.

Needs: pip install jupyter_client
"""

import queue
import re
import sys
import tempfile
import threading
import time

from jupyter_client.manager import KernelManager

PATIENCE = 60  # seconds; only a failure waits that long

SETUP = """kept := 42
list := []int{1, 2, 3}
table := map[string]int{"a": 1}
var waitFor = make(chan int)
var shared = map[int]int{}
func double(n int) int { return 2 * n }
//go:noinline
func deep(n int) int { return deep(n+1) + 1 }
//go:noinline
func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }"""

# The state before and after: a value, a function that a cell declared, a
# slice, a map.
CHECK = 'fmt.Println(kept, double(21), len(list), table["a"])'
WHOLE = "42 42 3 1\n"
LOST = "0 42 0 0\n"

DEADLOCK = "all goroutines are asleep - deadlock!"
ENDED = "A program would have ended here with exit status "


class Case:
    """One line of the table.

    error is the ename and a pattern of the evalue, None for a cell that
    succeeds. here are patterns of what must stand under the cell by its end,
    late those of what must come there afterwards. interrupt is the text of
    standard output, or the seconds, after which the cell is interrupted.
    """

    def __init__(self, title, code, error=None, here=(), late=(), interrupt=None, after=WHOLE, then=None, kill=False, never=()):
        self.title, self.code, self.error, self.here, self.late = title, code, error, here, late
        self.interrupt, self.after, self.then, self.kill, self.never = interrupt, after, then, kill, never


def panics(value, line=1):
    return dict(error=("PanicError", value), here=[r"panic: ", r"cell\[N\]:%d" % line, ENDED + "2"])


def fatal(value, line=1):
    return dict(error=("ExitError", value), here=[r"fatal error: ", r"cell\[N\]:%d" % line, ENDED + "2"])


def exits(code):
    return dict(error=("ExitError", "exit status %d" % code), here=[r"cell\[N\]:1", ENDED + str(code)])


def later(*what, **more):
    """In a goroutine of the cell: its report may come during or after it."""
    return dict(late=[*what, r"in goroutine \d+, started at cell\[N\]", "and everything else lives on"], **more)


def interrupted(title, code, *here, at="on\n", **more):
    """A cell that never ends. It is interrupted when it has begun."""
    return Case("interrupt " + title, 'fmt.Println("on"); ' + code, error=("Interrupted", "interrupted"), here=here, interrupt=at, **more)


CASES = [
    # What ends a plain program, in the cell itself.
    Case("panic with text", 'panic("oh")', **panics("oh")),
    Case("panic with an error", 'panic(errors.New("oh"))', **panics("oh")),
    Case("panic again while a panic is on its way", 'defer func() { panic("second") }(); panic("first")', **panics("second")),
    Case("nil pointer", "var p *struct{ x int }; fmt.Println(p.x)", **panics(".*nil pointer dereference")),
    Case("a bad address", "fmt.Println(*(*int)(unsafe.Pointer(uintptr(1<<44+8))))", **panics(".*invalid memory address.*")),
    Case("index out of range", "\n_ = list[kept]", **panics(r".*index out of range \[42\] with length 3", 2)),
    Case("write to a nil map", "var m map[int]int; m[1] = 1", **panics("assignment to entry in nil map")),
    Case("divide by zero", "zero := 0; fmt.Println(1 / zero)", **panics(".*divide by zero")),
    Case("wrong type", 'var e any = "s"; fmt.Println(e.(int))', **panics("interface conversion.*")),
    Case("close of a closed channel", "c := make(chan int); close(c); close(c)", **panics("close of closed channel")),
    Case("negative wait group", "var wg sync.WaitGroup; wg.Done()", **panics(".*negative WaitGroup counter")),
    Case("panic in a library's callback", 'sort.Slice(list, func(i, j int) bool { panic("in less") })', **panics("in less")),
    Case("panic in an iterator", 'func() { for range func(yield func() bool) { panic("in iterator") } { } }()', **panics("in iterator")),
    Case("panic in iter.Pull", 'next, stop := iter.Pull(func(yield func(int) bool) { panic("in pull") }); defer stop(); next()', **panics("in pull")),
    Case("os.Exit", "os.Exit(3)", **exits(3)),
    Case("os.Exit(0)", "os.Exit(0)"),
    Case("log.Fatal", 'log.Fatal("the end")', error=("ExitError", "exit status 1"), here=["the end", ENDED + "1"]),
    Case("runtime.Goexit", "runtime.Goexit()", error=("ExitError", ".*runtime.Goexit"), here=["exit status 2"]),
    Case("unlock of an unlocked mutex", "var mu sync.Mutex; mu.Unlock()", **fatal("sync: unlock of unlocked mutex")),
    Case("unlock of an unlocked RWMutex", "var mu sync.RWMutex; mu.RUnlock()", **fatal("sync: RUnlock of unlocked RWMutex")),
    Case("concurrent map writes", "for { c := make(chan int); go func() { defer close(c); for range 1000 { shared[1] = 1 } }(); for range 1000 { shared[1] = 1 }; <-c }", **fatal("concurrent map .*")),
    Case("stack overflow", "deep(0)", error=("ExitError", "stack overflow"), here=["fatal error: stack overflow", r"cell\[M\]:8", r"times more", ENDED + "2"]),
    Case("a make that cannot be had", "b := make([]byte, 1<<46); fmt.Println(len(b))", **fatal(".*out of memory: cannot allocate 70368744177664-byte block")),
    Case("a make of negative length", "n := -1; fmt.Println(len(make([]int, n)))", **panics(".*makeslice: len out of range")),
    Case("a recovered panic is none", 'func() { defer func() { fmt.Println("got", recover()) }(); panic("x") }()', here=["got x"]),
    Case("what was done before stays done", "table[\"b\"] = 7; panic(1)", then=('table["b"]', "7"), **panics("1")),
    Case("deferred calls run", 'defer func() { table["b"] = 8 }(); panic(1)', then=('table["b"]', "8"), **panics("1")),
    # Deadlocks.
    Case("receive from nobody", "<-make(chan int)", error=("ExitError", DEADLOCK), here=["chan receive", r"cell\[N\]:1", ENDED + "2"]),
    Case("send to nobody", "\nwaitFor <- 1", error=("ExitError", DEADLOCK), here=["chan send", r"cell\[N\]:2"]),
    Case("receive from a nil channel", "var c chan int; <-c", error=("ExitError", DEADLOCK), here=["nil chan"]),
    Case("empty select", "select {}", error=("ExitError", DEADLOCK), here=["no cases"]),
    Case("lock twice", "var mu sync.Mutex; mu.Lock(); mu.Lock()", error=("ExitError", DEADLOCK), here=["sync.Mutex.Lock"]),
    Case("wait group that nobody finishes", "var wg sync.WaitGroup; wg.Add(1); wg.Wait()", error=("ExitError", DEADLOCK), here=["sync.WaitGroup.Wait"]),
    Case("two goroutines wait for each other", "a, b := make(chan int), make(chan int)\ngo func() { <-a; b <- 1 }()\n<-b\na <- 1",
         error=("ExitError", DEADLOCK), here=[r"cell\[N\]:3", r"<-b", r"1 goroutine beside its own", r"chan receive at cell\[N\]:2, started at cell\[N\]:2", "They wait for each other", r"waits to receive from b at cell\[N\]:3; goroutine \d+ would send to it at cell\[N\]:2"]),
    Case("lock order", "var x, y sync.Mutex; var wg sync.WaitGroup; in := make(chan int)\nwg.Go(func() { x.Lock(); in <- 1; y.Lock() })\nwg.Go(func() { y.Lock(); <-in; x.Lock() })\nwg.Wait()",
         error=("ExitError", DEADLOCK), here=[r"sync.Mutex.Lock at cell\[N\]:2", r"sync.Mutex.Lock at cell\[N\]:3"]),
    Case("a deadlock beside a goroutine that lives", "stopTick := make(chan int)\ngo func() { for { select { case <-stopTick: return; case <-time.After(50*time.Millisecond): } } }()",
         then=("func() { c := make(chan int); c <- 1 }()", ("ExitError", DEADLOCK)), after=WHOLE),
    Case("that goroutine still listens", "stopTick <- 1"),
    Case("sleep is no deadlock", "time.Sleep(1500*time.Millisecond)"),
    Case("a timer is no deadlock", "c := make(chan int); time.AfterFunc(1500*time.Millisecond, func() { close(c) }); <-c"),
    Case("the network is no deadlock", 'l, _ := net.Listen("tcp", "127.0.0.1:0"); go func() { time.Sleep(1500*time.Millisecond); l.Close() }(); _, _ = l.Accept()'),
    # In goroutines.
    Case("panic in a goroutine", 'go func() { panic("oh") }()', **later("panic: oh", r"cell\[N\]:1")),
    Case("panic in a goroutine while the cell runs", 'done := make(chan int)\ngo func() { defer close(done); panic("oh") }()\n<-done', here=["panic: oh", r"cell\[N\]:2", r"started at cell\[N\]:2"]),
    Case("panic in WaitGroup.Go", 'var wg sync.WaitGroup; wg.Go(func() { panic("in Go") }); wg.Wait()', error=("ExitError", DEADLOCK), here=["panic: in Go", r"cell\[N\]:1", "sync.WaitGroup.Wait"]),
    Case("panic in errgroup", 'import "golang.org/x/sync/errgroup"\nvar eg errgroup.Group\neg.Go(func() error { panic("in errgroup") })\n_ = eg.Wait()', here=["panic: in errgroup", r"cell\[N\]:3"]),
    Case("panic in time.AfterFunc", 'time.AfterFunc(time.Millisecond, func() { panic("in timer") })', late=["panic: in timer", r"cell\[N\]:1", "lives on"]),
    Case("panic in context.AfterFunc", 'ctx, cancel := context.WithCancel(context.Background()); context.AfterFunc(ctx, func() { panic("after context") }); cancel()', late=["panic: after context", "lives on"]),
    Case("panic in an http handler", 'srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("in handler") })); defer srv.Close()\n_, err := http.Get(srv.URL); fmt.Println(err != nil)', here=["true", "in handler"]),
    Case("panic in an http handler's goroutine", 'srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { go func() { panic("behind handler") }(); w.Write([]byte("served")) })); defer srv.Close()\nr, _ := http.Get(srv.URL); io.Copy(os.Stdout, r.Body)', here=["served"], late=["panic: behind handler", "lives on"]),
    Case("panic in a finalizer", 'func() { runtime.SetFinalizer(new([64]byte), func(*[64]byte) { panic("in finalizer") }) }(); runtime.GC()', late=["panic: in finalizer"]),
    Case("panic in a cleanup", 'func() { runtime.AddCleanup(new([64]byte), func(int) { panic("in cleanup") }, 1) }(); runtime.GC()', late=["panic: in cleanup"]),
    Case("nil map in a goroutine", "go func() { var m map[int]int; m[1] = 1 }()", **later("assignment to entry in nil map")),
    Case("os.Exit in a goroutine", "go os.Exit(3)", late=[ENDED + "3"]),
    Case("log.Fatal in a goroutine", 'go log.Fatal("x")', late=["x", ENDED + "1"]),
    Case("stack overflow in a goroutine", "go deep(0)", late=["stack overflow", ENDED + "2"]),
    Case("unlock in a goroutine", "go func() { var mu sync.Mutex; mu.Unlock() }()", **later("fatal error: sync: unlock of unlocked mutex")),
    Case("concurrent map writes in goroutines", "for range 4 { go func() { for range 1000000 { shared[1] = 1 } }() }; time.Sleep(100*time.Millisecond)", late=["fatal error: concurrent map "]),
    Case("a make in a goroutine", "go func() { b := make([]byte, 1<<46); fmt.Println(len(b)) }()", **later("out of memory")),
    Case("Goexit in a goroutine is no fault", 'done := make(chan int); go func() { defer close(done); runtime.Goexit() }(); <-done'),
    # Interrupts.
    interrupted("an empty loop", "for {}", r"cell\[N\]:1"),
    interrupted("a counting loop", "for n := 0; ; n++ {}"),
    interrupted("calls", "for { fib(5) }"),
    interrupted("recursion", "fib(100)", r"cell\[M\]"),
    interrupted("allocation", "var s []int; for { s = append(s, 1); if len(s) > 1e6 { s = nil } }"),
    interrupted("maps", "m := map[int]int{}; for i := 0; ; i++ { m[i%1000]++ }"),
    interrupted("channels", "c, d := make(chan int), make(chan int); go func() { for x := range c { d <- x } }(); for { c <- 1; <-d }"),
    interrupted("select", "for { select { case <-waitFor: default: } }"),
    interrupted("sleep", "time.Sleep(time.Hour)", "[Ss]leep"),
    interrupted("a blocked cell", "waitFor <- 1", "waitFor <- 1"),
    interrupted("a flood of output", 'for { fmt.Println("line") }'),
    interrupted("goroutines that spin", 'var wg, up sync.WaitGroup; up.Add(4)\nfor range 4 { wg.Go(func() { up.Done(); for {} }) }\nup.Wait(); fmt.Println("spinning"); wg.Wait()',
                r"4 goroutines beside its own", r"goroutines?: running at cell\[N\]:2", at="spinning\n"),
    interrupted("a system call", "var p [2]int; syscall.Pipe(p[:]); syscall.Read(p[0], make([]byte, 1))"),
    interrupted("a program", 'exec.Command("sleep", "100").Run()'),
    interrupted("a request", 'l, _ := net.Listen("tcp", "127.0.0.1:0"); http.Get("http://" + l.Addr().String())'),
    interrupted("runs deferred calls", 'defer func() { table["b"] = 9 }(); for { fib(3) }', then=('table["b"]', "9")),
    Case("goroutines of earlier cells go on", "var beats atomic.Int64\ngo func() { for { beats.Add(1); time.Sleep(time.Millisecond) } }()", then=("for {}", "interrupt")),
    Case("they do", "n := beats.Load(); time.Sleep(100*time.Millisecond); beats.Load() > n", here=["true"]),
    Case("unless asked: %stop", "%goroutines", here=[r"cell\[\d+\]: 1 goroutine"], then=("%stop all", r"Stopped: \d+ goroutine.*")),
    Case("they have stopped", "time.Sleep(50*time.Millisecond); n = beats.Load(); time.Sleep(50*time.Millisecond); beats.Load() == n", here=["true"]),
    Case("interrupted twice, all stops", "go func() { for { beats.Add(1); time.Sleep(time.Millisecond) } }(); time.Sleep(time.Hour)", interrupt=0.1, error=("Interrupted", "interrupted"), then=("", "interrupt again")),
    Case("all has stopped", "time.Sleep(50*time.Millisecond); n = beats.Load(); time.Sleep(50*time.Millisecond); beats.Load() == n", here=["true"]),
    # Verdicts.
    Case("a leaked goroutine", "func() { c := make(chan int); go func() { c <- 1 }() }()", late=["1 goroutine of this cell is blocked for good", r"chan send at cell\[N\]:1, started at cell\[N\]:1"]),
    Case("many leaked goroutines", "func() { c := make(chan int); for range 9 { go func() { <-c }() } }()", late=["9 goroutines of this cell are blocked for good", r"9 goroutines: blocked for good: chan receive at cell\[N\]:1"]),
    Case("a pool on a session variable is no leak", "jobs := make(chan int); for range 3 { go func() { for range jobs {} }() }; time.Sleep(100*time.Millisecond)", never=["blocked for good"]),
    Case("until the variable lets go", "jobs = nil", never=["blocked for good"]),
    # Output that belongs.
    Case("late lines", 'go func() { time.Sleep(100*time.Millisecond); fmt.Println("late 1"); println("late 2"); log.Print("late 3"); os.Stderr.WriteString("late 4\\n") }()', late=["late 1", "late 2", "late 3", "late 4"]),
    Case("late programs", 'go func() { time.Sleep(100*time.Millisecond); c := exec.Command("echo", "late program"); c.Stdout = os.Stdout; c.Run(); fmt.Println("after it") }()', late=["late program\nafter it"]),
    Case("late displays", 'go func() { time.Sleep(100*time.Millisecond); display.Show(display.HTML("<b>late picture</b>")) }()', late=["late picture"]),
    # The last resort.
    Case("the worker ends by itself", "syscall.Exit(5)", error=("SessionLost", ".*exit status 5"), here=["kept", "list", "Everything declared is kept"], after=LOST),
    Case("the worker is killed", 'fmt.Println("on"); time.Sleep(time.Hour)', kill=True, error=("SessionLost", ".*signal 9.*"), here=["list"], after=LOST),
    Case("the memory limit", "%limit memory 200MB\nvar keep [][]byte\nfor { keep = append(keep, bytes.Repeat([]byte{1}, 1<<20)) }", error=("SessionLost", ".*more than its limit of 200 MB"), here=["list"], after=LOST),
    Case("no limit", "%limit memory off", here=["not limited"]),
]


class Session:
    """A kernel with a client that sorts what comes by the cell it belongs to."""

    def __init__(self, kernel):
        self.manager = KernelManager(kernel_name=kernel, cache_ports=False)
        self.manager.start_kernel(cwd=tempfile.mkdtemp())
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE * 5)
        self.shown, self.idle, self.counts = {}, {}, {}
        self.changed = threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                m = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            except Exception:
                return
            with self.changed:
                self.take(m["parent_header"].get("msg_id"), m["msg_type"], m["content"])
                self.changed.notify_all()

    def take(self, cell, kind, c):
        text = ""
        if kind == "stream":
            text = c["text"]
        elif kind in ("display_data", "execute_result"):
            text = "\n".join(str(v) for v in c["data"].values()) + "\n"
        elif kind == "error":
            text = "\n".join(c["traceback"]) + "\n"
        elif kind == "execute_input":
            self.counts[cell] = c["execution_count"]
        elif kind == "status" and c["execution_state"] == "idle":
            self.idle[cell] = True
        self.shown[cell] = self.shown.get(cell, "") + text

    def wait(self, what, doing):
        """Waits until what() is true."""
        with self.changed:
            if not self.changed.wait_for(what, timeout=PATIENCE):
                raise AssertionError("nothing came: " + doing)

    def text(self, cell):
        with self.changed:
            return re.sub(r"\x1b\[[0-9;]*m", "", self.shown.get(cell, ""))

    def run(self, code, meanwhile=None):
        """Runs a cell and returns its id, its reply and the time it took."""
        begin = time.monotonic()
        cell = self.client.execute(code)
        if meanwhile:
            begin = meanwhile(cell) or begin
        while True:
            try:
                reply = self.client.get_shell_msg(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError("no reply to " + code)
            if reply["parent_header"].get("msg_id") == cell:
                break
        took = time.monotonic() - begin
        self.wait(lambda: self.idle.get(cell), "idle of " + code)
        return cell, reply["content"], took

    def interrupt_at(self, when):
        def meanwhile(cell):
            if isinstance(when, str):
                self.wait(lambda: when in self.shown.get(cell, ""), when)
            else:
                self.wait(lambda: cell in self.counts, "execute_input")
                time.sleep(when)
            begin = time.monotonic()
            self.manager.interrupt_kernel()
            return begin
        return meanwhile

    def kill_worker(self, cell):
        self.wait(lambda: "on" in self.shown.get(cell, ""), "on")
        pid = int(self.pid)
        import os, signal
        begin = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        return begin

    def value(self, code):
        cell, reply, _ = self.run(code)
        assert reply["status"] == "ok", "%s: %s" % (code, reply)
        return self.text(cell)


def expect(pattern, text, what):
    assert re.search(pattern, text), "%s lacks %r:\n%s" % (what, pattern, text)


def begin(s):
    cell, reply, _ = s.run(SETUP)
    assert reply["status"] == "ok", reply
    s.home = s.counts[cell]
    s.pid = s.value("os.Getpid()").strip()


def play(s, case):
    """Plays one case and returns how long the reply took."""
    assert s.value(CHECK) == WHOLE, "the state before"
    meanwhile = None
    if case.kill:
        meanwhile = s.kill_worker
    elif case.interrupt is not None:
        meanwhile = s.interrupt_at(case.interrupt)
    cell, reply, took = s.run(case.code, meanwhile)
    number = lambda p: p.replace("[N\\]", "[%d\\]" % s.counts[cell]).replace("[M\\]", "[%d\\]" % s.home)
    check_outcome(case.error, reply, s.text(cell))
    for p in case.here:
        expect(number(p), s.text(cell), "under the cell")
    then(s, case.then)
    after = s.value(CHECK)
    assert after == case.after, "the state after is %r, want %r" % (after, case.after)
    for p in case.late:
        s.wait(lambda: re.search(number(p), re.sub(r"\x1b\[[0-9;]*m", "", s.shown.get(cell, ""))), "%r under the cell, which has\n%s" % (p, s.shown.get(cell)))
    for p in case.never:
        assert not re.search(p, s.text(cell)), s.text(cell)
    if case.after == LOST:
        begin(s)
    return took, reply.get("ename", "ok"), after.strip()


def check_outcome(error, reply, text):
    if error is None:
        assert reply["status"] == "ok", "it failed: %s\n%s" % (reply.get("evalue"), text)
        return
    assert reply["status"] == "error", "it succeeded:\n" + text
    name, value = error
    assert reply["ename"] == name and re.fullmatch(value, reply["evalue"]), "%s: %s" % (reply["ename"], reply["evalue"])


def then(s, what):
    """Runs what follows a case: a cell with its value, its error, or an interrupt."""
    if what is None:
        return
    code, want = what
    if want == "interrupt again":
        s.manager.interrupt_kernel()
        time.sleep(0.2)
    elif want == "interrupt":
        _, reply, _ = s.run(code, s.interrupt_at(0.05))
        assert reply["status"] == "error" and reply["ename"] == "Interrupted", reply
    elif isinstance(want, tuple):
        cell, reply, _ = s.run(code)
        check_outcome(want, reply, s.text(cell))
    else:
        expect(want, s.value(code), code)


def main(kernel, words):
    cases = [c for c in CASES if not words or any(w in c.title for w in words)]
    s = Session(kernel)
    failed, times = [], {}
    try:
        begin(s)
        for case in cases:
            try:
                took, told, after = play(s, case)
                times.setdefault("interrupts" if case.interrupt is not None else "other cells", []).append(took)
                print("%-50s %-12s %-12s %7.1f ms" % (case.title, told, after, took * 1000), flush=True)
            except AssertionError as e:
                failed.append(case.title)
                print("FAILED %s\n  %s" % (case.title, str(e).replace("\n", "\n  ")), flush=True)
                if s.value(CHECK) != WHOLE:
                    begin(s)
    finally:
        s.client.stop_channels()
        s.manager.shutdown_kernel(now=True)
    for what, t in times.items():
        t.sort()
        print("%s: %d, time to reply %.0f ms in the middle, %.0f ms at worst" % (what, len(t), t[len(t) // 2] * 1000, t[-1] * 1000))
    print("%d cases, %d failed" % (len(cases), len(failed)))
    return 1 if failed or len(cases) == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
