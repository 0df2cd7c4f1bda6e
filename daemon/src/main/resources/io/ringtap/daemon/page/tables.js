/** All counts, as `ringtap stats` shows them. */

import { showTables as put } from "./element.js";
import { count, share, time } from "./text.js";

/** @import { HandlerTable, Now } from "./look.js" */
/** @import { Table } from "./element.js" */

/** Of a handler's table, which may have any number. */
const MOST_ROWS = 50;

const NONE = "–";

/** @param {Element} parent @param {Now} now */
export function showTables(parent, { stats }) {
    put(
        parent,
        [captures(stats), workers(stats), streams(stats), ...stats.handlers.map(handler)].filter(
            ({ rows }) => rows.length,
        ),
    );
}

/** @param {number | undefined} value @param {(value: number) => string} format */
function optional(value, format) {
    return value === undefined ? NONE : format(value);
}

/** @param {Now["stats"]} stats @returns {Table} */
function captures({ captures }) {
    return {
        caption: "Captures",
        columns: ["name", "interface", "state", "#received", "#before the tap", "#kernel ring", "#published", "#gaps"],
        rows: captures.map((each) => [
            each.name,
            each.interface,
            each.state,
            count(each.received),
            optional(each.interface_dropped, (dropped) => count(dropped + (each.driver_dropped ?? 0))),
            count(each.kernel_dropped + (each.unread ?? 0)),
            count(each.published),
            count(each.gap_count ?? 0),
        ]),
    };
}

/** @param {Now["stats"]} stats @returns {Table} */
function workers({ workers }) {
    return {
        caption: "Workers",
        columns: ["name", "capture", "delivery", "#delivered", "#failed", "#shed", "#behind", "#oldest", "#busy"],
        rows: workers.map((each) => [
            each.name,
            each.capture,
            each.delivery,
            count(each.delivered),
            count(each.failed),
            count(each.shed),
            count(each.lag),
            optional(each.lag_seconds, time),
            optional(each.busy_share, share),
        ]),
    };
}

/** @param {Now["stats"]} stats @returns {Table} */
function streams({ injects }) {
    return {
        caption: "Streams",
        columns: ["name", "interface", "#sent", "#failed", "why", "#asked a second", "#achieved", "#late, p99"],
        rows: injects.map((each) => [
            each.name,
            each.interface,
            count(each.sent),
            count(each.failed),
            Object.entries(each.failures)
                .map(([cause, frames]) => cause + ": " + count(frames))
                .join(", "),
            optional(each.asked_pps, count),
            optional(each.achieved_pps, count),
            optional(each.deviation_p99_seconds, time),
        ]),
    };
}

/** @param {HandlerTable} handler @returns {Table} */
function handler({ worker, capture, type, table }) {
    const rows = Object.entries(table);
    const columns = [...new Set(rows.flatMap(([, row]) => Object.keys(row)))];
    const more = rows.length - MOST_ROWS;
    return {
        caption: `Handler ${type} of ${worker} on ${capture}` + (more > 0 ? `, without ${count(more)} more rows` : ""),
        columns: ["row", ...columns.map((column) => "#" + column)],
        rows: rows
            .slice(0, MOST_ROWS)
            .map(([name, row]) => [name, ...columns.map((column) => optional(row[column], count))]),
    };
}
