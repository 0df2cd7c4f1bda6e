"""What is done to the daemon. A phase takes it and a source of random numbers, and returns the frames it sent."""
import contextlib
import os
import signal
import socket
import time

from ..wire import IN, OUT, run

BAD_REQUESTS = [b"", b"\xff" * 2_000, b"x" * 100_000, b'{"version":1', b'{"version":1,"call":"stats"}\n' * 50]
THROW_LENGTH, STALL_LENGTH = 301, 302  # FaultyHandler's
RETURN_SECONDS = 5


def idle(subject, random):
    time.sleep(3)
    return 0


def steady(subject, random):
    rate = random.choice([5_000, 20_000, 50_000, 100_000])
    return subject.send(rate * 3, random.choice([60, 200, 600, 1_514]), rate)


def bursts(subject, random):
    sent = 0
    for _ in range(6):
        sent += subject.send(random.randrange(1_000, 30_000), 200)
        time.sleep(random.uniform(0.05, 0.4))
    return sent


def throws(subject, random):
    return subject.send(20_000, THROW_LENGTH, 20_000)


def stalls(subject, random):
    return subject.send(4, STALL_LENGTH, 1_000) + subject.send(30_000, 200, 20_000)


def link(subject, random):
    """Down and up, on either side."""
    end = random.choice([IN, OUT])
    sent = subject.send(5_000, 200, 20_000)
    subject.settle()
    for state in ("down", "up"):
        command = f"ip link set {end} {state}"
        run(*(subject.wire.inside(command) if end == IN else command.split()))
        time.sleep(0.5)
    return sent + subject.send(5_000, 200, 20_000)


def removed(subject, random):
    """The interface goes, and comes back under its name."""
    sent = subject.send(5_000, 200, 20_000)
    subject.settle()
    run("ip", "link", "del", OUT)
    time.sleep(1)
    subject.wire.fresh()
    subject.await_state("running", RETURN_SECONDS)
    return sent + subject.send(5_000, 200, 20_000)


def reloads(subject, random):
    """Good ones that change a filter, the beacon's pace, or nothing; bad ones, which must be refused; under load."""
    with subject.sending() as stop:
        for _ in range(10):
            subject.reload(filter=random.choice(["", "udp", "ip"]), every=random.choice(["100 ms", "50 ms"]))
            subject.reload(expect_refusal=True, more="nonsense = 1\n")
        subject.reload()
        sent, _ = stop()
    return sent


def hangups(subject, random):
    """SIGHUP again and again, faster than it can be done."""
    subject.reload()  # a version that cannot would end by the first
    with subject.sending() as stop:
        for _ in range(50):
            os.kill(subject.daemon.java(), signal.SIGHUP)
            time.sleep(0.02)
        sent, _ = stop()
    return sent


def abuse(subject, random):
    """The control socket: clients that say nothing, nonsense, too much, half of it, or nothing more."""
    with subject.sending() as stop, contextlib.ExitStack() as clients:
        for n in range(200):
            with contextlib.suppress(OSError):
                client = clients.enter_context(socket.socket(socket.AF_UNIX))
                client.settimeout(1)
                client.connect(f"{subject.home}/control")
                client.send(BAD_REQUESTS[n % len(BAD_REQUESTS)])
                if n % 3 == 0:
                    client.shutdown(socket.SHUT_WR)
            time.sleep(0.01)
        sent, _ = stop()
    subject.await_room()
    return sent


def scrapes(subject, random):
    for _ in range(10):
        subject.daemon.scrape()
    return subject.send(20_000, 200, 20_000)


def killed(subject, random):
    """kill -9, and a start with what it left."""
    subject.send(5_000, 200, 20_000)
    subject.settle()
    os.kill(subject.daemon.java(), signal.SIGKILL)
    subject.start()
    return 0  # the new process has counted none


# In the order that a seed shuffles.
PHASES = {phase.__name__: phase for phase in (
    idle, steady, bursts, throws, stalls, link, removed, reloads, hangups, abuse, scrapes, killed)}
