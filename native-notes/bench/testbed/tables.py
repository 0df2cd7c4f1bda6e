"""The tables that are published: what is run, and the targets it is held against."""
import re
import statistics
import time

from . import run
from .programs import BUILT_IN, ringtap
from .run import Failed, Program, Traffic

RATE = 350_000
KERNEL_RING_MIB = 64  # ringtap's default, in every table
KEPT = 0.99  # of the rate asked: a source that keeps less sends something easier than its table says
IN_PLACE = "ringtap, in place"
IN_PLACE_TO_C = {60: 0.8, 200: 0.8, 1514: 0.35}
COMMANDS = {
    **BUILT_IN,
    IN_PLACE: ringtap(config="in-place"),
    "ringtap, 2 workers of 2 handlers": ringtap(config="two-workers"),
    "ringtap, count and sequence": ringtap(config="loaded-start"),
    "ringtap, stalling worker": ringtap(config="stall"),
    "ringtap, 2 rings": ringtap("capture.threads=2"),
    "ringtap, worker of 2 threads": ringtap(config="two-threads"),
}


def column(rows, program, name):
    return [r.get(name) for r in rows if r["program"] == program]


def median(values):
    known = [v for v in values if v is not None]
    return statistics.median(known) if known else None


def nothing_lost(rows, program, unless=None, rate=0):
    """0 in every round, sent at that rate; where another program is named, in every round in which that one loses 0."""
    lost = column(rows, program, "lost")
    judged = lost
    if unless:
        clean = {r["round"] for r in rows if r["program"] == unless and r["lost"] == 0}
        judged = [r["lost"] for r in rows if r["program"] == program and r["round"] in clean]
    target = f"{program}: lost 0 in every round" + (f" in which {unless} loses 0" if unless else "")
    measured = " ".join(map(str, lost)) + (f" ({len(judged)} rounds count)" if len(judged) != len(lost) else "")
    met = bool(lost) and not any(judged)
    if rate and lost:
        rates = column(rows, program, "source_fps")
        target += f", each sent at {KEPT * rate:,.0f}/s or more"
        measured += f" at {' '.join(f'{r:,}' for r in rates)}/s"
        met = met and min(rates) >= KEPT * rate
    return target, measured or "nothing", met


def at_most(rows, program, times, other):
    mine, theirs = median(column(rows, program, "ns_per_frame")), median(column(rows, other, "ns_per_frame"))
    target = f"{program}: processor per frame <= {times} x {other}"
    if not mine or not theirs:
        return target, "not measured: too few frames", False
    return target, f"{mine:.0f} ns to {theirs:.0f} ns: {mine / theirs:.2f} x", mine <= times * theirs


def nothing_uncounted(rows, program):
    """What was lost is in the daemon's own ledger, to the frame."""
    uncounted = column(rows, program, "uncounted")
    return f"{program}: lost but not counted 0", " ".join(map(str, uncounted)), bool(uncounted) and not any(uncounted)


def kept_rate(rows, rate):
    """A busy machine slows the source, and then the table shows less than it says."""
    slowest = min((r["source_fps"] for r in rows), default=0)
    return f"the source kept at least {KEPT * 100:.0f} % of {rate:,}/s", f"{slowest:,}/s at the slowest", slowest >= KEPT * rate


class Lossy:
    """Frames sent to each program in turn, lost and processor time counted."""

    columns = ["source_fps", "link_dropped", "lost", "ns_per_frame", "peak_mib", "stalls"]

    def __init__(self, name, what, programs, traffic, judge, needs_handlers=False):
        self.name, self.what, self.programs = name, what, programs
        self.traffic, self.judge = traffic, judge
        self.needs_handlers = needs_handlers

    @property
    def title(self):
        return f"{self.what}: {self.traffic}"

    def shorten(self):
        self.traffic.count //= 8
        self.traffic.warmup //= 8

    def measure(self, wire, name):
        return run.measure(wire, name, COMMANDS[name], self.traffic)

    def verdicts(self, rows):
        found = self.judge(rows)
        return [*found, kept_rate(rows, self.traffic.rate)] if self.traffic.rate else found


class Stages(Lossy):
    """What each stage costs, thread by thread: what the model of more processors in native-notes is made of."""

    columns = ["source_fps", "link_dropped", "lost", "ns_per_frame", "capture_ns", "worker_ns", "jvm_ns"]


class LoadedStart:
    """ringtap is started while frames come: how long until it is ready, and what it loses from then on.

    Every frame has a number, and a handler notes where numbers are missing and when, by the kernel's time stamps. So a
    loss is placed before or after `ready` without asking the daemon, and without trusting its counts.
    """

    name, title = "loaded-start", "Started with 1,000,000 frames/s on the wire: xdpgen, 200-byte frames"
    programs = ["ringtap, count and sequence"]
    columns = ["source_fps", "ready_seconds", "lost", "lost_before_ready", "first_frame_ms", "received", "kernel_dropped"]
    needs_handlers = True
    rate, length, seconds = 1_000_000, 200, 6

    def shorten(self):
        self.seconds = 2

    def measure(self, wire, name):
        wire.fresh()
        with wire.sending("xdpgen", 60 * self.rate, self.length, self.rate, step=64) as stop_sending:
            time.sleep(0.5)
            with Program(wire, name, COMMANDS[name]) as program:
                ready = program.await_ready(pause=0.005)
                time.sleep(self.seconds)
                sent, rate = stop_sending()
                program.settle()
                peak = program.peak_mib()
                text = program.stop()
        said = re.search(r"^sequence first=(\d+) first_ns=(\d+) last=(\d+) received=(\d+) gaps=(\d+)", text, re.M)
        if not said:
            raise Failed(f"no sequence in: {text[-400:]}")
        first, first_ns, last, received, gaps = map(int, said.groups())
        placed = [(int(at), int(missing)) for at, missing in re.findall(r"^gap at_ns=(\d+) missing=(\d+)", text, re.M)]
        after = sum(missing for at, missing in placed if at >= program.ready_ns) + sent - 1 - last
        all_lost = sent - first - received
        if len(placed) < gaps:  # only the first gaps are listed: the rest came later
            after = all_lost - sum(missing for at, missing in placed if at < program.ready_ns)
        return {"program": name, "source_fps": rate, "ready_seconds": round(ready, 2), "lost": after,
                "lost_before_ready": all_lost - after,
                "kernel_dropped": int(re.search(r" kernel_dropped=(\d+)", text).group(1)), "received": received, "peak_mib": round(peak, 1),
                "first_frame_ms": round((first_ns - program.ready_ns) / 1e6, 1)}

    def verdicts(self, rows):
        program = self.programs[0]
        ready, first = column(rows, program, "ready_seconds"), column(rows, program, "first_frame_ms")
        lost = column(rows, program, "lost")
        return [("lost 0 from ready on, in every start", " ".join(map(str, lost)), bool(lost) and not any(lost)),
                ("captures before it says ready, in every start", f"first frame at {' '.join(map(str, first))} ms of ready",
                 bool(first) and max(first) <= 0),
                ("ready within 2 s, in every start", " ".join(map(str, ready)), bool(ready) and max(ready) <= 2),
                kept_rate(rows, self.rate)]


class Idle:
    """Processor used while nothing comes."""

    name, title = "idle", "Idle: percent of one processor, over 15 s from the 5th on"
    programs, columns = ["ringtap", "ringtap-low-latency"], ["percent"]
    needs_handlers = False
    before, seconds = 5, 15

    def shorten(self):
        self.before, self.seconds = 1, 3

    def measure(self, wire, name):
        wire.fresh()
        with Program(wire, name, COMMANDS[name]) as program:
            program.await_ready()
            time.sleep(self.before)
            before, start = program.cpu_seconds(), time.monotonic()
            time.sleep(self.seconds)
            used = program.cpu_seconds() - before
            percent = 100 * used / (time.monotonic() - start)
            program.stop()
        return {"program": name, "percent": round(percent, 2)}

    def verdicts(self, rows):
        found = []
        for program in self.programs:
            value = median(column(rows, program, "percent"))
            found.append((f"{program} under 0.5 %", "not measured" if value is None else f"{value:.2f} %",
                          value is not None and value < 0.5))
        return found


def memory(rows):
    peaks = [r["peak_mib"] for r in rows if r["program"].startswith("ringtap") and "peak_mib" in r
             and r["program"] != "ringtap, 2 rings"]
    if not peaks:
        return []
    limit = KERNEL_RING_MIB + 120
    return [(f"at most the kernel ring's {KERNEL_RING_MIB} MiB + 120 MiB", f"{max(peaks):.0f} MiB", max(peaks) <= limit)]


def full_speed(length):
    def judge(rows):
        found = [check for name in ("ringtap", IN_PLACE)
                 for check in (nothing_lost(rows, name, unless="c"), nothing_uncounted(rows, name))]
        found.append(at_most(rows, IN_PLACE, IN_PLACE_TO_C[length], "c"))
        if length == 200:
            found += [at_most(rows, "ringtap", 0.35, "tokio"), at_most(rows, "ringtap", 2.2, "c")]
        return found

    return Lossy(f"full-{length}", f"As fast as the source can send, {length} bytes", ["c", "tokio", "ringtap", IN_PLACE],
                 Traffic("xdpgen", length, 0, 10_000_000, 2_000_000), judge)


ALL = [
    full_speed(60),
    full_speed(200),
    full_speed(1514),
    Lossy("smooth", "Smooth", ["c", "tokio", "ringtap"], Traffic("mmsggen", 200, RATE, 4_000_000, 1_000_000),
          lambda rows: [nothing_lost(rows, "ringtap"), nothing_uncounted(rows, "ringtap"),
                        at_most(rows, "ringtap", 0.5, "tokio")]),
    Lossy("bursts", "25 bursts a second of 40,000 frames at line rate", ["c", "tokio", "ringtap"],
          Traffic("xdpgen", 200, 1_000_000, 8_000_000, 2_000_000),
          lambda rows: [nothing_lost(rows, "ringtap", rate=1_000_000), nothing_uncounted(rows, "ringtap")]),
    Lossy("low-latency", "Each frame at once", ["c-immediate", "ringtap-low-latency"],
          Traffic("mmsggen", 200, RATE, 4_000_000, 1_000_000),
          lambda rows: [nothing_lost(rows, "ringtap-low-latency"), nothing_uncounted(rows, "ringtap-low-latency"),
                        at_most(rows, "ringtap-low-latency", 1.2, "c-immediate")]),
    Lossy("two-workers", "Two workers, four handlers", ["ringtap, 2 workers of 2 handlers"],
          Traffic("xdpgen", 200, 1_000_000, 8_000_000, 2_000_000, step=64),
          lambda rows: [nothing_lost(rows, "ringtap, 2 workers of 2 handlers", rate=1_000_000),
                        nothing_uncounted(rows, "ringtap, 2 workers of 2 handlers")]),
    *(Stages(f"stages-{length}", f"Each stage, {length} bytes",
             ["ringtap", "ringtap, worker of 2 threads", "ringtap, 2 rings"],
             Traffic("xdpgen", length, 0, 10_000_000, 2_000_000), lambda rows: [])
      for length in (60, 200, 1514)),
    LoadedStart(),
    Lossy("stall", "A worker that stalls for 300 ms at every 500,000th frame", ["ringtap, stalling worker"],
          Traffic("mmsggen", 200, RATE, 4_000_000, 1_000_000),
          lambda rows: [nothing_lost(rows, "ringtap, stalling worker"), stalled(rows)], needs_handlers=True),
    Idle(),
]


def stalled(rows):
    times = column(rows, "ringtap, stalling worker", "stalls")
    return "stalled, or this shows nothing", " ".join(map(str, times)) + " times", bool(times) and all(times)
