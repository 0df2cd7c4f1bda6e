package io.ringtap.capture.ring.spill;

import io.ringtap.ledger.SpillCounts.Rate;

/** How fast something grows, over the last {@value #TURN_NANOS} ns to twice as much. One thread looks, any reads. */
final class SpillRates {
    private static final long TURN_NANOS = 5_000_000_000L;

    private record Mark(long atNanos, long frames, long bytes) {}

    private record Span(Mark from, Mark next, Mark last) {}

    private volatile Span span;

    SpillRates(long nanoTime) {
        Mark start = new Mark(nanoTime, 0, 0);
        span = new Span(start, start, start);
    }

    /** It is so much now; to be called several times a second. */
    void look(long nanoTime, long frames, long bytes) {
        Span before = span;
        Mark now = new Mark(nanoTime, frames, bytes);
        boolean turn = nanoTime - before.next.atNanos >= TURN_NANOS;
        span = new Span(turn ? before.next : before.from, turn ? now : before.next, now);
    }

    Rate rate() {
        Span seen = span;
        double seconds = (seen.last.atNanos - seen.from.atNanos) / 1e9;
        return seconds <= 0
                ? Rate.NONE
                : new Rate(
                        (seen.last.frames - seen.from.frames) / seconds, (seen.last.bytes - seen.from.bytes) / seconds);
    }
}
