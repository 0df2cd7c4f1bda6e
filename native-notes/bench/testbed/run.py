"""One program on one fresh wire: started, given frames, measured, stopped, and its counts read."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from .programs import HANDLERS
from .wire import IN, die_with_parent

TICK = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 60
STOP_SECONDS = 40

# Processor time is counted in ticks of 10 ms or so: below this a figure per frame is noise.
LEAST_SECONDS = 0.1


class Failed(Exception):
    """A program that did not do its part; the measurement goes on without it."""


class Program:
    """For one `with`, on a wire that is fresh. What it prints goes to a file."""

    def __init__(self, wire, name, command):
        self.wire, self.name, self.command = wire, name, command

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="ringtap-bench-")
        self.log = f"{self.folder}/log"
        command = self.command.replace("{if}", IN).replace("{tmp}", self.folder)
        with open(self.log, "w") as log:
            self.started = time.monotonic()
            self.process = subprocess.Popen(
                self.wire.inside(command), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=die_with_parent, env={**os.environ, "RINGTAP_CLASSPATH": HANDLERS})
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def text(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def await_ready(self, pause=0.02):
        """Seconds from its start to the line that says it captures; `ready_ns` is the wall clock just before it."""
        self.ready_ns = time.time_ns()
        while not re.search(r"ready|listening|^File: ", self.text(), re.I | re.M):
            self.ready_ns = time.time_ns()
            if self.process.poll() is not None or time.monotonic() - self.started > READY_SECONDS:
                raise Failed(f"did not get ready: {self.text()[-400:]}")
            time.sleep(pause)
        return time.monotonic() - self.started

    def pids(self):
        pids = [self.process.pid]
        for pid in pids:
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children") as children:
                        pids += map(int, children.read().split())
            except OSError:
                pass  # it has just ended
        return pids

    def cpu_seconds(self):
        ticks = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    fields = stat.read().rsplit(")", 1)[1].split()
                ticks += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return ticks / TICK

    def thread_seconds(self):
        """Processor seconds by thread name, numbers kept: capture-rtb0-0, worker-default-; what is not ours is `jvm`."""
        used = {}
        for pid in self.pids():
            for task in os.listdir(f"/proc/{pid}/task"):
                try:
                    with open(f"/proc/{pid}/task/{task}/stat") as stat:
                        name, fields = stat.read().split("(", 1)[1].rsplit(")", 1)
                    with open(f"/proc/{pid}/task/{task}/schedstat") as schedstat:
                        seconds = int(schedstat.read().split()[0]) / 1e9
                except OSError:
                    continue  # it has just ended
                role = name if re.match("capture-|worker-", name) else "jvm"
                used[(role, task if role != "jvm" else "")] = used.get((role, task if role != "jvm" else ""), 0) + seconds
        return used

    def peak_mib(self):
        peak = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/status") as status:
                    found = re.search(r"VmHWM:\s+(\d+)", status.read())
                peak = max(peak, int(found.group(1)) if found else 0)
            except OSError:
                pass
        return peak / 1024

    def settle(self):
        """Waits until it has handled what came: until it uses no processor any more."""
        last, quiet, deadline = self.cpu_seconds(), 0, time.monotonic() + 15
        time.sleep(0.4)
        while quiet < 3 and time.monotonic() < deadline:
            time.sleep(0.2)
            now = self.cpu_seconds()
            quiet = quiet + 1 if now - last < 0.03 else 0
            last = now

    def stop(self):
        """Everything it printed, its counts last."""
        for pid in reversed(self.pids()):
            try:
                os.kill(pid, signal.SIGTERM)
            except OSError:
                pass
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failed(f"did not stop in {STOP_SECONDS} s: {self.text()[-400:]}") from None
        return self.text()


def handled(text):
    """Frames that the program says it handled; for several workers, that the one with the fewest did."""
    found = re.findall(r"(?:handled|delivered)=(\d+)", text) or re.findall(r"(\d+) packets captured", text)
    if not found:
        raise Failed(f"no handled= or delivered= in: {text[-400:]}")
    return min(map(int, found))


def measure(wire, name, command, traffic):
    """A row: how fast the source could send, what was lost, and what the program used for each frame."""
    wire.fresh()
    with Program(wire, name, command) as program:
        program.await_ready()
        time.sleep(0.3)
        sent = 0
        if traffic.warmup:
            wire.send(traffic.source, traffic.warmup, traffic.length, traffic.rate, traffic.step)
            sent += traffic.warmup
            program.settle()
        before, threads = program.cpu_seconds(), program.thread_seconds()
        rate = wire.send(traffic.source, traffic.count, traffic.length, traffic.rate, traffic.step)
        sent += traffic.count
        program.settle()
        link_dropped = wire.dropped()
        sent -= link_dropped
        used, peak = program.cpu_seconds() - before, program.peak_mib()
        threads = {t: seconds - threads.get(t, 0) for t, seconds in program.thread_seconds().items()}
        text = program.stop()
    row = {"program": name, "source_fps": round(rate), "sent": sent, "lost": sent - handled(text),
           "ns_per_frame": round(used * 1e9 / traffic.count, 1) if used >= LEAST_SECONDS else None,
           "peak_mib": round(peak, 1)}
    if link_dropped:
        row["link_dropped"] = link_dropped
    for role in ("capture", "worker", "jvm"):
        costs = [seconds for (name, _), seconds in sorted(threads.items()) if name.startswith(role)]
        row[f"{role}_ns"] = " + ".join(f"{seconds * 1e9 / traffic.count:.1f}" for seconds in costs)
    ledger = re.search(r"^ledger lost=(\d+) unaccounted=(-?\d+)", text, re.M)
    if ledger:  # lost, but in no count of the daemon's own: the worst there is
        row["uncounted"] = row["lost"] - int(ledger.group(1))
    stalls = re.search(r"^stall times=(\d+)", text, re.M)
    if stalls:
        row["stalls"] = int(stalls.group(1))
    return row


class Traffic:
    """What is sent: `rate` 0 is as fast as the source can; `step` frames at a time, or as the source does. Counts are frames."""

    def __init__(self, source, length, rate, count, warmup, step=None):
        self.source, self.length, self.rate, self.count, self.warmup = source, length, rate, count, warmup
        self.step = step

    def __str__(self):
        how = f"{self.rate:,} frames/s" if self.rate else "as fast as it can"
        return f"{self.source}, {self.length}-byte frames, {how}, {self.count:,} counted after {self.warmup:,}"
