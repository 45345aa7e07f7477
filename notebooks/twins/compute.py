"""Work that computes, and work of all three kinds at once."""

import math
import os
import sys

sys.path.append(os.path.join(sys.prefix, "kernel"))  # where make twins builds it
try:
    import kernel as compiled
except ImportError:
    compiled = None


def roots(n, scale):
    """A sum of square roots; all whole numbers but the sum."""
    total = 0.0
    for i in range(n):
        d = i - scale
        total += math.sqrt(1 + d * d)
    return total


def roots_compiled(n, scale):
    return compiled.roots(n, scale)


mixed_work = None


def mixed(parts, scale, urls, waits, naps):
    """Computing in processes, downloads and naps in an event loop, by unsync."""
    global mixed_work
    if mixed_work is None:
        import mixed_work
    return mixed_work.run(parts, scale, urls, waits, naps)


def close():
    if mixed_work is not None:
        mixed_work.close()
