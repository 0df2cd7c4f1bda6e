/** What the daemon's handlers answer when they are asked, which is not each second: the largest flows, the newest recordings. */

import { byId, say, showTables } from "./element.js";
import { bytes, count } from "./text.js";

/** @import { Flow, Now, Recordings } from "./look.js" */
/** @import { Table } from "./element.js" */

const EVERY_MILLIS = 3000;
const TOP = 10;

/**
 * What handlers of a type answer, each of them.
 *
 * @template A
 * @typedef {{ worker: string, capture: string, answer: A }} Reply
 */

export const showFlows = asker("flows", "flows", flowsTables);
export const showRecordings = asker("record", "recordings", recordingsTables);

/**
 * Shows what handlers of a type answer, where there are any: in the element of the id {@code name}, of that section.
 *
 * @template A
 * @param {string} type
 * @param {string} name
 * @param {(replies: Reply<A>[]) => Table[]} tables
 * @returns {(now: Now) => Promise<void>}
 */
function asker(type, name, tables) {
    let askedAt = -EVERY_MILLIS;
    return async ({ stats }) => {
        const section = byId(name + "-section");
        section.hidden = !stats.handlers.some((handler) => handler.type === type);
        const time = performance.now();
        if (section.hidden || time - askedAt < EVERY_MILLIS) {
            return;
        }
        askedAt = time;
        try {
            const answer = await (await fetch("/page/" + name)).json();
            if (answer.error) {
                say(byId(name), answer.error);
            } else {
                showTables(byId(name), tables(answer.answers));
            }
        } catch {
            // the stream of looks says so when the daemon does not answer
        }
    };
}

/** @param {Reply<{ flows: Flow[] }>[]} replies @returns {Table[]} */
function flowsTables(replies) {
    const size = (/** @type {Flow} */ flow) => flow.forward.bytes + flow.reverse.bytes;
    const largest = replies
        .flatMap(({ answer }) => answer.flows)
        .sort((one, other) => size(other) - size(one))
        .slice(0, TOP);
    return [
        {
            caption: "By bytes on the link, of the flows that are open",
            columns: ["protocol", "from", "to", "#frames there", "#bytes there", "#frames back", "#bytes back"],
            rows: largest.map((flow) => [
                flow.protocol,
                end(flow.source, flow.source_port),
                end(flow.destination, flow.destination_port),
                count(flow.forward.frames),
                bytes(flow.forward.bytes),
                count(flow.reverse.frames),
                bytes(flow.reverse.bytes),
            ]),
        },
    ];
}

/** @param {string} address @param {number | undefined} port */
function end(address, port) {
    if (port === undefined) {
        return address;
    }
    return (address.includes(":") ? "[" + address + "]" : address) + ":" + port;
}

/** A table for each folder. @param {Reply<Recordings>[]} replies @returns {Table[]} */
function recordingsTables(replies) {
    return [...new Set(replies.map(({ answer }) => answer.folder))].map((folder) => ({
        caption: "In " + folder + ", the newest first",
        columns: ["file", "#size", "ended", "worker", "capture"],
        rows: replies
            .filter(({ answer }) => answer.folder === folder)
            .flatMap(({ worker, capture, answer }) => answer.files.map((file) => ({ ...file, worker, capture })))
            .sort((one, other) => (one.ended < other.ended ? 1 : -1))
            .slice(0, TOP)
            .map((file) => [file.name, bytes(file.bytes), file.ended.slice(0, 19) + "Z", file.worker, file.capture]),
    }));
}
