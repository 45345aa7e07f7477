"""PostgreSQL, Redis and files."""

import asyncio
import concurrent.futures
import threading
import zlib

pool = None  # of connections, by asyncpg
cache = None  # client of Redis
own = threading.local()  # the connection of each thread

LOOKUP = "SELECT value FROM interleave_twins WHERE id = {}"
SLOW = "SELECT value FROM interleave_twins WHERE id = {} AND pg_sleep(0.01) IS NOT NULL"


async def shared(keys, workers, one):
    """The sum of one(key) for all keys, by so many workers at once."""
    rest = iter(keys)

    async def work():
        total = 0
        for key in rest:
            total += await one(key)
        return total

    return sum(await asyncio.gather(*(work() for _ in range(workers))))


async def lookups(url, keys, workers, slow=False):
    import asyncpg

    global pool
    if pool is None:
        pool = await asyncpg.create_pool(url, min_size=workers, max_size=workers)
    query = (SLOW if slow else LOOKUP).format("$1")

    async def one(key):
        async with pool.acquire() as connection:
            return await connection.fetchval(query, key)

    return await shared(keys, workers, one)


threads = None  # workers, each with a connection of its own


def lookups_threads(url, keys, workers, slow=False):
    import psycopg2

    global threads
    if threads is None:
        threads = concurrent.futures.ThreadPoolExecutor(workers)
    query = (SLOW if slow else LOOKUP).format("%s")

    def one(key):
        if not hasattr(own, "connection"):
            own.connection = psycopg2.connect(url)
            own.connection.autocommit = True
        with own.connection.cursor() as cursor:
            cursor.execute(query, (key,))
            return cursor.fetchone()[0]

    return sum(threads.map(one, keys))


def client(url):
    import redis.asyncio

    global cache
    if cache is None:
        cache = redis.asyncio.Redis.from_url(url)
    return cache


async def get_in_turn(url, keys):
    c = client(url)
    total = 0
    for key in keys:
        total += int(await c.get(key))
    return total


async def get_at_once(url, keys, workers):
    c = client(url)

    async def one(key):
        return int(await c.get(key))

    return await shared(keys, workers, one)


async def get_in_pipeline(url, keys):
    p = client(url).pipeline(transaction=False)
    for key in keys:
        p.get(key)
    return sum(map(int, await p.execute()))


def read_files(paths):
    total = 0
    for path in paths:
        with open(path, "rb") as f:
            total += zlib.crc32(f.read())
    return total


async def read_files_async(paths, workers):
    import aiofiles

    async def one(path):
        async with aiofiles.open(path, "rb") as f:
            return zlib.crc32(await f.read())

    return await shared(paths, workers, one)


async def close():
    if pool is not None:
        pool.terminate()
    if cache is not None:
        await cache.aclose()
    if threads is not None:
        threads.shutdown()
