/** The largest flows, where a worker has the handler that keeps them. The daemon's handlers are asked, so not each second. */

import { showTables } from "./element.js";
import { bytes, count } from "./text.js";

/** @import { Flow, Now } from "./look.js" */

const EVERY_MILLIS = 3000;
const TOP = 10;

let askedAt = -EVERY_MILLIS;

/** @param {HTMLElement} section @param {Element} parent @param {Now} now */
export async function showFlows(section, parent, { stats }) {
    section.hidden = !stats.handlers.some(({ type }) => type === "flows");
    const time = performance.now();
    if (section.hidden || time - askedAt < EVERY_MILLIS) {
        return;
    }
    askedAt = time;
    try {
        const answer = await (await fetch("/page/flows")).json();
        if (answer.error) {
            parent.textContent = answer.error;
            return;
        }
        /** @type {Flow[]} */
        const flows = answer.answers.flatMap((/** @type {{ answer: { flows: Flow[] } }} */ each) => each.answer.flows);
        show(parent, flows);
    } catch {
        // the stream of looks says so when the daemon does not answer
    }
}

/** @param {Element} parent @param {Flow[]} flows */
function show(parent, flows) {
    const size = (/** @type {Flow} */ flow) => flow.forward.bytes + flow.reverse.bytes;
    const largest = flows.sort((one, other) => size(other) - size(one)).slice(0, TOP);
    showTables(parent, [
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
    ]);
}

/** @param {string} address @param {number | undefined} port */
function end(address, port) {
    if (port === undefined) {
        return address;
    }
    return (address.includes(":") ? "[" + address + "]" : address) + ":" + port;
}
