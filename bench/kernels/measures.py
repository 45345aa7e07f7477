"""What is measured of each kernel. A measure returns a number of its unit, or
a text; it raises when the kernel does not answer."""
import functools
import os
import subprocess
import threading
import time

from client import Failed, Silent

PROGRAMS = os.path.join(os.path.dirname(__file__), "../../kernel/engine/enginetest/testdata/programs")
# Those that end by themselves, print what they print each time and take below
# a second: what is compared is the language.
LANGUAGE = """arith assertions bst calc channels closures embed fizz format generics graph initorder iota
life maps matrix methods pipeline primes queens rangefunc reflectall slices sorting stringsall structs syncs
templates visitor wordfreq""".split()


def trivial(k, d):
    return k.good(d.trivial)["reply"]


def bare(k, d):
    if d.bare is None:
        return None
    return k.good(d.bare)["reply"]


def fib(k, d):
    return k.good(d.fib)["reply"]


def flood(k, d):
    r = k.good(d.flood)
    lines = r["text"].count("\n")
    if lines < 100_000:
        raise Failed(f"{100_000 - lines} of 100,000 lines were not shown")
    return r["done"]


def first_output(k, d):
    return k.good(d.stream)["first"]


def complete(k, d):
    code, want = d.complete
    ms, reply = k.ask("complete", code)
    if not any(want in m for m in reply.get("matches", [])):
        raise Failed(f"{want} is not among the {len(reply.get('matches', []))} matches")
    return ms


def inspect(k, d):
    code, want = d.inspect
    ms, reply = k.ask("inspect", code, len(code))
    if not reply.get("found") or want not in str(reply.get("data")):
        raise Failed("nothing was found")
    return ms


def interrupt(k, d):
    """Milliseconds from the interrupt to the reply; the session must live on."""
    k.good(d.state[0])
    at = []

    def act():
        def later():
            time.sleep(0.5)
            at.append(time.perf_counter())
            k.interrupt()
        threading.Thread(target=later).start()
    start = time.perf_counter()
    r = k.run(d.spin, act=act)
    ms = r["reply"] - 1e3 * (at[0] - start)
    return ms


def state_after_interrupt(k, d):
    interrupt(k, d)
    return "yes" if "42" in k.run(d.state[1])["text"] else "no"


def is_complete(k, d):
    right = 0
    for code, want in d.complete_code:
        try:
            right += k.ask("is_complete", code)[1].get("status") == want
        except Silent:
            return f"0 of {len(d.complete_code)} (no reply)"
    return f"{right} of {len(d.complete_code)}"


def state(k, d):
    k.good(d.state[0])
    return "yes" if "42" in k.run(d.state[1])["text"] else "no"


def late(k, d):
    """Output of a goroutine that outlives its cell."""
    r = k.good(d.late)
    k.run(d.after)
    return "yes" if "late" in r["text"] + k.late(r["request"], 1) else "no"


def crash(k, d, code):
    """Whether the kernel survives, and whether its state does."""
    try:
        k.good(d.state[0])
        k.run(code, act=after(4, k.interrupt), timeout=15)
        return True, "42" in k.run(d.state[1])["text"]
    except (Silent, Failed):
        k.restart()
        return False, False


def after(seconds, f):
    """Calls f some time after it is acted on: what hangs is interrupted."""
    return lambda: threading.Timer(seconds, f).start()


def crashes(k, d):
    ends = [crash(k, d, code) for code in d.crashes.values()]
    return f"{sum(alive for alive, _ in ends)} of {len(ends)}, {sum(state for _, state in ends)} with state"


def language(k, d):
    """Programs that print what they print with go run."""
    if d.program is None:
        return None
    right, wrong = 0, []
    for name in LANGUAGE:
        path = os.path.join(PROGRAMS, name + ".go")
        with open(path) as f:
            source = f.read()
        want = go_run(path)
        try:
            if d.fresh:
                k.run(d.fresh)
            ok = k.run(d.program(source))["text"] == want
        except Silent:
            ok = False
            k.restart()
        right += ok
        if not ok:
            wrong.append(name)
    return f"{right} of {len(LANGUAGE)}"


@functools.cache
def go_run(path):
    return subprocess.run(["go", "run", path], capture_output=True, text=True, check=True).stdout


def memory_after(cells):
    """MB of kernel and children after a number of trivial cells."""
    def measure(k, d):
        k.restart()
        k.run(d.setup)
        for _ in range(cells):
            k.run(d.trivial)
        return k.memory_mb()
    return measure
