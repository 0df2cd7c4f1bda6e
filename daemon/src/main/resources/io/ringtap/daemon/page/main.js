/** The page: follows the daemon's stream of looks, and shows each. */

import { showFlows, showRecordings } from "./answers.js";
import { Charts } from "./charts.js";
import { byId, say } from "./element.js";
import { showLosses, showMarks } from "./marks.js";
import { showPipe } from "./pipe.js";
import { showTables } from "./tables.js";
import { duration } from "./text.js";

/** @import { Now, Past } from "./look.js" */

/** Without a look for so long the daemon does not answer. */
const PATIENCE_MILLIS = 3000;

const charts = new Charts(byId("charts"));
const connection = byId("connection");
const verdict = byId("verdict");

/** @type {Now | undefined} */
let shown;
let seenAt = performance.now();

const stream = new EventSource("/page/looks");
stream.addEventListener("past", (event) => charts.past(/** @type {Past} */ (JSON.parse(event.data))));
stream.addEventListener("now", (event) => {
    shown = /** @type {Now} */ (JSON.parse(event.data));
    seenAt = performance.now();
    charts.now(shown);
    show();
});

function show() {
    if (!shown || document.hidden) {
        return;
    }
    const { ledger } = shown.stats;
    say(verdict, ledger.verdict);
    verdict.className = ledger.unaccounted > 0 || ledger.lost > 0 ? "bad" : "good";
    document.title = (ledger.lost > 0 ? "lost " + ledger.lost + " – " : "") + "ringtap";
    showPipe(byId("pipe"), shown);
    showLosses(byId("losses"), ledger.losses);
    charts.show();
    showMarks(byId("marks"), shown.marks);
    showTables(byId("tables"), shown);
    showFlows(shown);
    showRecordings(shown);
    showConnection();
}

function showConnection() {
    const silent = performance.now() - seenAt > PATIENCE_MILLIS;
    const text = silent
        ? "the daemon does not answer; what you see is old"
        : shown
          ? "up " + duration(shown.stats.uptime_seconds)
          : "";
    say(connection, text);
    document.body.classList.toggle("silent", silent);
}

setInterval(showConnection, 1000);
document.addEventListener("visibilitychange", show);
new ResizeObserver(show).observe(byId("pipe"));
