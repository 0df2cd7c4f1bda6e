/** What was lost, and what happened: each with its cause, and what to do about it. */

import { html } from "./element.js";
import { clock } from "./text.js";

/** @import { Loss, Mark } from "./look.js" */

/** @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/** @param {Element} parent @param {unknown} content whether something else is shown than before */
function changed(parent, content) {
    const text = JSON.stringify(content);
    const other = shown.get(parent) !== text;
    shown.set(parent, text);
    return other;
}

/** @param {Element} parent @param {Loss[]} losses */
export function showLosses(parent, losses) {
    if (changed(parent, losses)) {
        parent.replaceChildren(
            ...losses.map(({ cause, cure }) =>
                html("li", { class: "loss" }, html("b", {}, cause), html("span", {}, cure)),
            ),
        );
    }
}

/** @param {Element} parent @param {Mark[]} marks the latest are shown first */
export function showMarks(parent, marks) {
    if (!changed(parent, marks)) {
        return;
    }
    if (marks.length === 0) {
        parent.replaceChildren(
            html("p", { class: "quiet" }, "Nothing was lost, no interface was away, nothing was reloaded."),
        );
        return;
    }
    parent.replaceChildren(
        html(
            "ol",
            {},
            ...marks
                .toReversed()
                .map((mark) =>
                    html(
                        "li",
                        { class: mark.kind },
                        html("time", { datetime: mark.from }, when(mark)),
                        html("b", {}, mark.what),
                        html("span", {}, mark.cause),
                        html("span", { class: "cure" }, mark.cure),
                    ),
                ),
        ),
    );
}

/** @param {Mark} mark */
function when({ from, to }) {
    const begin = clock(from);
    if (!to) {
        return begin + " until now";
    }
    return clock(to) === begin ? begin : begin + " – " + clock(to);
}
