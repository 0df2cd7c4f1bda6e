package io.ringtap.ledger;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The counts of what a detached worker has spilled: what did not fit into its queue, and waits on a disk. All counts are frames,
 * unless they say bytes.
 *
 * @param waiting spilled, and not yet back in the queue
 * @param bytes taken of the limit, in memory and on the disk: a segment's until all of it has been handled
 * @param limitBytes the most that is taken
 * @param spilled spilled since the start
 * @param resumed left by an earlier run, and taken over by this one; not among those published
 * @param kept not handled when the worker was stopped, and left for the next start
 * @param shedFull shed because the limit was reached
 * @param shedFailed shed because the disk refused
 * @param shedSlow shed because the disk did not take them in time
 * @param unreadable spilled, and not to be read again
 * @param in what is spilled, of late
 * @param out what comes back, of late
 * @param fault why the disk refuses now; empty if it does not
 */
public record SpillCounts(
        long waiting,
        long bytes,
        long limitBytes,
        long spilled,
        long resumed,
        long kept,
        long shedFull,
        long shedFailed,
        long shedSlow,
        long unreadable,
        Rate in,
        Rate out,
        String fault) {
    /** No spill. */
    public static final SpillCounts NONE = new SpillCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Rate.NONE, Rate.NONE, "");

    /**
     * A rate over some seconds.
     *
     * @param framesPerSecond frames
     * @param bytesPerSecond what they take on the disk
     */
    public record Rate(double framesPerSecond, double bytesPerSecond) {
        /** Nothing. */
        public static final Rate NONE = new Rate(0, 0);

        Rate plus(Rate other) {
            return new Rate(framesPerSecond + other.framesPerSecond, bytesPerSecond + other.bytesPerSecond);
        }
    }

    /** Without what it had counted at an earlier look. */
    SpillCounts minus(SpillCounts earlier) {
        return new SpillCounts(
                waiting,
                bytes,
                limitBytes,
                spilled - earlier.spilled,
                resumed - earlier.resumed,
                kept - earlier.kept,
                shedFull - earlier.shedFull,
                shedFailed - earlier.shedFailed,
                shedSlow - earlier.shedSlow,
                unreadable - earlier.unreadable,
                in,
                out,
                fault);
    }

    /** Frames shed, for whichever reason. */
    public long shed() {
        return shedFull + shedFailed + shedSlow + unreadable;
    }

    /** Seconds until nothing waits, as it goes on now; absent if nothing does, or it does not get less. */
    public OptionalDouble caughtUpSeconds() {
        double less = out.framesPerSecond - in.framesPerSecond;
        return waiting > 0 && less > 0 ? OptionalDouble.of(waiting / less) : OptionalDouble.empty();
    }

    /** Seconds until the limit is reached, as it goes on now; absent if it does not get more. */
    public OptionalDouble limitSeconds() {
        double more = in.bytesPerSecond - out.bytesPerSecond;
        return waiting > 0 && more > 0
                ? OptionalDouble.of(Math.max(0, limitBytes - bytes) / more)
                : OptionalDouble.empty();
    }

    /** Says what becomes of it, as it goes on now; absent if nothing waits, or it gets neither more nor less. */
    public Optional<String> outlook() {
        if (caughtUpSeconds().isPresent()) {
            return Optional.of("caught up in " + time(caughtUpSeconds().getAsDouble()));
        }
        return limitSeconds().isPresent()
                ? Optional.of("the limit is reached in " + time(limitSeconds().getAsDouble()))
                : Optional.empty();
    }

    /** Writes a time, of which a rate is known, in its largest unit and the next. */
    public static String time(double seconds) {
        if (seconds < 100) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 7_200
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3_600 + " h " + whole % 3_600 / 60 + " min";
    }

    /** Returns the sum over several kernel rings. */
    public SpillCounts plus(SpillCounts other) {
        return new SpillCounts(
                waiting + other.waiting,
                bytes + other.bytes,
                limitBytes + other.limitBytes,
                spilled + other.spilled,
                resumed + other.resumed,
                kept + other.kept,
                shedFull + other.shedFull,
                shedFailed + other.shedFailed,
                shedSlow + other.shedSlow,
                unreadable + other.unreadable,
                in.plus(other.in),
                out.plus(other.out),
                fault.isEmpty() ? other.fault : fault);
    }

    /** Returns what is left of them when the worker has ended. */
    SpillCounts ended() {
        return new SpillCounts(
                0, 0, 0, spilled, resumed, kept, shedFull, shedFailed, shedSlow, unreadable, Rate.NONE, Rate.NONE, "");
    }
}
