"""What is drawn from measurements of which every figure is known: that it is there, and that it is well-formed."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock
from xml.etree import ElementTree

from testbed import pictures, tables
from testbed.programs import HERE

MACHINE = {"processor": "A processor", "processors": 2, "memory_mib": 4096, "kernel": "6.18", "libpcap": "libpcap 1.10",
           "jdk": "25", "commit": "0123abc", "time": "2026-01-02T03:04:05Z"}
TITLE = "200 bytes: <as fast> & more"


def costs(program, nanos, lost=0):
    return [{"round": i + 1, "program": program, "sent": 12_000_000, "lost": lost, "source_fps": 1_500_000,
             "ns_per_frame": cost} for i, cost in enumerate(nanos)]


def percentiles(factor):
    return {"p50": 9_000 * factor, "p90": 20_000 * factor, "p99": 706_000 * factor, "p99.9": 1_200_000 * factor,
            "p99.99": 2_500_000 * factor, "max": 16_797_000 * factor}


def recorded(program, rate, lost):
    return {"program": program, "rate": rate, "source_fps": rate - 7, "sent": 1_000_000, "lost": lost}


PUBLISHED = {"machine": MACHINE, "tables": [
    {"name": "full-200", "title": TITLE, "rows": [
        *costs("c", [25, 27, 33]), *costs("tokio", [218, 216, 301], lost=740), *costs("ringtap", [55.4, 53, 71])]},
    {"name": "stages-60", "title": "Stages", "rows": costs("ringtap, worker of 2 threads", [None, None])
     + costs("ringtap", [48])},
    {"name": "loaded-start", "title": "Started", "rows": [
        {"program": "ringtap, count and sequence", "lost": 0, "ready_seconds": 1.62}]},
    {"name": "idle", "title": "Idle", "rows": [{"program": "ringtap", "percent": 0.33}]},
    {"name": "failed", "title": "Nothing ran", "rows": []}]}
LATENCY = {"machine": MACHINE, "rows": [
    {"round": i, "mode": mode, "rate": rate, "program": program, "measured": 1_000_000, **percentiles(factor * i)}
    for i in (1, 2, 3) for mode in ("throughput", "low-latency") for rate in (10_000, 350_000)
    for program, factor in (("c", 1), ("ringtap", 1.5))]}
PACE = {"machine": MACHINE, "quick": True, "rows": [
    {"round": 1, "program": program, "rate": rate, "frames": 60 * rate,
     **{f"{name}_ns": nanos for name, nanos in percentiles(factor).items()}}
    for rate in (1, 1_000) for program, factor in (("ringtap", 0), ("tcpreplay", 1), ("trafgen", 1_000))]}
RECORD = {"machine": MACHINE, "results": [{"kind": "tmpfs", "rows": [
    recorded("dumpcap", 373_333, 0), recorded("dumpcap", 435_555, 58_823), recorded("dumpcap", 435_555, 57_646),
    recorded("dumpcap -B 64 -P", 508_147, 0), recorded("ringtap", 1_161_480, 0), recorded("ringtap", 1_500_000, 17)]}]}


def drawn(bench, found):
    """Each picture's root and the texts in it, as its command draws them from a file."""
    with tempfile.TemporaryDirectory() as folder:
        saved = os.path.join(folder, "saved.json")
        with open(saved, "w", encoding="utf-8") as out:
            json.dump(found, out)
        done = subprocess.run([sys.executable, "-B", os.path.join(HERE, bench), "--from", saved, "--svg", f"{folder}/svg"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        files = {}
        for name in sorted(os.listdir(f"{folder}/svg")):
            with open(f"{folder}/svg/{name}", "rb") as file:
                files[name] = file.read()
        return files


def texts(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


class PicturesTest(unittest.TestCase):

    def shows(self, svg, *wanted):
        found = texts(svg)
        for text in wanted:
            self.assertIn(text, found)
        self.assertTrue(any("ringtap 0123abc" in text for text in found), "the commit")
        self.assertTrue(any("A processor, 2 processors" in text for text in found), "the machine")
        self.assertLess(len(svg), 60_000)
        self.assertIn(b"prefers-color-scheme: dark", svg)

    def test_should_show_the_median_of_the_rounds_and_what_was_lost(self):
        files = drawn("published", PUBLISHED)
        self.assertEqual(["published-full-200.svg", "published-idle.svg", "published-loaded-start.svg",
                          "published-stages-60.svg", "published.svg"], sorted(files))
        self.shows(files["published-full-200.svg"], *TITLE.split(": "), "c", "27 ns", "tokio", "218 ns", "ringtap", "55 ns",
                   "lost 0 of 36,000,000", "lost 2,220 of 36,000,000", "nanoseconds of processor a frame")
        self.shows(files["published-stages-60.svg"], "ringtap, worker of 2 threads", "not measured", "48 ns")
        self.shows(files["published-loaded-start.svg"], "ringtap, count and sequence", "1.62 s", "lost 0")
        self.shows(files["published-idle.svg"], "0.33 %")
        self.assertNotIn("48 ns", texts(files["published.svg"]))
        self.shows(files["published.svg"], "27 ns", "218 ns", "55 ns", "1.62 s", "0.33 %", "Idle")

    def test_should_show_a_dot_a_round_and_for_many_rounds_their_range(self):
        few, many = ({"machine": MACHINE, "tables": [{"name": "t", "title": "T", "rows": costs("c", range(1, 1 + rounds))}]}
                     for rounds in (20, 400))
        for found, legend, dots in ((few, "a round, the first on top", 21), (many, "from the lowest round to the highest", 0)):
            svg = drawn("published", found)["published-t.svg"]
            self.shows(svg, legend)
            self.assertEqual(dots, svg.count(b"xlink:href='#gpPt6'"))

    def test_should_be_small_where_every_table_is_drawn(self):
        found = [{"name": t.name, "title": t.title, "rows": [row for p in t.programs for row in costs(p, [812.3, 900, 1_000] * 2)]}
                 for t in tables.ALL]
        files = drawn("published", {"machine": MACHINE, "tables": found})
        self.assertEqual(len(tables.ALL) + 1, len(files))
        for svg in files.values():
            self.shows(svg, "900 ns")

    def test_should_show_percentiles_of_latency_by_mode(self):
        files = drawn("latency", LATENCY)
        self.assertEqual(["latency-low-latency.svg", "latency-throughput.svg"], sorted(files))
        for svg in files.values():
            self.shows(svg, "c", "ringtap", "10,000 frames a second", "350,000 frames a second", "99.99 %",
                       "18 µs", "40 µs", "1.41 ms", "2.4 ms", "5 ms", "33.6 ms", "27 µs", "2.12 ms", "50.4 ms")

    def test_should_show_how_far_frames_are_from_even_spacing(self):
        svg = drawn("pace", PACE)["pace.svg"]
        self.shows(svg, "ringtap", "tcpreplay", "trafgen", "0 ns", "9 µs", "706 µs", "16.8 ms", "9 ms", "706 ms", "16.8 s",
                   "quick: these figures are worth nothing")
        self.assertEqual(1, texts(svg).count("1.2 ms"), "of 60 frames none is the p99.9")

    def test_should_show_rate_against_loss(self):
        self.shows(drawn("record", RECORD)["record.svg"], "dumpcap", "dumpcap -B 64 -P", "ringtap", "0 at 373,326/s", "5.9 %",
                   "5.8 %", "0 at 508,140/s", "0 at 1,161,473/s", "0.0017 %", "Frames lost, tmpfs")

    def test_should_draw_the_same_from_the_same(self):
        self.assertEqual(drawn("latency", LATENCY), drawn("latency", LATENCY))

    def test_should_say_what_it_cannot_draw(self):
        with self.assertRaisesRegex(AssertionError, "is not what record --json writes: KeyError: 'results'"):
            drawn("record", LATENCY)

    def test_should_let_no_label_stand_on_another(self):
        for bench, found in (("latency", LATENCY), ("pace", PACE), ("record", RECORD)):
            panels = []
            with mock.patch.object(pictures, "Panel", side_effect=lambda *a, of=pictures.Panel: panels.append(of(*a)) or panels[-1]):
                pictures.BENCHES[bench](found)
            for panel in panels:
                boxes = [box for cost, box in panel.taken if cost == pictures.TEXT_TAKEN]
                self.assertTrue(boxes)
                for i, a in enumerate(boxes):
                    for b in boxes[i + 1:]:
                        self.assertFalse(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3], f"{bench}: {a} and {b}")

    def test_should_write_durations_with_three_digits(self):
        self.assertEqual(["0 ns", "999 ns", "1 µs", "1 ms", "17 ms", "1,234 s"],
                         [pictures.duration(n) for n in (0, 999, 999.9, 999_600, 17_000_000, 1.234e12)])

    def test_should_choose_round_tics(self):
        self.assertEqual([0, 10, 20, 30, 40, 50, 60], pictures.nice_tics(64))
        self.assertEqual([0, 200, 400, 600, 800, 1000], pictures.nice_tics(1_100))
        self.assertEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35], [round(t, 9) for t in pictures.nice_tics(0.39)])


if __name__ == "__main__":
    unittest.main()
