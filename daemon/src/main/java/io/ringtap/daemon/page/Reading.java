package io.ringtap.daemon.page;

/**
 * A number for a chart.
 *
 * @param chart which one
 * @param name the line in it
 * @param value at a moment, or a second since the moment before
 */
record Reading(Chart chart, String name, double value) {
    /** A chart of the page, with the unit of its numbers. */
    enum Chart {
        /** Frames a second, received, handled and sent. */
        FRAMES,
        /** Frames a second that were lost, by stage. */
        LOST,
        /** Share of a ring in use, from 0 to 1. */
        FILL,
        /** Share of the time that a worker handles, from 0 to 1. */
        BUSY,
        /** Age of a worker's oldest frame, seconds. */
        LAG,
        /** Percentiles from the kernel to a handler, seconds. */
        LATENCY,
        /** How late a stream's frames are, seconds. */
        DEVIATION
    }
}
