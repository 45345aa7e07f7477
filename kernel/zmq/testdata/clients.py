"""Clients of libzmq for the tests: clients.py TEST ARGUMENT...

A client prints a line when the test may go on, reads one from standard input
when it has to wait for the test, and exits with a traceback if it got anything
but what it should.
"""

import os
import struct
import sys

import zmq

PATIENCE = 60_000  # ms
ctx = zmq.Context()


def connect(kind, endpoint, **options):
    s = ctx.socket(kind)
    s.linger = 0
    s.rcvtimeo = s.sndtimeo = PATIENCE
    for name, value in options.items():
        setattr(s, name, value)
    s.connect(endpoint)
    return s


def subscriber(endpoint, topic=b"", **options):
    s = connect(zmq.SUB, endpoint, rcvhwm=0, **options)
    s.subscribe(topic)
    return s


def say(line):
    print(line, flush=True)


def wait():
    if not sys.stdin.readline():
        sys.exit("the test has gone")


def equal(got, want):
    assert got == want, f"got {got!r:.300}, want {want!r:.300}"


def echo(endpoint, rounds):
    """Three DEALERs get their own messages back, and a REQ; and 20 MB."""
    rounds = int(rounds)
    clients = [
        connect(zmq.DEALER, endpoint, identity=b"a", sndhwm=0, rcvhwm=0),
        connect(zmq.DEALER, endpoint, identity=b"b" * 255, sndhwm=0, rcvhwm=0),
        connect(zmq.DEALER, endpoint, sndhwm=0, rcvhwm=0),
    ]

    def message(i, n):
        return [b"<IDS|MSG>", b"%d-%d" % (i, n), b"", b"x" * (n % 600)]

    for n in range(rounds):
        for i, c in enumerate(clients):
            c.send_multipart(message(i, n))
    for n in range(rounds):
        for i, c in enumerate(clients):
            equal(c.recv_multipart(), message(i, n))
    big = [b"", os.urandom(20_000_000), b""]
    clients[0].send_multipart(big)
    equal(clients[0].recv_multipart(), big)
    req = connect(zmq.REQ, endpoint)
    req.send_multipart([b"hello", b""])
    equal(req.recv_multipart(), [b"hello", b""])


def duplicate(endpoint):
    """Of two with one identity the second is served when the first has left."""
    first = connect(zmq.DEALER, endpoint, identity=b"me")
    first.send(b"first")
    equal(first.recv(), b"first")
    second = connect(zmq.DEALER, endpoint, identity=b"me")
    second.send(b"second")
    say("refused?")
    wait()
    first.send(b"again")
    equal(first.recv(), b"again")
    first.close()
    equal(second.recv(), b"second")


def count(endpoint, n, sizes):
    """Gets n numbered messages, in order, of one of the sizes; then the end."""
    n, sizes = int(n), [int(s) for s in sizes.split(",")]
    s = subscriber(endpoint)
    equal(s.recv_multipart(), [b"welcome"])
    say("ready")
    for i in range(n):
        topic, body = s.recv_multipart()
        equal(topic, b"topic")
        equal(struct.unpack(">Q", body[:8])[0], i)
        equal(len(body), sizes[i % len(sizes)])


def stopped(endpoint):
    """Subscribes; the test stops the process."""
    s = subscriber(endpoint)
    equal(s.recv_multipart(), [b"welcome"])
    say("ready")
    while True:
        s.recv_multipart()


def topics(endpoint):
    """Subscriptions come and go."""
    s = subscriber(endpoint, b"kernel")
    equal(s.recv_multipart(), [b"kernel", b"welcome"])
    s.subscribe(b"other")
    equal(s.recv_multipart(), [b"other", b"welcome"])
    s.unsubscribe(b"kernel")
    say("unsubscribed")
    wait()
    equal(s.recv_multipart(), [b"other", b"news"])


def cycles(router, xpub, rep, n):
    """Connects and leaves n times."""
    for _ in range(int(n)):
        d = connect(zmq.DEALER, router)
        s = subscriber(xpub)
        h = connect(zmq.REQ, rep)
        d.send(b"q")
        equal(d.recv(), b"q")
        h.send(b"p")
        equal(h.recv(), b"p")
        equal(s.recv_multipart(), [b"welcome"])
        for x in (d, s, h):
            x.close()


def busy(router, xpub):
    """Talks until it is killed."""
    d, s = connect(zmq.DEALER, router), subscriber(xpub)
    said = False
    while True:
        d.send_multipart([b"x" * 1000, b"y" * 100_000])
        d.recv_multipart()
        if not said:
            say("ready")
            said = True


def heartbeat(endpoint):
    """REQ with all shapes of messages, after a DEALER without delimiter."""
    connect(zmq.DEALER, endpoint).send(b"no delimiter")
    s = connect(zmq.REQ, endpoint)
    for m in ([b"ping"], [b""], [b"a", b"", b"c"], [b"", b""], [b"x" * 100_000]):
        for _ in range(100):
            s.send_multipart(m)
            equal(s.recv_multipart(), m)


def pings(router, xpub):
    """Heartbeats of ZMTP: no disconnect, and nothing but messages received."""
    beat = dict(heartbeat_ivl=10, heartbeat_ttl=60_000, heartbeat_timeout=60_000)
    d = connect(zmq.DEALER, router, identity=b"me", **beat)
    s = subscriber(xpub, **beat)
    monitors = [x.get_monitor_socket(zmq.EVENT_DISCONNECTED) for x in (d, s)]
    equal(s.recv_multipart(), [b"welcome"])
    for _ in range(50):
        d.send(b"x")
        equal(d.recv_multipart(), [b"x"])
        equal([m.poll(10) for m in monitors], [0, 0])
    equal(d.poll(0), 0)
    equal(s.poll(0), 0)


def reconnect(endpoint):
    """Finds a new server at the same address."""
    d = connect(zmq.DEALER, endpoint, identity=b"me")
    d.send(b"1")
    equal(d.recv(), b"1")
    say("served")
    wait()
    d.send(b"2")
    equal(d.recv(), b"2")


def latency(endpoint, n):
    """n round trips of a message like Jupyter's."""
    d = connect(zmq.DEALER, endpoint)
    m = [b"<IDS|MSG>", b"h" * 64, b"x" * 200, b"{}", b"{}", b"y" * 300]
    d.send_multipart(m)
    d.recv_multipart()
    say("ready")
    wait()
    for _ in range(int(n)):
        d.send_multipart(m)
        d.recv_multipart()
    say("done")


def sink(endpoint):
    """Takes messages until one says that it was the last."""
    s = subscriber(endpoint)
    equal(s.recv_multipart(), [b"welcome"])
    say("ready")
    while s.recv_multipart() != [b"last"]:
        pass
    say("done")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    ctx.destroy(linger=0)
