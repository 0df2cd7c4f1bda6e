/** The drawing of the pipe: from the interfaces to the handlers, and from the streams back out. */

import { say, svg } from "./element.js";
import { count, share, short, time } from "./text.js";

/** @import { Capture, Inject, Now, Worker } from "./look.js" */

const GAP = 46;
const ROW_GAP = 22;
const HEIGHT = 104;
const HANDLER_HEIGHT = 19;
const NARROW = 760;
const WIDEST = 280;

/** @typedef {{ x: number, y: number, width: number, height: number }} Place */
/** @typedef {{ value: string, note: string, fill?: number | undefined, lost?: string, state?: string, lines?: string[] }} Told */

/** @type {string | undefined} */
let shape;
/** @type {((now: Now) => void)[]} */
let updates = [];

/** @param {Element} parent @param {Now} now */
export function showPipe(parent, now) {
    const width = Math.floor(parent.clientWidth);
    const { captures, workers, injects } = now.stats;
    const parts = [
        captures.map(({ name }) => name),
        workers.map(({ name, capture, delivery, handlers }) => [name, capture, delivery, handlers?.length]),
        injects.map(({ name }) => name),
    ];
    const wanted = JSON.stringify([width, parts]);
    if (shape !== wanted) {
        shape = wanted;
        updates = [];
        parent.replaceChildren(new Drawing(width, now).draw());
    }
    updates.forEach((update) => update(now));
}

/** @param {Now} now @param {string} line of the chart of frames */
function rate({ readings }, line) {
    return readings.find(([chart, name]) => chart === "frames" && name === line)?.[2] ?? 0;
}

/** @param {Now} now @param {string} stage */
function lossRate({ readings }, stage) {
    return readings.find(([chart, name]) => chart === "lost" && name === stage)?.[2] ?? 0;
}

/** @param {number} frames @param {number} aSecond */
function lost(frames, aSecond) {
    return frames === 0 ? "" : count(frames) + " lost" + (aSecond > 0 ? ", " + short(aSecond) + "/s" : "");
}

class Drawing {
    #wires = svg("g");
    #boxes = svg("g");
    #y = 4;
    #wide;
    #box;

    /** @param {number} width @param {Now} now */
    constructor(width, now) {
        this.width = width;
        this.now = now;
        this.#wide = width >= NARROW;
        const columns = now.stats.workers.some(({ delivery }) => delivery === "detach") ? 5 : 4;
        this.#box = Math.min(WIDEST, this.#wide ? Math.floor((width - 4 - (columns - 1) * GAP) / columns) : width - 34);
        this.columns = columns;
    }

    draw() {
        this.now.stats.captures.forEach((capture) => this.#capture(capture.name));
        this.now.stats.injects.forEach((stream) => this.#stream(stream.name, stream.interface));
        const height = Math.max(40, this.#y);
        const { captures, workers, injects } = this.now.stats;
        const label = `The pipe: ${captures.length} captures, ${workers.length} workers, ${injects.length} streams. Their counts are in the tables below.`;
        return svg(
            "svg",
            { width: this.width, height, viewBox: `0 0 ${this.width} ${height}`, role: "img", "aria-label": label },
            this.#wires,
            this.#boxes,
        );
    }

    /** The place of a column; of the only one there is, below what is there, where it is narrow. @param {number} column @param {number} y @param {number} height */
    #place(column, y, height) {
        const x = this.#wide
            ? 2 + column * (this.#box + (this.width - 4 - this.columns * this.#box) / (this.columns - 1))
            : 2 + (column > 2 ? 30 : 0);
        return { x, y, width: this.#box, height };
    }

    /** @param {string} name */
    #capture(name) {
        const of = (/** @type {Now} */ now) => now.stats.captures.find((each) => each.name === name);
        const workers = this.now.stats.workers.filter(({ capture }) => capture === name);
        const first = this.#y;
        /** @type {[(capture: Capture, now: Now) => Told, string][]} */
        const kinds = [
            [interfaceTold, name],
            [kernelRingTold, "kernel ring"],
            [ringTold, "ring"],
        ];
        const stages = kinds.map(([tell, title], column) => {
            const place = this.#place(column, this.#wide ? first : this.#y, HEIGHT);
            this.#grow(place);
            this.#stage(place, tell, of, title);
            return place;
        });
        const [from, kernel, ring] = /** @type {[Place, Place, Place]} */ (stages);
        this.#wire(from, kernel, (now) => rate(now, name + " received"));
        this.#wire(kernel, ring, (now) => rate(now, name + " received") - lossRate(now, name + " kernel ring"));
        let y = first;
        for (const worker of workers) {
            y = this.#wide ? y : this.#y;
            y = this.#worker(worker, ring, y) + ROW_GAP;
        }
        this.#y = Math.max(this.#y, this.#wide ? y : 0) + (this.#wide ? 0 : ROW_GAP);
    }

    /** @param {Place} place */
    #grow(place) {
        this.#y = Math.max(this.#y, place.y + place.height + (this.#wide ? 4 : ROW_GAP));
    }

    /** @param {Worker} worker @param {Place} ring @param {number} y */
    #worker(worker, ring, y) {
        const of = (/** @type {Now} */ now) =>
            now.stats.workers.find((each) => each.name === worker.name && each.capture === worker.capture);
        const name = worker.name + " on " + worker.capture;
        const handled = (/** @type {Now} */ now) => rate(now, name + " handled");
        let from = ring;
        if (worker.delivery === "detach") {
            const queue = this.#place(3, y, HEIGHT);
            this.#grow(queue);
            const stage = worker.capture + " queue of " + worker.name;
            this.#stage(
                queue,
                (/** @type {Worker} */ each, now) => ({
                    value: short(each.lag),
                    note: "frames wait",
                    lost: lost(each.shed, lossRate(now, stage)),
                }),
                of,
                "queue",
            );
            this.#wire(ring, queue, (now) => handled(now) + lossRate(now, stage));
            from = queue;
            y = this.#wide ? y : this.#y;
        }
        const lines = worker.handlers?.length ?? 0;
        const place = this.#place(this.columns - 1, y, HEIGHT + lines * HANDLER_HEIGHT + (lines > 0 ? 6 : 0));
        this.#grow(place);
        this.#stage(place, workerTold, of, worker.name, lines);
        this.#wire(from, place, handled);
        return place.y + place.height;
    }

    /** @param {string} name @param {string} interfaceName */
    #stream(name, interfaceName) {
        const y = this.#y + ROW_GAP / 2;
        const of = (/** @type {Now} */ now) => now.stats.injects.find((each) => each.name === name);
        const sent = (/** @type {Now} */ now) => rate(now, name + " sent");
        const from = this.#place(this.#wide ? 1 : 0, y, HEIGHT - 16);
        const to = this.#place(0, this.#wide ? y : y + HEIGHT - 16 + ROW_GAP, HEIGHT - 16);
        this.#stage(from, streamTold, of, name);
        this.#stage(
            to,
            (/** @type {Inject} */ each, now) => ({ value: short(sent(now)) + "/s", note: "out of " + each.interface }),
            of,
            interfaceName,
        );
        this.#wire(from, to, sent);
        this.#grow(this.#wide ? from : to);
    }

    /**
     * A box, and what is told in it.
     *
     * @template T
     * @param {Place} place
     * @param {(part: T, now: Now) => Told} tell
     * @param {(now: Now) => T | undefined} of
     * @param {string} title
     * @param {number} lines
     */
    #stage({ x, y, width, height }, tell, of, title, lines = 0) {
        const text = (/** @type {string} */ kind, /** @type {number} */ dy) =>
            svg("text", { class: kind, x: x + 14, y: y + dy });
        const value = text("value", 52);
        const note = text("note", 71);
        const loss = text("loss", 92);
        const bar = svg("rect", { class: "bar", x: x + 14, y: y + 82, width: 0, height: 5, rx: 2.5 });
        const track = svg("rect", { class: "track", x: x + 14, y: y + 82, width: width - 28, height: 5, rx: 2.5 });
        const more = Array.from({ length: lines }, (_, at) => text("line", HEIGHT + 6 + at * HANDLER_HEIGHT));
        const name = text("title", 25);
        name.textContent = fitted(title, width - 28, 7.6);
        const box = svg(
            "g",
            { class: "stage" },
            svg("title", {}, title),
            svg("rect", { class: "box", x, y, width, height, rx: 10 }),
            name,
        );
        box.append(value, note, track, bar, loss, ...more);
        this.#boxes.append(box);
        updates.push((now) => {
            const part = of(now);
            if (!part) {
                return;
            }
            const told = tell(part, now);
            say(value, told.value);
            say(note, fitted(told.note, width - 28, 6.4));
            say(loss, fitted(told.lost ?? "", width - 28, 6.9));
            more.forEach((line, at) => say(line, fitted(told.lines?.[at] ?? "", width - 28, 6.2)));
            const fill = told.lost ? undefined : told.fill;
            track.setAttribute("visibility", fill === undefined ? "hidden" : "visible");
            bar.setAttribute("width", String((fill ?? 0) * (width - 28)));
            box.setAttribute(
                "class",
                "stage" +
                    (told.lost ? " losing" : "") +
                    ((told.fill ?? 0) > 0.8 ? " full" : "") +
                    " " +
                    (told.state ?? ""),
            );
        });
    }

    /** @param {Place} from @param {Place} to @param {(now: Now) => number} speed frames a second */
    #wire(from, to, speed) {
        const wire = svg("path", { class: "wire", d: this.#path(from, to) });
        const flow = svg("path", { class: "flow", d: this.#path(from, to) });
        this.#wires.append(wire, flow);
        updates.push((now) => {
            const rate = Math.max(0, speed(now));
            const seconds = (1.6 / (1 + Math.floor(Math.log10(Math.max(1, rate))))).toFixed(2) + "s";
            if (flow.style.animationDuration !== seconds) {
                flow.style.animationDuration = seconds;
            }
            flow.setAttribute("visibility", rate > 0 ? "visible" : "hidden");
            flow.setAttribute("stroke-width", String(2 + Math.log10(1 + rate) * 0.7));
        });
    }

    /** @param {Place} from @param {Place} to */
    #path(from, to) {
        if (this.#wide) {
            const back = to.x < from.x;
            const x1 = back ? from.x : from.x + from.width;
            const x2 = back ? to.x + to.width : to.x;
            const y1 = Math.min(from.y + from.height / 2, from.y + HEIGHT / 2);
            const y2 = Math.min(to.y + to.height / 2, to.y + HEIGHT / 2);
            const middle = x2 - (back ? -GAP : GAP) / 2;
            return y1 === y2
                ? `M${x1} ${y1}H${x2}`
                : `M${x1} ${y1}H${middle - 8}Q${middle} ${y1} ${middle} ${y1 + 8}V${y2 - 8}Q${middle} ${y2} ${middle + 8} ${y2}H${x2}`;
        }
        const y = from.y + from.height;
        if (to.x > from.x) {
            return `M${from.x + 14} ${y}V${to.y + 30}Q${from.x + 14} ${to.y + 38} ${from.x + 22} ${to.y + 38}H${to.x}`;
        }
        return `M${from.x + 40} ${y}V${to.y}`;
    }
}

/** @param {Capture} capture @param {Now} now @returns {Told} */
function interfaceTold(capture, now) {
    const before = (capture.interface_dropped ?? 0) + (capture.driver_dropped ?? 0);
    return {
        value: short(rate(now, capture.name + " received")) + "/s",
        note: capture.interface + (capture.state === "running" ? "" : ", " + capture.state),
        lost: lost(before, lossRate(now, capture.name + " before the tap")),
        state: capture.state,
    };
}

/** @param {Capture} capture @param {Now} now @returns {Told} */
function kernelRingTold(capture, now) {
    const { kernel_ring_fill: fill, kernel_dropped: dropped, unread = 0 } = capture;
    return {
        value: fill === undefined ? "–" : share(fill),
        note: "full",
        fill,
        lost: lost(dropped + unread, lossRate(now, capture.name + " kernel ring")),
    };
}

/** @param {Capture} capture @returns {Told} */
function ringTold(capture) {
    const fill = capture.ring_capacity === 0 ? undefined : capture.ring_used / capture.ring_capacity;
    return {
        value: fill === undefined ? "–" : share(fill),
        note: `full, of ${count(capture.ring_capacity)} frames`,
        fill,
    };
}

/** @param {Worker} worker @param {Now} now @returns {Told} */
function workerTold(worker, now) {
    const { busy_share: busy, lag_seconds: lag } = worker;
    return {
        value: short(rate(now, `${worker.name} on ${worker.capture} handled`)) + "/s",
        note: [worker.delivery, busy === undefined ? "" : share(busy) + " busy", lag ? time(lag) + " behind" : ""]
            .filter(Boolean)
            .join(" · "),
        fill: busy,
        lines: (worker.handlers ?? []).map(({ type, busy_share, p99_seconds }) => {
            const slow = p99_seconds === undefined ? "" : ", p99 " + time(p99_seconds);
            return `${type.split(".").at(-1)}  ${share(busy_share)}${slow}`;
        }),
    };
}

/** @param {Inject} stream @returns {Told} */
function streamTold({ sent, failed, interface: name, deviation_p99_seconds: late }) {
    return {
        value: count(sent),
        note:
            "sent" +
            (failed > 0 ? ", " + count(failed) + " failed" : "") +
            (late === undefined ? " to " + name : ", p99 " + time(late) + " late"),
    };
}

/** A text that does not go beyond its box; all of it is in the tables. @param {string} text @param {number} width @param {number} letter */
function fitted(text, width, letter) {
    const most = Math.floor(width / letter);
    return text.length > most ? text.slice(0, Math.max(1, most - 1)) + "…" : text;
}
