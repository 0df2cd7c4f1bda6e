package io.ringtap.inject.mark;

/**
 * What has become of a stream's numbered frames, as far as a receiver can tell: between the lowest and the highest number
 * it has seen. Remembers the last {@value #WINDOW} numbers, in 8 KiB, however many there are. For one thread.
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
        } else if (sequence > highest) {
            forget(sequence);
            highest = sequence;
            take(sequence);
        } else if (highest - sequence >= WINDOW) {
            late++;
        } else if ((seen[word(sequence)] & bit(sequence)) != 0) {
            duplicated++;
        } else {
            reordered++;
            lowest = Math.min(lowest, sequence);
            take(sequence);
        }
    }

    /** Makes room for the numbers from the highest on to a new one. */
    private void forget(long next) {
        long from = Math.max(highest + 1, next - WINDOW + 1);
        for (long number = from; number <= next; number++) {
            seen[word(number)] &= ~bit(number);
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

    /** Numbers that never came, those of {@link #late()} frames perhaps among them. */
    public long lost() {
        return received == 0 ? 0 : highest - lowest + 1 - distinct;
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

    /** The lowest number, but for late frames. */
    public long lowest() {
        return lowest;
    }

    public long highest() {
        return highest;
    }
}
