"""What an author waits for, through a real Jupyter client: several kernels in
one run, rounds interleaved, medians and ratios.

    python3 bench/kernels/latency.py interleave [gonb ...] [--rounds 20]

Each name is an installed kernelspec. Needs jupyter_client.
"""
import argparse
import json
import os
import queue
import statistics
import sys
import time

from jupyter_client.manager import KernelManager

TRIVIAL = {"interleave": ("x := 0", "x++\nfmt.Println(x)"),
           "gonb": ("import \"fmt\"\nvar x int", "%%\nx++\nfmt.Println(x)"),
           "gophernotes": ("import \"fmt\"\nx := 0", "x++\nfmt.Println(x)"),
           "python3": ("x = 0", "x += 1\nprint(x)")}
FIB = {"interleave": "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfib(32)",
       "gonb": "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\n%%\nfmt.Println(fib(32))",
       "gophernotes": "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfib(32)",
       "python3": "def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)\nfib(32)"}
FLOOD = {"interleave": "for i := range 100_000 { fmt.Println(\"line\", i) }",
         "gonb": "%%\nfor i := range 100_000 { fmt.Println(\"line\", i) }",
         "gophernotes": "for i := 0; i < 100000; i++ { fmt.Println(\"line\", i) }",
         "python3": "for i in range(100000): print('line', i)"}
TIMEOUT = 30  # seconds


class Kernel:
    def __init__(self, name):
        self.name = name
        self.manager = KernelManager(kernel_name=name)
        start = time.perf_counter()
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.kernel_info(reply=True, timeout=120)
        self.start_ms = 1e3 * (time.perf_counter() - start)
        self.client.wait_for_ready(timeout=120)

    def run(self, code):
        """Milliseconds from request to reply, and to the first output."""
        start = time.perf_counter()
        request = self.client.execute(code)
        first = reply = None
        idle = False
        chars = 0
        while reply is None or not idle:
            if time.perf_counter() - start > TIMEOUT:
                raise TimeoutError(f"{self.name}: no answer to {code!r} in {TIMEOUT} s")
            if reply is None and self.client.shell_channel.msg_ready():
                message = self.client.get_shell_msg(timeout=60)
                if message["parent_header"].get("msg_id") == request:
                    reply = 1e3 * (time.perf_counter() - start)
                    if message["content"]["status"] != "ok":
                        raise RuntimeError(f"{self.name}: {message['content']}")
                continue
            try:
                message = self.client.get_iopub_msg(timeout=0.0005 if reply is None else 0.05)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] in ("stream", "execute_result", "display_data"):
                first = first or 1e3 * (time.perf_counter() - start)
                chars += len(message["content"].get("text", ""))
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                idle = True
        done = 1e3 * (time.perf_counter() - start)
        return {"reply": reply, "first": first, "done": done, "chars": chars}

    def complete(self, code):
        start = time.perf_counter()
        self.client.complete(code, reply=True, timeout=TIMEOUT)
        return 1e3 * (time.perf_counter() - start)

    def memory_mb(self):
        """Proportional set size of the kernel and its children."""
        def children(pid):
            yield pid
            for task in os.listdir(f"/proc/{pid}/task"):
                for child in open(f"/proc/{pid}/task/{task}/children").read().split():
                    yield from children(child)
        total = 0
        for pid in set(children(str(self.manager.provisioner.pid))):
            for line in open(f"/proc/{pid}/smaps_rollup"):
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def kind(name):
    return next((k for k in TRIVIAL if name.startswith(k)), "interleave")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kernels", nargs="+")
    parser.add_argument("--rounds", type=int, default=20)
    args = parser.parse_args()
    kernels = [Kernel(name) for name in args.kernels]
    silent = {k.name: set() for k in kernels}
    rows = {k.name: {"start to first reply": [k.start_ms], "memory at start, MB": [k.memory_mb()]} for k in kernels}

    def note(kernel, measure, f):
        """Adds f(), unless the kernel has not answered; it is not asked again."""
        if measure in silent[kernel.name]:
            return
        try:
            rows[kernel.name].setdefault(measure, []).append(f())
        except (TimeoutError, queue.Empty, RuntimeError) as e:
            print(f"{kernel.name}: {measure}: {e}", file=sys.stderr)
            silent[kernel.name].add(measure)

    for kernel in kernels:
        kernel.run(TRIVIAL[kind(kernel.name)][0])
        for _ in range(3):
            kernel.run(TRIVIAL[kind(kernel.name)][1])
    for _ in range(args.rounds):
        for kernel in kernels:
            trivial = TRIVIAL[kind(kernel.name)][1]
            note(kernel, "trivial cell, reply", lambda: kernel.run(trivial)["reply"])
            note(kernel, "trivial cell, first output", lambda: kernel.run(trivial)["first"])
            if kind(kernel.name) != "gonb":
                note(kernel, "bare variable, reply", lambda: kernel.run("x")["reply"])
    for _ in range(max(3, args.rounds // 4)):
        for kernel in kernels:
            note(kernel, "fib(32), whole cell", lambda: kernel.run(FIB[kind(kernel.name)])["reply"])
            note(kernel, "100k lines, to idle", lambda: kernel.run(FLOOD[kind(kernel.name)])["done"])
            note(kernel, "completion", lambda: kernel.complete("strings.Rep"))
    base = kernels[0].name
    measures = list(rows[base])
    print("| median, ms | " + " | ".join(k.name for k in kernels) + " |")
    print("|---" * (len(kernels) + 1) + "|")
    for m in measures:
        cells = []
        for k in kernels:
            if not rows[k.name].get(m) or not rows[base].get(m):
                cells.append("-")
                continue
            value, mine = statistics.median(rows[k.name][m]), statistics.median(rows[base][m])
            cells.append(f"{value:.1f}" + ("" if k.name == base else f" ({value / mine:.1f}x)"))
        print(f"| {m} | " + " | ".join(cells) + " |")
    print(json.dumps({k.name: {m: statistics.median(v) for m, v in rows[k.name].items()} for k in kernels}))
    for k in kernels:
        k.close()


if __name__ == "__main__":
    main()
