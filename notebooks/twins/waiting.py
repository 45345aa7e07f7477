"""Work that mostly waits: producers and a consumer, hand-overs, many tasks."""

import asyncio
import gc
import os
import queue
import threading
import time


def nothing():
    """What asking costs by itself."""
    return 0


async def produce_and_consume(making, consuming):
    """Each list of making is a producer's delays in seconds; consuming is the
    delay of the one consumer. Returns the number of items consumed."""
    items = asyncio.Queue()

    async def produce(delays):
        for d in delays:
            await asyncio.sleep(d)
            await items.put(d)

    async def consume(n):
        for _ in range(n):
            await items.get()
            await asyncio.sleep(consuming)
        return n

    results = await asyncio.gather(consume(sum(map(len, making))), *map(produce, making))
    return results[0]


def produce_and_consume_trio(making, consuming):
    import math

    import trio

    async def main():
        send, receive = trio.open_memory_channel(math.inf)
        n = sum(map(len, making))

        async def produce(delays):
            for d in delays:
                await trio.sleep(d)
                await send.send(d)

        async def consume():
            for _ in range(n):
                await receive.receive()
                await trio.sleep(consuming)

        async with trio.open_nursery() as nursery:
            for delays in making:
                nursery.start_soon(produce, delays)
            nursery.start_soon(consume)
        return n

    return trio.run(main)


def produce_and_consume_threads(making, consuming):
    items = queue.Queue()
    n = sum(map(len, making))

    def produce(delays):
        for d in delays:
            time.sleep(d)
            items.put(d)

    def consume():
        for _ in range(n):
            items.get()
            time.sleep(consuming)

    threads = [threading.Thread(target=produce, args=(delays,)) for delays in making]
    threads.append(threading.Thread(target=consume))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return n


async def hand_over(producers, each):
    """Producers put numbers into a queue, yielding after each; a consumer sums
    them up."""
    items = asyncio.Queue()

    async def produce():
        for i in range(each):
            await items.put(i)
            await asyncio.sleep(0)

    async def consume():
        total = 0
        for _ in range(producers * each):
            total += await items.get()
        return total

    results = await asyncio.gather(consume(), *(produce() for _ in range(producers)))
    return results[0]


async def spawn(n):
    """Starts n tasks that all wait, then lets them end."""
    end = asyncio.Event()
    tasks = [asyncio.create_task(end.wait()) for _ in range(n)]
    await asyncio.sleep(0)  # they run until they wait
    end.set()
    await asyncio.gather(*tasks)
    return n


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def bytes_of_a_task(n):
    """How much the process grows by a task that waits."""
    gc.collect()
    before = resident()
    end = asyncio.Event()
    tasks = [asyncio.create_task(end.wait()) for _ in range(n)]
    await asyncio.sleep(0)
    each = (resident() - before) / n
    end.set()
    await asyncio.gather(*tasks)
    return each
