package io.ringtap.inject.mark;

import java.util.Arrays;

/**
 * The tally of a stream's numbered frames, as far as a receiver can tell: between the lowest and the highest number it has
 * seen. Remembers the last {@value #WINDOW} numbers, in 8 KiB, however many there are. Numbers are 64 bits without sign, and
 * may be anything: without a CRC nobody knows that a mark is damaged. For one thread.
 */
public final class StreamTally {
    /** Numbers at and below the highest that are remembered one by one. */
    public static final int WINDOW = 1 << 16;

    private final long[] seen = new long[WINDOW / Long.SIZE];
    private long lowest;
    private long highest;
    private long received;
    private long distinct;
    private long duplicated;
    private long reordered;
    private long late;

    /** Counts a frame. */
    public void receive(long sequence) {
        if (received++ == 0) {
            lowest = sequence;
            highest = sequence;
            take(sequence);
        } else if (Long.compareUnsigned(sequence, highest) > 0) {
            forget(sequence - highest);
            highest = sequence;
            take(sequence);
        } else if (Long.compareUnsigned(highest - sequence, WINDOW) >= 0) {
            late++;
        } else if ((seen[word(sequence)] & bit(sequence)) != 0) {
            duplicated++;
        } else {
            reordered++;
            lowest = Long.compareUnsigned(sequence, lowest) < 0 ? sequence : lowest;
            take(sequence);
        }
    }

    /** Makes room for so many numbers behind the highest. */
    private void forget(long count) {
        if (Long.compareUnsigned(count, WINDOW) >= 0) {
            Arrays.fill(seen, 0);
            return;
        }
        for (int i = 1; i <= count; i++) {
            seen[word(highest + i)] &= ~bit(highest + i);
        }
    }

    private void take(long sequence) {
        seen[word(sequence)] |= bit(sequence);
        distinct++;
    }

    private static int word(long sequence) {
        return (int) (sequence & (WINDOW - 1)) / Long.SIZE;
    }

    private static long bit(long sequence) {
        return 1L << sequence;
    }

    /** Frames, doubles and all. */
    public long received() {
        return received;
    }

    /** Numbers that never came, those of {@link #late()} frames perhaps among them; more than a {@code long} holds count as its most. */
    public long lost() {
        long lost = received == 0 ? 0 : highest - lowest + 1 - distinct;
        return lost < 0 ? Long.MAX_VALUE : lost;
    }

    /** Frames whose number had come before. */
    public long duplicated() {
        return duplicated;
    }

    /** Frames that came for the first time, after one of a higher number. */
    public long reordered() {
        return reordered;
    }

    /** Frames {@value #WINDOW} numbers and more behind the highest: reordered or duplicated, which is not known any more. */
    public long late() {
        return late;
    }

    /** The lowest number, but for late frames; 64 bits without sign. */
    public long lowest() {
        return lowest;
    }

    /** The highest number; 64 bits without sign. */
    public long highest() {
        return highest;
    }
}
