"""The same cells as each kernel's authors write them.

gonb keeps declarations and runs what stands below %%, so its cells begin with
that; Python's are what a Python author would write.
"""


class Go:
    """Interleave and gophernotes."""
    comment = "//"
    fresh = None  # run before each program
    setup = "import \"fmt\"\nvar x int"
    trivial = "x++\nfmt.Println(x)"
    bare = "x"
    new_import = ["import \"encoding/hex\"\nfmt.Println(hex.EncodeToString([]byte(\"a\")))",
                  "import \"container/heap\"\nfmt.Println(heap.Init != nil)",
                  "import \"text/tabwriter\"\nfmt.Println(tabwriter.AlignRight)"]
    fib = "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfmt.Println(fib(32))"
    stream = "import \"time\"\nfmt.Println(\"begin\")\ntime.Sleep(300 * time.Millisecond)\nfmt.Println(\"end\")"
    flood = "for i := 0; i < 100000; i++ { fmt.Println(\"line\", i) }"
    spin = "for { }"
    complete = ("import \"strings\"\nstrings.Rep", "Repeat")
    inspect = ("import \"strings\"\nstrings.Repeat", "Repeat")
    state = ("kept := 41", "fmt.Println(kept + 1)")
    late = "import \"time\"\ngo func() { time.Sleep(300 * time.Millisecond); fmt.Println(\"late\") }()"
    after = "y := 1"
    complete_code = [("x := 1", "complete"), ("func f() {", "incomplete"), ("f(1,", "incomplete"), ("x := )", "invalid"),
                     ("type t struct {\n\ta int", "incomplete"), ("", "complete"), ("for i := 0; i < 3; i++ {\n\tf(i)\n}", "complete"),
                     ("s := `raw", "incomplete"), ("// note", "complete"), ("if x > 1 {", "incomplete")]
    crashes = {
        "a panic": "panic(\"boo\")",
        "a nil map": "var m map[string]int\nm[\"a\"] = 1",
        "a panic in a goroutine": "import \"time\"\ngo func() { panic(\"boo\") }()\ntime.Sleep(200 * time.Millisecond)",
        "os.Exit(3)": "import \"os\"\nos.Exit(3)",
        "log.Fatal": "import \"log\"\nlog.Fatal(\"end\")",
        "runtime.Goexit": "import \"runtime\"\nruntime.Goexit()",
        "a stack overflow": "func deep(n int) int { return deep(n+1) + 1 }\ndeep(0)",
        "an unlocked mutex unlocked": "import \"sync\"\nvar mu sync.Mutex\nmu.Unlock()",
        "a deadlock": "import \"sync\"\nvar wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
        "concurrent map writes": "import \"time\"\nmm := map[int]int{}\nfor g := 0; g < 8; g++ { go func() { for { mm[1] = 1 } }() }\ntime.Sleep(time.Second)",
    }

    def program(self, source):
        return source


class Gophernotes(Go):
    def program(self, source):
        """A package clause is kept and main is not called there."""
        return source.replace("package main\n", "", 1) + "\nmain()"


class Gonb(Go):
    fresh = "%reset"  # declarations of the program before would clash
    setup = "import \"fmt\"\nvar x int"
    trivial = "%%\nx++\nfmt.Println(x)"
    bare = None
    new_import = ["%%\nfmt.Println(hex.EncodeToString([]byte(\"a\")))", "%%\nfmt.Println(heap.Init != nil)", "%%\nfmt.Println(tabwriter.AlignRight)"]
    fib = Go.fib.replace("\nfmt.", "\n%%\nfmt.")
    stream = "%%\nfmt.Println(\"begin\")\ntime.Sleep(300 * time.Millisecond)\nfmt.Println(\"end\")"
    flood = "%%\n" + Go.flood
    spin = "%%\nfor { }"
    complete = ("%%\nstrings.Rep", "Repeat")
    inspect = ("%%\nstrings.Repeat", "Repeat")
    state = ("var kept int\n%%\nkept = 41", "%%\nfmt.Println(kept + 1)")
    late = "%%\ngo func() { time.Sleep(300 * time.Millisecond); fmt.Println(\"late\") }()"
    after = "%%\ny := 1\n_ = y"
    crashes = {
        "a panic": "%%\npanic(\"boo\")",
        "a nil map": "%%\nvar m map[string]int\nm[\"a\"] = 1",
        "a panic in a goroutine": "%%\ngo func() { panic(\"boo\") }()\ntime.Sleep(200 * time.Millisecond)",
        "os.Exit(3)": "%%\nos.Exit(3)",
        "log.Fatal": "%%\nlog.Fatal(\"end\")",
        "runtime.Goexit": "%%\nruntime.Goexit()",
        "a stack overflow": "func deep(n int) int { return deep(n+1) + 1 }\n%%\ndeep(0)",
        "an unlocked mutex unlocked": "%%\nvar mu sync.Mutex\nmu.Unlock()",
        "a deadlock": "%%\nvar wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
        "concurrent map writes": "%%\nmm := map[int]int{}\nfor g := 0; g < 8; g++ { go func() { for { mm[1] = 1 } }() }\ntime.Sleep(time.Second)",
    }

    def program(self, source):
        return source.replace("package main\n", "", 1)


class Python:
    comment = "#"
    setup = "x = 0"
    trivial = "x += 1\nprint(x)"
    bare = "x"
    new_import = ["import wave\nprint(wave.Error)", "import sched\nprint(sched.scheduler)", "import netrc\nprint(netrc.netrc)"]
    fib = "def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)\nprint(fib(32))"
    stream = "import time\nprint('begin')\ntime.sleep(.3)\nprint('end')"
    flood = "for i in range(100000): print('line', i)"
    spin = "while True: pass"
    complete = ("'abc'.startsw", "startswith")
    inspect = ("print", "print")
    state = ("kept = 41", "print(kept + 1)")
    late = "import threading, time\ndef f():\n    time.sleep(.3); print('late')\nthreading.Thread(target=f).start()"
    after = "y = 1"
    complete_code = [("x = 1", "complete"), ("def f():", "incomplete"), ("f(1,", "incomplete"), ("x = )", "invalid"),
                     ("class t:", "incomplete"), ("", "complete"), ("for i in range(3):\n    f(i)\n\n", "complete"),
                     ("s = '''raw", "incomplete"), ("# note", "complete"), ("if x > 1:", "incomplete")]
    crashes = {
        "a panic": "raise Exception('boo')",
        "a nil map": "None['a'] = 1",
        "a panic in a goroutine": "import threading, time\ndef f(): raise Exception('boo')\nthreading.Thread(target=f).start()\ntime.sleep(.2)",
        "os.Exit(3)": "import os\nos._exit(3)",
        "log.Fatal": "import sys\nsys.exit(1)",
        "a stack overflow": "def deep(n): return deep(n+1) + 1\ndeep(0)",
        "an unlocked mutex unlocked": "import threading\nthreading.Lock().release()",
        "a deadlock": "import threading\nt = threading.Lock(); t.acquire(); t.acquire()",
    }

    program = None


DIALECTS = {"interleave": Go(), "gophernotes": Gophernotes(), "gonb": Gonb(), "python3": Python()}


def dialect(kernel):
    return next((d for name, d in DIALECTS.items() if kernel.startswith(name)), DIALECTS["interleave"])
