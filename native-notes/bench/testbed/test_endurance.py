"""Rows that run until so many frames have gone through them, with programs that do as they are told."""
import contextlib
import importlib.machinery
import importlib.util
import io
import os
import unittest
from unittest import mock

from testbed import endurance
from testbed.programs import HERE
from testbed.run import Failed, Traffic


class Table:
    """Each run takes what its program is to do next: a number of frames lost of a thousand, or something to raise."""

    name, title, needs_handlers = "table", "A table", False

    def __init__(self, rate=0, fps=2_000, **outcomes):
        self.traffic = Traffic("xdpgen", 200, rate, 800, 200)
        self.fps, self.outcomes, self.programs = fps, outcomes, list(outcomes)

    def measure(self, _, program):
        lost = self.outcomes[program].pop(0)
        if isinstance(lost, BaseException):
            raise lost
        return {"program": program, "source_fps": self.fps, "sent": 1_000, "lost": lost, "uncounted": 0, "ns_per_frame": 50}


def command():
    """The command `published`, as a module."""
    loader = importlib.machinery.SourceFileLoader("published", os.path.join(HERE, "published"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("published", loader))
    loader.exec_module(module)
    return module


def rows_of(table, frames):
    return [endurance.Row(table, program, frames) for program in table.programs]


class EnduranceTest(unittest.TestCase):

    def run_all(self, table, frames):
        self.rows, said = rows_of(table, frames), io.StringIO()
        with contextlib.redirect_stderr(said):
            endurance.run_all(None, self.rows)
        return said.getvalue()

    def shown(self, table):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            endurance.show(table, self.rows)
        return out.getvalue()

    def test_should_run_until_each_row_has_its_frames(self):
        table = Table(c=[0, 0, 0, 9], ringtap=[0, 2, 0, 9])
        said = self.run_all(table, 2_500)
        self.assertEqual([[1, 2, 3], [1, 2, 3]], [[r["round"] for r in row.rounds] for row in self.rows])
        self.assertEqual(6, len(said.splitlines()))
        self.assertEqual("table: ringtap: 3,000 of 2,500 frames, lost 2; 0 min left in all", said.splitlines()[-1])
        self.assertRegex(self.shown(table), r"c +3 +3,000 +0 +1\.0e-03 +0 +63\.2 % +50\n +ringtap +3 +3,000 +2 +2\.1e-03 +1 ")

    def test_should_leave_a_program_alone_that_fails_again_and_again(self):
        table = Table(c=[0, 0, 0], tokio=[Failed("broken")] * 3)
        self.run_all(table, 3_000)
        self.assertEqual([3, 0], [len(row.rounds) for row in self.rows])
        self.assertEqual([False, True], [row.has_failed for row in self.rows])
        self.assertRegex(self.shown(table), r"tokio +0\n")

    def test_should_go_on_after_a_failure(self):
        self.run_all(Table(c=[Failed("once"), 0, Failed("again"), Failed("and again"), 0]), 2_000)
        self.assertEqual([1, 2], [r["round"] for r in self.rows[0].rounds])

    def test_should_judge_ringtap_and_the_source(self):
        table = Table(rate=2_100, c=[7], ringtap=[1])
        self.run_all(table, 1_000)
        self.assertEqual([("ringtap: lost 0 of 1,000 frames or more", "1 of 1,000", False),
                          ("ringtap: lost but not counted 0", "0", True),
                          ("the source kept at least 99 % of 2,100/s", "2,000/s at the slowest", False)],
                         endurance.verdicts(table, self.rows))

    def test_should_tell_the_time_that_is_left(self):
        first, second = rows_of(Table(c=[], ringtap=[]), 1_000_000)
        self.assertEqual("some time", endurance.time_left([first, second]))
        first.rounds, first.seconds = [{"sent": 250_000}], 90.0  # 270 s left; the other is taken to need 360
        self.assertEqual("11 min", endurance.time_left([first, second]))
        second.rounds, second.seconds = [{"sent": 10_000}], 75.0  # 7,425 s left
        self.assertEqual("2 h 9 min", endurance.time_left([first, second]))

    def test_should_publish_what_it_has_when_a_signal_ends_it(self):
        published = command()
        table, results, out = Table(c=[0, 0], ringtap=[0, SystemExit(130)]), [], io.StringIO()
        a = mock.Mock(chosen=[table], rows=rows_of(table, 1_000_000))
        with mock.patch.object(published, "Wire"), contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(130, published.soak(a, results))
        self.assertRegex(out.getvalue(), r"c +2 +2,000 +0 +1\.5e-03 .*\n +ringtap +1 +1,000 +0 +3\.0e-03")
        self.assertIn("MISSED  ringtap: lost 0 of 1,000,000 frames or more: 0 of 1,000", out.getvalue())
        self.assertEqual(3, len(results[0][1]))

    def test_should_say_what_a_loss_of_0_bounds(self):
        published, out = command(), io.StringIO()
        rows = [{"program": program, "sent": 12_000_000, "lost": lost} for program, lost in
                (("c", 0), ("tokio", 740), ("c", 0), ("tokio", 0))] + [{"program": "not counted", "lost": 0}]
        with contextlib.redirect_stdout(out):
            published.show_bounds(published.bounds(rows))
        self.assertEqual("  c lost 0 of 24,000,000: at most 1.2e-07 of its frames are lost, with 95 % confidence\n",
                         out.getvalue())

    def test_should_take_numbers_of_frames_as_they_are_written(self):
        published = command()
        self.assertEqual([10 ** 9, 10 ** 9, 12_000_000], [published.frames(n) for n in ("1e9", "1_000_000_000", "12000000")])
        for wrong in ("0", "1.5", "-1e9", "nan", "inf", "many"):
            with self.assertRaises(ValueError):
                published.frames(wrong)


if __name__ == "__main__":
    unittest.main()
