/** Makes elements. Text becomes text, never markup: whatever a name holds is shown as it is. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
export function html(name, attributes = {}, ...children) {
    return filled(document.createElement(name), attributes, children);
}

/**
 * @template {keyof SVGElementTagNameMap} N
 * @param {N} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
export function svg(name, attributes = {}, ...children) {
    return filled(document.createElementNS(SVG, name), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 */
function filled(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        element.setAttribute(name, String(value));
    }
    element.append(...children);
    return element;
}

/** The element of an id, which is there. @param {string} id */
export function byId(id) {
    const element = document.getElementById(id);
    if (!element) {
        throw new Error("no element " + id);
    }
    return element;
}

/** Sets a text only if it is another one: what is selected, or read out, stays. @param {Element} element @param {string} text */
export function say(element, text) {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}

/**
 * A table: its caption, its columns, of which those that begin with "#" hold numbers, and its rows.
 *
 * @typedef {{ caption: string, columns: string[], rows: string[][] }} Table
 */

/**
 * Shows tables in place of those that were shown before. What has not changed stays, so that it can be read and scrolled.
 *
 * @param {Element} parent
 * @param {Table[]} tables
 */
export function showTables(parent, tables) {
    tables.forEach((table, at) => {
        const shape = JSON.stringify([table.caption, table.columns]);
        let box = parent.children[at];
        if (!(box instanceof HTMLElement) || box.dataset["shape"] !== shape) {
            const made = emptyTable(table);
            made.dataset["shape"] = shape;
            box ? box.replaceWith(made) : parent.append(made);
            box = made;
        }
        fill(/** @type {HTMLTableSectionElement} */ (box.querySelector("tbody")), table);
    });
    while (parent.children.length > tables.length) {
        parent.lastElementChild?.remove();
    }
}

/** @param {Table} table */
function emptyTable({ caption, columns }) {
    const head = columns.map((column) => html("th", { scope: "col", ...kind(column) }, column.replace("#", "")));
    return html(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
        html("table", {}, html("caption", {}, caption), html("thead", {}, html("tr", {}, ...head)), html("tbody")),
    );
}

/** @param {string} column */
function kind(column) {
    return column.startsWith("#") ? { class: "number" } : {};
}

/** @param {HTMLTableSectionElement} body @param {Table} table */
function fill(body, { columns, rows }) {
    while (body.rows.length > rows.length) {
        body.deleteRow(-1);
    }
    rows.forEach((row, at) => {
        const line = body.rows[at] ?? body.insertRow();
        columns.forEach((column, cell) => {
            const box = line.cells[cell] ?? line.appendChild(html("td", kind(column)));
            say(box, row[cell] ?? "");
        });
    });
}
