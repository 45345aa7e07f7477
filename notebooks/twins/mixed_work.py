"""The three kinds of work, each where unsync puts it."""

import asyncio

from unsync import unsync

import compute
import web


@unsync(cpu_bound=True)
def computed(n, scale):
    return compute.roots(n, scale)


@unsync
async def downloaded(url):
    await web.open_session()
    return await web.title(url)


@unsync
async def waited(naps):
    for _ in range(naps):
        await asyncio.sleep(0.001)
    return naps


def run(parts, scale, urls, waits, naps):
    """Each number of parts is computed by itself. Returns the sum of what was
    computed, of the lengths of the titles and of all naps."""
    computing = [computed(n, scale) for n in parts]
    rest = [downloaded(url) for url in urls] + [waited(naps) for _ in range(waits)]
    total = sum(task.result() for task in computing)
    for task in rest:
        result = task.result()
        total += len(result) if isinstance(result, str) else result
    return total


@unsync
async def closed():
    await web.close()


def close():
    closed().result()  # in the loop that the session belongs to
