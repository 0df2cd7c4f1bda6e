package io.ringtap.capture;

import io.ringtap.ledger.GapCounts;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * An open source of frames: an interface's kernel ring, or a file. Made open, by its own {@code open}; owned by the
 * capture thread, except for {@link #counts()}.
 */
public interface CaptureSource extends AutoCloseable {
    /** {@link #poll} found the end of the file. */
    int END = -1;

    /** {@link #poll} failed, for good: {@link #failure()} says why. */
    int FAILED = -2;

    /** The sink took no more: it was told to give up. */
    int REFUSED = -3;

    /** Accepts frames, and counts them, from now on; once, before the first {@link #poll}. */
    void accept() throws OpenException;

    /**
     * Puts the frames that are there into the sink, at most {@code limit}; does not wait for frames.
     *
     * @return how many, 0 if none was there, or {@link #END}, {@link #FAILED}, {@link #REFUSED}
     */
    int poll(FrameSink sink, int limit);

    /** Waits until a frame may be there, for at most {@code maximum}. */
    void await(Duration maximum);

    /** What the source itself counted since it was opened; any thread. */
    SourceCounts counts();

    /** The share of the kernel ring that holds frames now, from 0 to 1; absent where there is none. Any thread. */
    default OptionalDouble ringFill() {
        return OptionalDouble.empty();
    }

    /** Whether its interface gives no frame now; {@link #gaps()} say why. Any thread. */
    default boolean isWaiting() {
        return false;
    }

    /** When its interface gave no frame; for a file, never. Any thread. */
    default GapCounts gaps() {
        return GapCounts.NONE;
    }

    /** Accepts no further frame; what was accepted before can still be read. For a file, does nothing. */
    void quiesce();

    /**
     * Why {@link #poll} said {@link #FAILED}: what, where, why, what to do; or, with {@link #END}, that the file is cut
     * short and where. Empty if nothing is wrong. Any thread.
     */
    String failure();

    /** Releases it; idempotent. Counts stay readable. */
    @Override
    void close();

    /**
     * Counts in frames; see {@link io.ringtap.ledger.CaptureCounts} for what each means.
     *
     * @param received accepted, dropped ones included
     * @param dropped no room in the kernel ring
     * @param interfaceDropped lost before the kernel saw them; absent if not reported
     */
    record SourceCounts(long received, long dropped, OptionalLong interfaceDropped) {
        /** Nothing counted. */
        public static final SourceCounts NONE = new SourceCounts(0, 0, OptionalLong.empty());

        /** Both together; what neither reports is absent. */
        public SourceCounts plus(SourceCounts other) {
            boolean reported = interfaceDropped.isPresent() || other.interfaceDropped.isPresent();
            long sum = interfaceDropped.orElse(0) + other.interfaceDropped.orElse(0);
            return new SourceCounts(
                    received + other.received,
                    dropped + other.dropped,
                    reported ? OptionalLong.of(sum) : OptionalLong.empty());
        }
    }
}
