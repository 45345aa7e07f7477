"""Interleave and its peers side by side, through a real Jupyter client: the
same cells, rounds interleaved, medians and ratios.

    python3 bench/kernels/sidebyside.py interleave gonb gophernotes python3 \\
        [--rounds 20] [--json FILE] [--markdown FILE]

Each name is an installed kernelspec; the first is what the others are compared
with. What a kernel cannot do or answers wrong is told, and stays in the table.
"""
import argparse
import datetime
import json
import os
import platform
import queue
import statistics
import subprocess
import sys

import measures
from client import Failed, Kernel, Silent
from dialects import dialect

# What is measured in rounds, with its unit, then what is measured once.
TIMES = {
    "trivial cell, reply": measures.trivial,
    "bare variable, reply": measures.bare,
}
SLOW_TIMES = {
    "fib(32), whole cell": measures.fib,
    "first output of a cell that sleeps": measures.first_output,
    "100,000 lines, to idle": measures.flood,
    "completion": measures.complete,
    "inspection": measures.inspect,
    "interrupt of an endless loop, reply": measures.interrupt,
}
ONCE = {
    "values live from cell to cell": measures.state,
    "an interrupt keeps them": measures.state_after_interrupt,
    "late output under its own cell": measures.late,
    "crashes survived": measures.crashes,
    "is_complete right": measures.is_complete,
    "language programs right": measures.language,
    "memory after 30 cells, MB": measures.memory_after(30),
    "memory after 200 cells, MB": measures.memory_after(200),
}


class Table:
    def __init__(self, kernels):
        self.kernels = kernels
        self.values = {k.name: {} for k in kernels}
        self.faults = {k.name: {} for k in kernels}

    def note(self, k, what, f):
        """Adds f's value, unless the kernel has failed at it before."""
        if what in self.faults[k.name]:
            return
        try:
            value = f(k, dialect(k.name))
        except (Silent, Failed, TimeoutError, RuntimeError, queue.Empty) as e:
            print(f"{k.name}: {what}: {e}", file=sys.stderr)
            self.faults[k.name][what] = str(e)
            if isinstance(e, (Silent, RuntimeError)):
                k.restart()
                k.run(dialect(k.name).setup)
            return
        if value is not None:
            self.values[k.name].setdefault(what, []).append(value)

    def cell(self, k, what):
        if what in self.faults[k.name]:
            return "fails"
        values = self.values[k.name].get(what)
        if not values:
            return "-"
        if isinstance(values[0], str):
            return values[0]
        value = statistics.median(values)
        base = self.values[self.kernels[0].name].get(what)
        text = f"{value:.1f}" if value < 10 else f"{value:.0f}"
        if k is self.kernels[0] or not base:
            return text
        ratio = float(f"{value / statistics.median(base):.2g}")
        return f"{text} ({ratio:g}x)"

    def markdown(self, rows):
        names = [title(k) for k in self.kernels]
        lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
        for what in rows:
            lines.append(f"| {what} | " + " | ".join(self.cell(k, what) for k in self.kernels) + " |")
        return "\n".join(lines)


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    go = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True).stdout.strip()
    return {"date": datetime.date.today().isoformat(), "cpu": cpu, "cores": os.cpu_count(), "kernel": platform.release(),
            "go": go, "python": platform.python_version(), "load": os.getloadavg()}


# What stands above the table in the documentation.
PAGE = """# Side by side with other kernels

`make bench` measures this anew, and draws it:

![Medians of the times that a front end waits for, by kernel](kernels.png)

"""


# What people call the kernels whose versions are pinned in bench/peers; gonb
# tells another of itself.
NAMES = {"interleave": "Interleave", "gonb": "gonb 0.11.4", "gophernotes": "gophernotes 0.7.5"}

# Why a kernel is known not to start.
KNOWN = {"gophernotes": 'built with Go 1.26 it panics, "unsupported types.Type: *types.Alias"'}


def title(k):
    """What people call a kernel."""
    return NAMES.get(k.name) or f"{k.info['implementation']} {k.info['implementation_version']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels", nargs="+")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--json", help="write all values to this file")
    parser.add_argument("--markdown", help="write the table to this file")
    args = parser.parse_args()

    here = machine()
    kernels, silent = [], []
    for name in args.kernels:
        try:
            kernels.append(Kernel(name))
        except (TimeoutError, RuntimeError, queue.Empty) as e:
            print(f"{name} does not start: {e}", file=sys.stderr)
            reason = KNOWN.get(name) or (str(e).splitlines()[0] if str(e) else type(e).__name__)
            silent.append(f"{NAMES.get(name, name)} ({reason})")
    table = Table(kernels)
    start, memory = "start to first reply", "memory at start, MB"
    for i in range(args.starts):
        for k in kernels:
            if i > 0:
                k.restart()
            table.values[k.name].setdefault(start, []).append(k.start_ms)
            table.values[k.name].setdefault(memory, []).append(k.memory_mb())
    for k in kernels:
        k.run(dialect(k.name).setup)
        for _ in range(3):
            k.run(dialect(k.name).trivial)
    imports = "cell with a new standard import"
    for i in range(3):
        for k in kernels:
            table.note(k, imports, lambda k, d: k.good(d.new_import[i])["reply"])
    for _ in range(args.rounds):
        for what, f in TIMES.items():
            for k in kernels:
                table.note(k, what, f)
    for _ in range(max(3, args.rounds // 4)):
        for what, f in SLOW_TIMES.items():
            for k in kernels:
                table.note(k, what, f)
    for what, f in ONCE.items():
        for k in kernels:
            table.note(k, what, f)
    here["load after"] = os.getloadavg()

    text = table.markdown([start, memory, imports, *TIMES, *SLOW_TIMES, *ONCE])
    load = f"load {here['load'][0]:.1f} before, {here['load after'][0]:.1f} after"
    text = (f"Medians in milliseconds where no unit stands, and ratios to {title(kernels[0])}; \"fails\": no answer or a "
            f"wrong one.\n{here['date']}, {here['cores']} cores of {here['cpu']}, {here['go']}, "
            f"Python {here['python']}, {load}.\n\n{text}\n")
    if silent:
        text += "\nDid not start: " + ", ".join(silent) + ".\n"
    print(text)
    if args.markdown:
        with open(args.markdown, "w") as f:
            f.write(PAGE + text)
    if args.json:
        with open(args.json, "w") as f:
            json.dump({"machine": here, "kernels": [k.name for k in kernels], "names": {k.name: title(k) for k in kernels},
                       "times": [start, imports, *TIMES, *SLOW_TIMES], "values": table.values, "faults": table.faults}, f, indent=1)
    for k in kernels:
        k.close()


if __name__ == "__main__":
    main()
