"""Pictures of what was measured: SVG files, drawn by gnuplot from what `--json` writes. The same file gives the same bytes."""
import html
import json
import math
import os
import re
import statistics
import subprocess

from . import confidence
from .programs import complain, install, machine_lines

WIDTH = 900
LETTER = 0.56  # of a font's size: what a letter is wide, on average
FONT = "system-ui, sans-serif"
BOLD = "bold"  # stands for the font until gnuplot, which has no weights here, has drawn
PERCENTILES = {"p50": 50, "p90": 90, "p99": 99, "p99.9": 99.9, "p99.99": 99.99}
SAMPLES_BEYOND = 3  # a percentile with fewer samples above it is left to the maximum
SHARE_LABELS = {-7: "0", -6: "0.0001 %", -5: "0.001 %", -4: "0.01 %", -3: "0.1 %", -2: "1 %", -1: "10 %", 0: "100 %"}
MOST_DOTS = 20
MOST_DECADES = 6  # that have a label

# What it costs a label to stand where something else is.
LINE, POINT, TEXT_TAKEN, OUTSIDE = 0.2, 2, 10, 100
FAR, AGAINST = 0.03, 1.5  # by the pixel; on the side where others are

# What a bar is long by: the first of these that a table's rows have.
MEASURES = {"ns_per_frame": ("nanoseconds of processor a frame", "{:,.0f} ns"),
            "percent": ("percent of one processor", "{:.2f} %"),
            "ready_seconds": ("seconds from its start to ready", "{:.2f} s")}

# Each in a light viewer, and what takes its place in a dark one.
BACKGROUND, TEXT, QUIET, GRID = "#ffffff", "#1f2328", "#59636e", "#d1d9e0"
GREY, ORANGE, BLUE, GREEN, VIOLET = "#6e7781", "#b35900", "#0969da", "#1a7f37", "#8250df"
DARK = {BACKGROUND: "#0d1117", TEXT: "#f0f6fc", QUIET: "#9198a1", GRID: "#3d444d",
        GREY: "#8b949e", ORANGE: "#f0883e", BLUE: "#4493f8", GREEN: "#3fb950", VIOLET: "#ab7df8"}
COLORS = {"c": GREY, "c-immediate": GREY, "dumpcap": GREY, "tokio": ORANGE, "tcpreplay": ORANGE, "dumpcap -B 64 -P": ORANGE,
          "trafgen": VIOLET, "ringtap, rotating": GREEN,
          "ringtap-spin": GREEN, "ringtap-realtime": VIOLET}


def color_of(program):
    return COLORS.get(program, BLUE)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def tic_list(tics):
    """Of texts, which are formats to gnuplot, and where they stand."""
    return "(" + ", ".join(f"{quoted(text.replace('%', '%%'))} {at:.6g}" for text, at in tics) + ")"


def width_of(text, size):
    return LETTER * size * len(text)


def duration(nanos):
    """Three digits, and the unit that they are read best in."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanos >= 0.9995 * size:
            value = nanos / size
            return f"{value:,.0f} {unit}" if value >= 999.5 else f"{value:.3g} {unit}"
    return f"{nanos:.0f} ns"


def nice_tics(highest, most=8):
    """From 0 on, at steps of 1, 2 or 5 of some power of ten."""
    power = 10.0 ** math.floor(math.log10(highest / most))
    step = next(times * power for times in (1, 2, 5, 10) if highest <= most * times * power)
    return [i * step for i in range(int(highest / step) + 1)]


def names_of(rows):
    return list(dict.fromkeys(r["program"] for r in rows))


class Sheet:
    """One picture: a head that says what, where and of which commit; panels below one another. Places are pixels."""

    def __init__(self, title, found, legend):
        self.title, self.script, self.marks = title, [], []
        said = machine_lines(found["machine"]).split("\n")
        if found.get("quick"):
            said.append("quick: these figures are worth nothing")
        self.text(title, 16, 24, size=17, bold=True)
        for number, line in enumerate(said):
            self.text(line, 16, 46 + 16 * number, size=12, color=QUIET)
        self.height = 56 + 16 * len(said)
        self.legend(legend)

    def text(self, text, x, y, size=13, color=TEXT, align="left", bold=False):
        self.marks.append(f"set label {quoted(text)} at {place(x, y)} {align} font '{BOLD if bold else ''},{size}'"
                          f" textcolor rgb '{color}' front")

    def dot(self, x, y, color, size=0.5):
        self.marks.append(f"set label '' at {place(x, y)} point pointtype 7 pointsize {size} linecolor rgb '{color}' front")

    def stroke(self, x, y, to_x, to_y, color, width):
        self.marks.append(f"set arrow from {place(x, y)} to {place(to_x, to_y)} nohead linewidth {width}"
                          f" linecolor rgb '{color}' front")

    def legend(self, entries):
        """Each entry: bar, dot, range or line, its colour, and what it stands for."""
        x, y = 16, self.height
        for kind, color, text in entries:
            if kind == "dot":
                self.dot(x + 4, y, color)
            else:
                self.stroke(x, y, x + 18, y, color, {"bar": 9, "line": 2, "range": 1}[kind])
            if kind == "line":
                self.dot(x + 9, y, color)
            x += 13 if kind == "dot" else 25
            self.text(text, x, y, size=12)
            x += width_of(text, 12) + 20
        self.height += 16

    def panel(self, title, panel, x_title, x_tics, y_tics, draw):
        """Axes, and what `draw` puts between them. Tics are pairs of a text and where it stands."""
        title, _, more = title.partition(": ")
        self.text(title, 16, self.height + 12, bold=True)
        if more:
            self.height += 16
            self.text(more, 16, self.height + 12, size=12, color=QUIET)
        panel.top = self.height + 30
        self.text(x_title, (panel.left + panel.right) / 2, panel.bottom + 34, size=12, color=QUIET, align="center")
        plots = draw(panel)
        self.script += [
            *self.marks,
            f"set lmargin at screen {panel.left}.0/W; set rmargin at screen {panel.right}.0/W",
            f"set tmargin at screen 1-{panel.top}.0/H; set bmargin at screen 1-{panel.bottom}.0/H",
            f"set xtics {tic_list(x_tics)} font ',12' offset 0,0.5 textcolor rgb '{QUIET}'",
            f"set ytics {tic_list(y_tics)} font ',12' textcolor rgb '{TEXT}'",
            *(f"$data{number} << END\n" + "\n".join(" ".join(f"{value:.6g}" for value in point) for point in points) + "\nEND"
              for number, (points, _) in enumerate(plots)),
            f"plot [{panel.x[0]:.6g}:{panel.x[1]:.6g}] [{panel.y[0]:.6g}:{panel.y[1]:.6g}] "
            + ", ".join(f"$data{number} {how}" for number, (_, how) in enumerate(plots)),
            "unset label; unset arrow"]
        self.marks = []
        self.height = panel.bottom + 54

    def svg(self):
        head = ["set encoding utf8", f"W = {WIDTH}.0; H = {self.height}.0",
                f"set terminal svg size {WIDTH},{self.height} font '{FONT},13' background '{BACKGROUND}' noenhanced",
                "set multiplot; unset key; set style fill solid noborder",
                f"set border 3 linecolor rgb '{QUIET}'; set tics nomirror out scale 0.4",
                f"set grid linetype 1 linewidth 0.6 linecolor rgb '{GRID}'"]
        done = subprocess.run(["gnuplot", "-d"], input="\n".join([*head, *self.script, "unset multiplot", ""]),
                              capture_output=True, encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"}, timeout=60)
        if done.returncode != 0 or done.stderr.strip():
            complain(f"gnuplot: {done.stderr.strip() or done.returncode}")
        return for_viewers(done.stdout, self.title)


def place(x, y):
    return f"screen {x:.1f}/W,1-{y:.1f}/H"


def for_viewers(svg, title):
    """Says what it is to whoever cannot see it, is dark where the viewer is, and leaves out what gnuplot draws nothing with."""
    svg = re.sub(r"rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\s*\)", lambda m: "#%02x%02x%02x" % tuple(map(int, m.groups())), svg)
    svg = re.sub(r"(fill|stroke|color) ?= ?'", r"\1='", svg)
    dark = "\n".join(f"    [{what}='{light}'] {{ {what}: {shade} }}" for light, shade in DARK.items()
                     for what in ("fill", "stroke", "color"))
    style = (f"<style>\n  text {{ paint-order: stroke; stroke: {BACKGROUND}; stroke-width: 3px; stroke-linejoin: round }}\n"
             f"  @media (prefers-color-scheme: dark) {{\n    text {{ stroke: {DARK[BACKGROUND]} }}\n{dark}\n  }}\n</style>")
    svg = re.sub(r"<title>Gnuplot</title>\s*<desc>[^<]*</desc>", lambda _: f"<title>{html.escape(title)}</title>\n{style}", svg)
    return compact(svg)


def compact(svg):
    """What gnuplot says of each line and text is said once, and nothing of what is not there."""
    common = 'fill="none" color="black" stroke="currentColor"'
    svg = re.sub(f' font-family="{FONT}"| stroke-linecap="butt"| stroke-linejoin="miter"| class="gridline"'
                 f' | text-anchor="start"| id="gnuplot_plot_[^"]*"| {common}', "", svg)
    svg = svg.replace(f'font-family="{BOLD}"', 'font-weight="bold"')
    svg = svg.replace('<g id="gnuplot_canvas">', f'<g font-family="{FONT}" {common}>').replace("<rect x", '<rect stroke="none" x')
    svg = re.sub(r'<g transform="translate\(([^,]*),([^)]*)\)" ([^>]*)>\s*<text>([^<]*)</text>\s*</g>',
                 r'<text x="\1" y="\2" \3>\4</text>', svg)
    svg = re.sub(r"<title>\$data[^<]*</title>|<filter.*?</filter>", "", svg, flags=re.S)
    svg = re.sub(r"<\w+[^>]* id='(gp\w+)'[^>]*/>", lambda m: m[0] if f"#{m[1]}'" in svg else "", svg)
    while svg != (shorter := re.sub(r"<g\b[^>]*>\s*</g>", "", svg)):
        svg = shorter
    return re.sub(r"\s*\n\s*", "\n", svg)


class Panel:
    """Where a point of the axes is on the sheet, and where a label beside it finds room."""

    SIZE = 11  # of its labels

    def __init__(self, left, right, height, x, y):
        self.left, self.right, self.height, self.x, self.y = left, right, height, x, y
        self.taken, self.top = [], 0

    @property
    def bottom(self):
        return self.top + self.height

    def at(self, x, y):
        return (self.left + (self.right - self.left) * (x - self.x[0]) / (self.x[1] - self.x[0]),
                self.bottom - self.height * (y - self.y[0]) / (self.y[1] - self.y[0]))

    def take(self, points, lines=True):
        """Keeps labels off points and, where it can, off the lines between them."""
        places = [self.at(*point) for point in points]
        self.taken += [(POINT, (x - 4, y - 4, x + 4, y + 4)) for x, y in places]
        for (x, y), (to_x, to_y) in zip(places, places[1:]) if lines else ():
            steps = max(1, round(math.hypot(to_x - x, to_y - y) / 5))
            for i in range(1, steps):
                at_x, at_y = x + (to_x - x) * i / steps, y + (to_y - y) * i / steps
                self.taken.append((LINE, (at_x - 2, at_y - 2, at_x + 2, at_y + 2)))

    def label(self, sheet, text, x, y, color, below=False):
        """Beside a point, where least is yet; better above it, or below."""
        x, y = self.at(x, y)
        width = width_of(text, self.SIZE) + 2
        box = min(self.boxes(x, y, width, below), key=lambda candidate: candidate[0])[1]
        self.taken.append((TEXT_TAKEN, box))
        sheet.text(text, box[0], (box[1] + box[3]) / 2, size=self.SIZE, color=color)

    def boxes(self, x, y, width, below):
        """Where a label may stand, with what that costs: above, below and beside, near first."""
        for far in (0, 13, 26, 39):
            for left, middle in ((x - width / 2, y - 12 - far), (x - width / 2, y + 12 + far), (x + 7, y - far),
                                 (x + 7, y + far), (x - 7 - width, y - far), (x - 7 - width, y + far)):
                against = middle < y if below else middle > y
                box = (left, middle - 6, left + width, middle + 6)
                cost = FAR * far + AGAINST * against + sum(price for price, a in self.taken
                                       if a[0] < box[2] and box[0] < a[2] and a[1] < box[3] and box[1] < a[3])
                inside = self.left < box[0] and box[2] < WIDTH - 4 and self.top - 8 < box[1] and box[3] < self.bottom
                yield cost + (0 if inside else OUTSIDE), box


# ---- published: bars -------------------------------------------------------------------------------------------------


def measure_of(rows):
    return next((name for name in MEASURES if any(r.get(name) is not None for r in rows)), None)


def lost_by(rows, program):
    """Where frames were counted: what was lost, and of how many."""
    losses = confidence.losses(rows, program)
    if losses:
        return f"lost {losses['lost']:,} of {losses['frames']:,}"
    lost = [r["lost"] for r in rows if r["program"] == program and "lost" in r]
    return f"lost {sum(lost):,}" if lost else ""


def bars(sheet, table):
    """A panel: a bar a program, as long as the median of its rounds, and a dot each round."""
    rows, measure = table["rows"], measure_of(table["rows"])
    title, form = MEASURES[measure]
    programs = names_of(rows)
    values = {p: [r[measure] for r in rows if r["program"] == p and r.get(measure) is not None] for p in programs}
    highest = max(max(v) for v in values.values() if v) or 1

    def draw(panel):
        plots = []
        for row, program in enumerate(programs):
            got = values[program]
            text = form.format(statistics.median(got)) if got else "not measured"
            x, y = panel.at(max(got, default=0), row)
            sheet.text(text, x + 8, y, bold=True)
            sheet.text(lost_by(rows, program), panel.right + 16, y, size=12, color=QUIET)
            if got:
                plots.append(([(statistics.median(got), row)], "using 1:2:(0):1:($2-0.32):($2+0.32) with boxxyerror"
                              f" linecolor rgb '{color_of(program)}'"))
            if 1 < len(got) <= MOST_DOTS:
                plots.append(([(value, row + 0.44 * (i / (len(got) - 1) - 0.5)) for i, value in enumerate(got)],
                              f"with points pointtype 7 pointsize 0.35 linecolor rgb '{TEXT}'"))
            elif len(got) > MOST_DOTS:
                plots.append(([(min(got), row), (max(got), row)], f"with lines linewidth 1.5 linecolor rgb '{TEXT}'"))
        return plots

    left = 32 + round(max(width_of(p, 13) for p in programs))
    panel = Panel(left, WIDTH - 210, 30 * len(programs), (0, 1.18 * highest), (len(programs) - 0.5, -0.5))
    sheet.panel(table["title"], panel, title, [(f"{at:,.6g}", at) for at in nice_tics(1.18 * highest)],
                list(zip(programs, range(len(programs)))), draw)


def published(found):
    tables = [t for t in found["tables"] if measure_of(t["rows"])]
    most = max((len([r for r in t["rows"] if r["program"] == p]) for t in tables for p in names_of(t["rows"])), default=1)
    legend = [("bar", BLUE, "the median of the rounds")]
    if most > 1:
        legend.append(("range", TEXT, "from the lowest round to the highest") if most > MOST_DOTS else
                      ("dot", TEXT, "a round, the first on top"))
    sheets, judged = {}, [t for t in tables if not t["name"].startswith("stages")]  # these are for a model, and have no target
    for name, chosen in [(f"published-{t['name']}", [t]) for t in tables] + [("published", judged)] * (len(judged) > 1):
        sheets[name] = Sheet("What a frame costs, and what is lost", found, legend)
        for table in chosen:
            bars(sheets[name], table)
    return sheets


# ---- latency and pace: percentiles -----------------------------------------------------------------------------------


def beyond(percent):
    """Where a percentile stands: a decade for each nine."""
    return -math.log10(1 - percent / 100)


def curve(rows, count, key):
    """Points of one program: where, the median of the rounds in nanoseconds, and each round. The maximum is the last."""
    samples = min(r[count] for r in rows)
    points = [(beyond(percent), [r[key(name)] for r in rows]) for name, percent in PERCENTILES.items()
              if all(key(name) in r for r in rows) and samples * (1 - percent / 100) >= SAMPLES_BEYOND]
    points.append((max(math.log10(samples), points[-1][0] + 0.3 if points else 0.3), [r[key("max")] for r in rows]))
    return [(x, statistics.median(nanos), nanos) for x, nanos in points]


def height_of(nanos):
    return math.log10(max(nanos, 10))


def curves(sheet, title, rows, count, key, what):
    """A panel: a curve a program, its figures beside the points, and a dot each round."""
    programs = {p: curve([r for r in rows if r["program"] == p], count, key) for p in names_of(rows)}
    heights = [height_of(n) for points in programs.values() for _, _, nanos in points for n in nanos]
    low, high = math.floor(min(heights)), max(math.ceil(max(heights)), math.floor(min(heights)) + 1)
    last = max(points[-1][0] for points in programs.values())
    room, step = 0.14 * (high - low), math.ceil((high - low) / MOST_DECADES)

    def draw(panel):
        plots = []
        for program, points in programs.items():
            look = f"linecolor rgb '{color_of(program)}'"
            plots.append(([(x, height_of(nanos)) for x, nanos, _ in points],
                          f"with linespoints linewidth 2 pointtype 7 pointsize 0.5 {look}"))
            plots.append(([(x, height_of(n)) for x, _, nanos in points for n in nanos],
                          f"with points pointtype 7 pointsize 0.25 {look}"))
            panel.take([(x, height_of(nanos)) for x, nanos, _ in points])
            panel.take([(x, height_of(n)) for x, _, nanos in points for n in nanos], lines=False)
        wanted = [(x, nanos, program) for program, points in programs.items() for x, nanos, _ in points]
        for x, nanos, program in sorted(wanted, key=lambda label: label[1], reverse=True):
            lowest = len(programs) > 1 and nanos == min(n for at, n, _ in wanted if abs(at - x) < 0.2)
            panel.label(sheet, duration(nanos), x, height_of(nanos), color_of(program), below=lowest)
        return plots

    tics = [50, 90, 99, 99.9, 99.99, 99.999, 99.9999, 99.99999]
    sheet.panel(title, Panel(80, WIDTH - 90, 160, (0, last), (low - room, high + room)),
                f"percentile of {what}; a curve ends at its maximum",
                [(f"{p:.7g} %", beyond(p)) for p in tics if beyond(p) <= last],
                [(duration(10 ** d), d) for d in range(low, high + 1, step)], draw)


def at_rate(rate):
    return f"{rate:,} frame{'s' if rate != 1 else ''} a second"


def lines(rows):
    """The legend of curves."""
    several = len({r["round"] for r in rows}) > 1
    return [*(("line", color_of(p), p) for p in names_of(rows)),
            *[("dot", TEXT, "small: a round; on the lines: the medians")] * several]


def latency(found):
    sheets = {}
    for mode in dict.fromkeys(r["mode"] for r in found["rows"]):
        rows = [r for r in found["rows"] if r["mode"] == mode]
        sheet = sheets[f"latency-{mode}"] = Sheet(f"From the kernel's time stamp to the handler: {mode}", found,
                                                  lines(rows))
        for rate in dict.fromkeys(r["rate"] for r in rows):
            curves(sheet, at_rate(rate), [r for r in rows if r["rate"] == rate], "measured", str, "the latency")
    return sheets


def pace(found):
    rows = found["rows"]
    sheet = Sheet("How far frames are from even spacing", found, lines(rows))
    for rate in dict.fromkeys(r["rate"] for r in rows):
        curves(sheet, at_rate(rate), [r for r in rows if r["rate"] == rate], "frames",
               lambda name: f"{name}_ns", "the deviation")
    return {"pace": sheet}


# ---- record: rate against loss ---------------------------------------------------------------------------------------


def share_height(rows, place):
    """The decade of the share that was lost; none at all stands below the smallest, where each program has a place."""
    lost, sent = sum(max(0, r["lost"]) for r in rows), sum(r["sent"] for r in rows)
    return max(math.log10(lost / sent), -6.5) if lost else -7 - 0.15 * place


def rates_and_losses(sheet, result):
    """A panel: each run at the rate that its source kept; a line through what each program lost at each rate, in all."""
    rows = result["rows"]
    highest = 1.05 * max(r["source_fps"] for r in rows)

    def draw(panel):
        plots, wanted = [], []
        for number, program in enumerate(names_of(rows)):
            got = sorted((r for r in rows if r["program"] == program), key=lambda r: r["source_fps"])
            look = f"linecolor rgb '{color_of(program)}'"
            asked = [[r for r in got if r["rate"] == rate] for rate in sorted({r["rate"] for r in got})]
            line = [(statistics.mean(r["source_fps"] for r in some), share_height(some, number)) for some in asked]
            points = [(r["source_fps"], share_height([r], number)) for r in got]
            plots += [(line, f"with lines linewidth 1.5 {look}"), (points, f"with points pointtype 7 pointsize 0.6 {look}")]
            panel.take(line)
            panel.take(points, lines=False)
            wanted += [(f"{100 * r['lost'] / r['sent']:.2g} %", *point, program) for r, point in zip(got, points) if r["lost"] > 0]
            clean = [(r, point) for r, point in zip(got, points) if r["lost"] <= 0]
            wanted += [(f"0 at {r['source_fps']:,}/s", *point, program) for r, point in clean[-1:]]
        for text, x, y, program in wanted:
            panel.label(sheet, text, x, y, color_of(program))
        return plots

    sheet.panel(f"Frames lost, {result['kind']}", Panel(80, WIDTH - 90, 260, (0, highest), (-7.9, 0.4)),
                "frames a second, as the source kept it",
                [(f"{at:,.0f}", at) for at in nice_tics(highest)], [(text, at) for at, text in SHARE_LABELS.items()], draw)


def record(found):
    programs = names_of([r for result in found["results"] for r in result["rows"]])
    sheet = Sheet("Recording: rate against loss", found,
                  [*(("line", color_of(p), p) for p in programs), ("dot", TEXT, "one run")])
    for result in found["results"]:
        rates_and_losses(sheet, result)
    return {"record": sheet}


# ---- what the measurements call --------------------------------------------------------------------------------------

BENCHES = {"published": published, "latency": latency, "pace": pace, "record": record}


def add_arguments(parser):
    parser.add_argument("--svg", metavar="FOLDER", help="draw pictures into this folder too")
    parser.add_argument("--from", dest="saved", metavar="FILE", help="measure nothing: draw what --json wrote there")


def checked(parser):
    a = parser.parse_args()
    if a.saved and not a.svg:
        parser.error("--from draws: it needs --svg FOLDER")
    return a


def draw(bench, found, folder):
    """Writes the pictures of a measurement, and says where they are."""
    os.makedirs(folder, exist_ok=True)
    for name, sheet in BENCHES[bench](found).items():
        path, svg = os.path.join(folder, f"{name}.svg"), sheet.svg()
        with open(path, "w", encoding="utf-8") as out:
            out.write(svg)
        print(path)


def redraw(bench, a):
    """Draws what a measurement has saved, as `a` asks; an exit code."""
    install("pictures")
    try:
        with open(a.saved, encoding="utf-8") as file:
            draw(bench, json.load(file), a.svg)
    except (OSError, ValueError, LookupError, TypeError) as e:
        complain(f"{a.saved} cannot be drawn, or is not what {bench} --json writes: {type(e).__name__}: {e}")
    return 0
