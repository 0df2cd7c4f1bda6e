/** The charts of the last 15 minutes, with what happened in them. */

import uPlot from "./uPlot.js";
import { html, say } from "./element.js";
import { clock, share, short, time } from "./text.js";

/** @import { ChartName, Mark, Now, Past } from "./look.js" */

const SECONDS = 900;
const LEAST_SECONDS = 60;
const MOST = 1000;
const HEIGHT = 170;
const COLOURS = 8;

/** How many looks a key goes on. @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -60, PageDown: 60, Home: -Infinity, End: Infinity };

/** @typedef {{ name: ChartName, title: string, format: (value: number) => string, most?: number, always?: boolean }} Kind */

/** @type {Kind[]} */
const KINDS = [
    { name: "frames", title: "Frames a second", format: short, always: true },
    { name: "lost", title: "Lost a second, by stage", format: short, always: true },
    { name: "fill", title: "Rings: how full", format: share, most: 1 },
    { name: "busy", title: "Workers: busy", format: share, most: 1 },
    { name: "lag", title: "Workers: age of the oldest frame", format: time },
    { name: "latency", title: "From the kernel to the handler", format: time },
    { name: "deviation", title: "Streams: how late frames go", format: time },
];

/** All charts, which share their times. */
export class Charts {
    /** @type {number[]} seconds since 1970 */
    #times = [];
    /** @type {Mark[]} */
    #marks = [];
    /** @type {Chart[]} */
    #charts;

    /** @param {Element} parent */
    constructor(parent) {
        this.#charts = KINDS.map((kind) => new Chart(kind, parent, () => this.#marks));
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
            this.#charts.forEach((chart) => chart.rebuild());
            this.show();
        });
    }

    /** Looks that this page does not have. @param {Past} past */
    past({ times, lines }) {
        const last = this.#times.at(-1) ?? 0;
        if (times.length > 0 && /** @type {number} */ (times[0]) / 1000 <= last) {
            this.#times = []; // the clock was set back
            this.#charts.forEach((chart) => chart.clear());
        }
        times.forEach((millis, at) =>
            this.#add(
                millis,
                lines.map(([chart, name, values]) => [chart, name, values[at] ?? null]),
            ),
        );
    }

    /** The next look. @param {Now} now */
    now({ time: millis, readings, marks }) {
        this.#marks = marks;
        this.#add(millis, readings);
    }

    /** @param {number} millis @param {[ChartName, string, number | null][]} readings */
    #add(millis, readings) {
        this.#times.push(millis / 1000);
        for (const chart of this.#charts) {
            chart.add(
                this.#times.length,
                readings.filter(([name]) => name === chart.name),
            );
        }
        if (this.#times.length > MOST) {
            this.#times.shift();
            this.#charts.forEach((chart) => chart.shift());
        }
    }

    /** Draws them. */
    show() {
        this.#charts.forEach((chart) => chart.show(this.#times));
    }
}

class Chart {
    /** @type {Map<string, (number | null)[]>} */
    #lines = new Map();
    #legend = html("ul", { class: "legend" });
    #plot = html("div", { class: "plot", role: "img", tabindex: 0 });
    #figure;
    #kind;
    #marks;
    /** @type {uPlot | undefined} */
    #drawn;
    /** The time that keys have gone to. @type {number | undefined} */
    #reached;

    /** @param {Kind} kind @param {Element} parent @param {() => Mark[]} marks */
    constructor(kind, parent, marks) {
        this.#kind = kind;
        this.#marks = marks;
        this.#figure = html("figure", {}, html("figcaption", {}, kind.title), this.#plot, this.#legend);
        this.#figure.hidden = !kind.always;
        parent.append(this.#figure);
        new ResizeObserver(() => this.#fit()).observe(this.#plot);
        this.#plot.addEventListener("keydown", (event) => this.#key(event));
        this.#plot.addEventListener("blur", () => this.#leave());
    }

    get name() {
        return this.#kind.name;
    }

    /** @param {number} length with these values @param {[ChartName, string, number | null][]} readings */
    add(length, readings) {
        for (const [, name, value] of readings) {
            let line = this.#lines.get(name);
            if (!line) {
                line = [];
                this.#lines.set(name, line);
                this.rebuild();
            }
            while (line.length < length - 1) {
                line.push(null);
            }
            line.push(value);
        }
    }

    shift() {
        for (const line of this.#lines.values()) {
            line.shift();
        }
    }

    clear() {
        this.#lines.clear();
        this.rebuild();
    }

    rebuild() {
        this.#drawn?.destroy();
        this.#drawn = undefined;
        this.#legend.replaceChildren(...[...this.#lines.keys()].map((name, at) => entry(name, at)));
    }

    #fit() {
        if (this.#plot.clientWidth > 0) {
            this.#drawn?.setSize({ width: this.#plot.clientWidth, height: HEIGHT });
        }
    }

    /** @param {number[]} times */
    show(times) {
        this.#figure.hidden = !this.#kind.always && this.#lines.size === 0;
        const width = this.#plot.clientWidth;
        if (width === 0 || times.length === 0) {
            return;
        }
        const lines = [...this.#lines.values()].map((line) => [
            ...line,
            ...Array(times.length - line.length).fill(null),
        ]);
        const data = /** @type {uPlot.AlignedData} */ ([times, ...lines]);
        if (this.#drawn) {
            this.#drawn.setData(data);
            this.#point();
        } else {
            this.#drawn = new uPlot(this.#options(width), data, this.#plot);
        }
        this.#tell();
    }

    /** Keys move the cursor, as a mouse does. @param {KeyboardEvent} event */
    #key(event) {
        const steps = STEPS[event.key];
        if (event.key === "Escape") {
            this.#leave();
        } else if (this.#drawn && steps !== undefined) {
            event.preventDefault();
            const first = this.#drawn.scales["x"]?.min ?? 0;
            const times = this.#drawn.data[0].filter((each) => each >= first);
            const at = this.#reached === undefined ? times.length : times.indexOf(this.#reached);
            this.#reached = times[Math.max(0, Math.min(times.length - 1, at + steps))];
            this.#point();
        }
    }

    #point() {
        if (this.#drawn && this.#reached !== undefined) {
            this.#drawn.setCursor({ left: this.#drawn.valToPos(this.#reached, "x"), top: 0 });
        }
    }

    #leave() {
        this.#reached = undefined;
        this.#drawn?.setCursor({ left: -1, top: -1 });
    }

    /** The latest values, or those under the cursor. */
    #tell() {
        const at = this.#drawn?.cursor.idx ?? undefined;
        const told = [...this.#lines].map(([name, line], index) => {
            const value = at === undefined ? line.at(-1) : line[at];
            const text = value === null || value === undefined ? "–" : this.#kind.format(value);
            const box = this.#legend.children[index]?.querySelector("b");
            if (box) {
                say(box, text);
            }
            return name + " " + text;
        });
        this.#plot.setAttribute("aria-label", this.#kind.title + ": " + (told.join(", ") || "none"));
    }

    /** @param {number} width @returns {uPlot.Options} */
    #options(width) {
        const colour = (/** @type {string} */ name) => getComputedStyle(this.#plot).getPropertyValue(name).trim();
        const axis = {
            stroke: colour("--faint"),
            grid: { stroke: colour("--line"), width: 1 },
            ticks: { show: false },
        };
        const { format, most } = this.#kind;
        return {
            width,
            height: HEIGHT,
            padding: [10, 8, 0, 0],
            legend: { show: false },
            cursor: { sync: { key: "time" }, drag: { setScale: false }, points: { size: 6 } },
            scales: {
                x: {
                    range: (_, first, last) => [Math.min(Math.max(first, last - SECONDS), last - LEAST_SECONDS), last],
                },
                y: { range: (_, __, highest) => [0, most ?? (highest > 0 ? highest * 1.1 : 1)] },
            },
            axes: [
                { ...axis, size: 28, space: 90, values: (_, values) => values.map(clock) },
                { ...axis, size: 62, values: (_, values) => values.map(format) },
            ],
            series: [
                {},
                ...[...this.#lines.keys()].map((label, at) => ({
                    label,
                    stroke: colour(this.name === "lost" ? "--loss" : "--colour-" + (at % COLOURS)),
                    width: 1.75,
                    dash: this.name === "lost" && at > 0 ? [6, 2 + 2 * at] : [],
                    points: { show: false },
                })),
            ],
            hooks: {
                drawClear: [(plot) => this.#drawMarks(plot, colour)],
                setCursor: [() => this.#tell()],
            },
        };
    }

    /** @param {uPlot} plot @param {(name: string) => string} colour */
    #drawMarks(plot, colour) {
        const { left, top, width, height } = plot.bbox;
        for (const mark of this.#marks()) {
            const from = plot.valToPos(Date.parse(mark.from) / 1000, "x", true);
            const to = mark.to ? plot.valToPos(Date.parse(mark.to) / 1000, "x", true) : left + width;
            const begin = Math.max(left, from);
            if (to >= left) {
                plot.ctx.fillStyle = colour("--mark-" + mark.kind);
                plot.ctx.fillRect(
                    begin,
                    top,
                    Math.max(2 * devicePixelRatio, Math.min(to, left + width) - begin),
                    height,
                );
            }
        }
    }
}

/** @param {string} name @param {number} at */
function entry(name, at) {
    return html("li", { class: "line-" + (at % COLOURS) }, html("i"), html("span", {}, name), " ", html("b"));
}
