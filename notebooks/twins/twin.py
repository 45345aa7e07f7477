"""The Python side of notebook 70: does what it is asked, one line at a time.

    twin.py asyncio | uvloop | trio | threads

Reads requests from standard input, one JSON object on a line
({"do": "name", "with": {arguments}}), and answers each with one
({"result": ...} or {"error": "..."}). Its first line says which Python this is
and which packages it has. It ends when its input does.
"""

import asyncio
import importlib.metadata
import json
import platform
import sys

import compute
import stores
import waiting
import web

PACKAGES = ("aiofiles", "aiohttp", "asyncpg", "beautifulsoup4", "psycopg2-binary", "redis", "trio", "unsync", "uvloop")


def versions():
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    if compute.compiled is not None:
        found["Cython"] = compute.compiled.version()
    return found


def loop_factory(kind):
    if kind == "uvloop":
        import uvloop

        return uvloop.new_event_loop
    return None


def answer(runner, kind, request):
    for module in (waiting, web, stores, compute):
        f = getattr(module, f"{request['do']}_{kind}", None) or getattr(module, request["do"], None)
        if f is not None:
            break
    else:
        raise LookupError(f"nothing here is called {request['do']}")
    result = f(**(request.get("with") or {}))
    return runner.run(result) if asyncio.iscoroutine(result) else result


def main(kind):
    print(json.dumps({"python": platform.python_version(), "packages": versions()}), flush=True)
    with asyncio.Runner(loop_factory=loop_factory(kind)) as runner:
        for line in sys.stdin:
            try:
                reply = {"result": answer(runner, kind, json.loads(line))}
            except Exception as e:
                reply = {"error": f"{type(e).__name__}: {e}"}
            print(json.dumps(reply), flush=True)
        compute.close()  # first: it may have web's session in a loop of its own
        runner.run(web.close())
        runner.run(stores.close())


if __name__ == "__main__":
    main(sys.argv[1])
