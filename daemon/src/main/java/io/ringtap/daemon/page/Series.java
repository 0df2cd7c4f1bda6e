package io.ringtap.daemon.page;

import java.util.Arrays;

/** The values of one line of a chart, a second each, in a ring that holds the last ones. */
final class Series {
    private final float[] values;
    private long last = -1;

    /** One that holds so many. */
    Series(int size) {
        values = new float[size];
        Arrays.fill(values, Float.NaN);
    }

    /** Sets the value of a second; those that were passed over since the last one have none. */
    void set(long second, double value) {
        for (long passed = Math.max(last + 1, second - values.length); passed < second; passed++) {
            values[at(passed)] = Float.NaN;
        }
        values[at(second)] = (float) value;
        last = second;
    }

    /** Returns the value of a second that is held; NaN if there is none. */
    float value(long second) {
        return second > last || second <= last - values.length ? Float.NaN : values[at(second)];
    }

    /** Returns the last second that has a value. */
    long last() {
        return last;
    }

    private int at(long second) {
        return (int) Math.floorMod(second, (long) values.length);
    }
}
