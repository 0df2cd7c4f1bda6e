"""Rows of tables run again and again, until so many frames have gone through each."""
import math
import statistics
import sys
import time

from . import confidence
from .run import Failed
from .tables import column, kept_rate

MOST_FAILURES = 3  # in a row, and a program is left alone


class Row:
    """A program of a table, and what its rounds have come to."""

    def __init__(self, table, program, frames):
        self.table, self.program, self.frames = table, program, frames
        self.rounds, self.seconds, self.failures = [], 0.0, 0
        self.has_failed = False

    @property
    def sent(self):
        return sum(r["sent"] for r in self.rounds)

    def is_over(self):
        return self.sent >= self.frames or self.failures >= MOST_FAILURES

    def run(self, wire):
        begin = time.monotonic()
        try:
            self.rounds.append({"round": len(self.rounds) + 1, **self.table.measure(wire, self.program)})
            self.failures = 0
        except Failed as e:
            say(f"{self.table.name}: {self.program}: {e}")
            self.failures += 1
            self.has_failed = True
        self.seconds += time.monotonic() - begin

    def seconds_left(self):
        """At the speed so far; None before the first round."""
        if self.is_over():
            return 0
        if not self.sent:
            return None
        return self.seconds / self.sent * (self.frames - self.sent)


def say(text):
    print(text, file=sys.stderr, flush=True)


def time_left(rows):
    """Of a row that has not run yet, what the others take on average."""
    known = [r.seconds / r.sent for r in rows if r.sent]
    if not known:
        return "some time"
    seconds = sum(r.frames * statistics.mean(known) if (left := r.seconds_left()) is None else left for r in rows)
    minutes = math.ceil(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def run_all(wire, rows):
    """Each in turn, so that all of them meet what the machine does; says on standard error how far it is."""
    while any(not r.is_over() for r in rows):
        for row in rows:
            if not row.is_over():
                row.run(wire)
                lost = sum(r["lost"] for r in row.rounds)
                say(f"{row.table.name}: {row.program}: {row.sent:,} of {row.frames:,} frames, lost {lost:,};"
                    f" {time_left(rows)} left in all")


def show(table, rows):
    """What each program has lost of how many frames, and what that says."""
    print(f"\n{table.title}")
    print(f"  {'program':34}{'rounds':>7}{'frames':>16}{'lost':>12}{'lost, at most':>15}{'rounds with loss':>18}{'at most':>9}"
          f"{'ns/frame':>10}")
    for row in rows:
        found = confidence.losses(row.rounds, row.program)
        if not found:
            print(f"  {row.program:34}{0:7}")
            continue
        costs = [c for c in column(row.rounds, row.program, "ns_per_frame") if c is not None]
        print(f"  {row.program:34}{found['rounds']:7}{found['frames']:16,}{found['lost']:12,}{found['at_most']:15.1e}"
              f"{found['lossy_rounds']:18}{100 * found['lossy_rounds_at_most']:7.1f} %"
              f"{f'{statistics.median(costs):,.0f}' if costs else '-':>10}")


def verdicts(table, rows):
    """ringtap's rows have lost nothing, and counted what they lost; and the source kept its rate."""
    found = []
    for row in rows:
        if row.program.startswith("ringtap") and row.rounds:
            lost, uncounted = (sum(abs(r.get(name) or 0) for r in row.rounds) for name in ("lost", "uncounted"))
            found.append((f"{row.program}: lost 0 of {row.frames:,} frames or more", f"{lost:,} of {row.sent:,}",
                          not lost and row.sent >= row.frames))
            found.append((f"{row.program}: lost but not counted 0", f"{uncounted:,}", not uncounted))
    measured = [r for row in rows for r in row.rounds]
    if table.traffic.rate and measured:
        found.append(kept_rate(measured, table.traffic.rate))
    return found
