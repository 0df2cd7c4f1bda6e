package io.ringtap.ledger;

import java.util.OptionalDouble;

/**
 * How far the reading of capture files is.
 *
 * @param readBytes bytes of all files that were read
 * @param bytes bytes of all files
 * @param filesLeft files that are not read to their end
 * @param files files
 * @param seconds since the first frame was asked for
 */
public record FileProgress(long readBytes, long bytes, int filesLeft, int files, double seconds) {
    /** The share that was read, from 0 to 1. */
    public double share() {
        return bytes == 0 ? 1 : Math.min(1, (double) readBytes / bytes);
    }

    /** Seconds until all is read, if it goes on as it did so far; absent before anything is read. */
    public OptionalDouble secondsLeft() {
        return readBytes == 0 || seconds <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(0, seconds * (bytes - readBytes) / readBytes));
    }
}
