"""The daemon that is soaked: its configuration, its start, and the questions that wait for an answer."""
import contextlib
import time

from ..daemon import Daemon
from ..programs import ROOT
from ..run import Failed
from ..wire import IN

CONFIG = """
[[capture]]
name = "soak"
interface = "{interface}"
filter = "{filter}"
[[worker]]
name = "count"
threads = 2
[[worker.handler]]
type = "count"
[[worker.handler]]
type = "flows"
memory = "32 MiB"
idle = "5 s"
active = "20 s"
file = "{home}/flows.jsonl"
[[worker]]
name = "record"
[[worker.handler]]
type = "record"
folder = "{home}/record"
file-size = "4 MiB"
keep-files = 5
[[worker]]
name = "faulty"
delivery = "detach"
queue = "4 MiB"
[[worker.handler]]
type = "io.ringtap.bench.FaultyHandler"
[[inject]]
name = "beacon"
interface = "{interface}"
every = "{every}"
[inject.frame]
destination = "02:00:5e:00:53:02"
payload = "01 02 03 04"
[control]
socket = "{home}/control"
[metrics]
listen = "127.0.0.1:{port}"
"""
PORT = 9464
SOURCE = "mmsggen"
SETTLE_SECONDS = 20


class Subject:
    """For one `with`. `daemon` is the process that runs now."""

    def __init__(self, wire, home):
        self.wire, self.home = wire, home
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def configure(self, filter="", every="100 ms", more=""):
        text = CONFIG.format(interface=IN, filter=filter, every=every, home=self.home, port=PORT) + more
        with open(f"{self.home}/ringtap.toml", "w") as file:
            file.write(text)

    def start(self):
        """A new process, in place of the one that runs."""
        self.configure()
        self.stack.close()
        command = f"{ROOT}/ringtap run --config {self.home}/ringtap.toml"
        self.daemon = self.stack.enter_context(Daemon(self.wire, command, self.home, PORT))
        self.daemon.await_ready()

    def send(self, count, length, rate=0):
        self.wire.send(SOURCE, count, length, rate)
        return count

    def sending(self):
        """Until it is stopped: 20,000 frames of 200 bytes a second."""
        return self.wire.sending(SOURCE, 1_000_000, 200, 20_000)

    def reload(self, expect_refusal=False, **changes):
        self.configure(**changes)
        try:
            self.daemon.ask("reload")
        except Failed as e:
            if not expect_refusal:
                raise
            if "nonsense" not in str(e):
                raise Failed(f"a bad file's error does not name what is wrong: {e}") from None
            return
        if expect_refusal:
            raise Failed("a bad file was taken")

    def await_room(self):
        """Until the control socket, whose clients have been closed, takes one again."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            try:
                return self.daemon.ask("stats")
            except Failed as e:
                if "clients already" not in str(e) or time.monotonic() > deadline:
                    raise
            time.sleep(0.05)

    def await_state(self, state, seconds):
        deadline = time.monotonic() + seconds
        while self.daemon.counts()["state"] != state:
            if time.monotonic() > deadline:
                raise Failed(f"not {state} again within {seconds} s, but {self.daemon.counts()['state']}")
            time.sleep(0.05)

    def settle(self):
        """The counts, when nothing is under way any more."""
        deadline = time.monotonic() + SETTLE_SECONDS
        last = None
        while True:
            counts = self.daemon.counts()
            quiet = counts["in_flight"] == 0 and last and counts["received"] == last["received"]
            if quiet or time.monotonic() > deadline:
                return counts
            last = counts
            time.sleep(0.3)
