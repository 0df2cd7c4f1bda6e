package io.ringtap.capture;

import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.FileProgress;
import io.ringtap.ledger.GapCounts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * An open source of frames: an interface's kernel ring, or a file. Made open, by its own {@code open}; owned by the
 * capture thread, except for what says that any thread may call it.
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

    /** Returns what the source itself counted since it was opened; any thread. */
    SourceCounts counts();

    /** The share of the kernel ring that holds frames now, from 0 to 1; absent where there is none. Any thread. */
    default OptionalDouble ringFill() {
        return OptionalDouble.empty();
    }

    /**
     * Accepts what another filter lets pass, from one frame to the next; what was accepted before can still be read. Any
     * thread, but not while another one opens or closes it.
     *
     * @throws OpenException if this source's filter cannot be changed, or not to this one: it keeps the one it had
     */
    default void filter(String expression) throws OpenException {
        throw new OpenException(OpenException.Reason.OTHER, "the filter of a file cannot be changed while it is read");
    }

    /** Returns whether its interface gives no frame now; {@link #gaps()} say why. Any thread. */
    default boolean isWaiting() {
        return false;
    }

    /** Returns when its interface gave no frame; for a file, never. Any thread. */
    default GapCounts gaps() {
        return GapCounts.NONE;
    }

    /** Returns what is counted on the interface before its kernel ring, since {@link #accept}; for a file, nothing. Any thread. */
    default InterfaceCounts interfaceCounts() {
        return InterfaceCounts.NONE;
    }

    /** Frames seen going out of its interface while none came in, and outgoing ones are left out; 0 if hardly any. Any thread. */
    default long outgoing() {
        return 0;
    }

    /** Returns how far it has read its files; absent for an interface. Any thread. */
    default Optional<FileProgress> progress() {
        return Optional.empty();
    }

    /** Accepts no further frame; what was accepted before can still be read. For a file, does nothing. */
    void quiesce();

    /**
     * Returns why {@link #poll} said {@link #FAILED}: what, where, why, what to do; or, with {@link #END}, that the file is cut
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
     * @param unread accepted into a ring that was left before they could be read
     */
    record SourceCounts(long received, long dropped, long unread) {
        /** Nothing counted. */
        public static final SourceCounts NONE = new SourceCounts(0, 0, 0);

        /** Both together. */
        public SourceCounts plus(SourceCounts other) {
            return new SourceCounts(received + other.received, dropped + other.dropped, unread + other.unread);
        }
    }

    /**
     * The counts of an interface before its kernel ring.
     *
     * @param dropped see {@link io.ringtap.ledger.CaptureCounts#interfaceDropped}
     * @param beforeTap what else is told
     */
    record InterfaceCounts(OptionalLong dropped, BeforeTap beforeTap) {
        /** Nothing is told. */
        public static final InterfaceCounts NONE = new InterfaceCounts(OptionalLong.empty(), BeforeTap.NONE);
    }
}
