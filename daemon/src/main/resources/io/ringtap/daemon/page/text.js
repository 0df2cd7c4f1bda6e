/** Numbers as text, the same wherever they are shown. */

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const UNITS = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
];

/** A count, exactly: 1,234,567. @param {number} value */
export function count(value) {
    return GROUPED.format(value);
}

/** Three digits and a unit: 350 k. @param {number} value */
export function short(value) {
    for (const [size, unit] of UNITS) {
        if (Math.abs(value) >= Number(size) * 0.9995) {
            return digits(value / Number(size)) + " " + unit;
        }
    }
    return digits(value);
}

/** @param {number} value */
function digits(value) {
    const size = Math.abs(value);
    return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
}

/** A share from 0 to 1 as a percentage. @param {number} value */
export function share(value) {
    const percent = 100 * value;
    return percent.toFixed(percent > 0 && percent < 10 ? 1 : 0) + " %";
}

/** A time in seconds, with the unit that suits it. @param {number} seconds */
export function time(seconds) {
    if (seconds === 0) {
        return "0 s";
    }
    if (seconds < 1e-6) {
        return digits(seconds * 1e9) + " ns";
    }
    if (seconds < 1e-3) {
        return digits(seconds * 1e6) + " µs";
    }
    return seconds < 1 ? digits(seconds * 1e3) + " ms" : digits(seconds) + " s";
}

/** How long something runs: 3 d 4 h, 12 min 5 s. @param {number} seconds */
export function duration(seconds) {
    const whole = Math.floor(seconds);
    if (whole < 60) {
        return whole + " s";
    }
    if (whole < 3600) {
        return Math.floor(whole / 60) + " min " + (whole % 60) + " s";
    }
    return whole < 86400
        ? Math.floor(whole / 3600) + " h " + Math.floor((whole % 3600) / 60) + " min"
        : Math.floor(whole / 86400) + " d " + Math.floor((whole % 86400) / 3600) + " h";
}

/** Bytes: 1.5 GB. @param {number} value */
export function bytes(value) {
    return short(value) + (value >= 1000 ? "B" : " B");
}

/** The time of day, as the browser's clock has it. @param {string | number} instant an instant, or seconds since 1970 */
export function clock(instant) {
    return new Date(typeof instant === "string" ? instant : instant * 1000).toLocaleTimeString("en-GB");
}
