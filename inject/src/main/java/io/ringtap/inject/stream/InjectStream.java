package io.ringtap.inject.stream;

import io.ringtap.ledger.InjectCounts;
import java.util.function.BooleanSupplier;

/** Something that frames to send come from. Owned by the inject thread, but for {@link #counts}. */
public sealed interface InjectStream permits ConfiguredStream, HandlerStream {
    /** Whether a frame could be sent now. */
    boolean isDue(long nowNanos);

    /** Sends what is due, at most {@code limit} frames, and only while {@code mayGoOn}. */
    void turn(int limit, long nowNanos, BooleanSupplier mayGoOn);

    /** While the link is down: counts all that fell due until now as failed. */
    default void leaveOutDue(long nowNanos, BooleanSupplier mayGoOn) {
        turn(Integer.MAX_VALUE, nowNanos, mayGoOn);
    }

    /** Returns how long until it has to be asked again, unless the loop is woken; {@link Long#MAX_VALUE} if only then. */
    long waitNanos(long nowNanos);

    /** Returns whether a frame is left that has to go out before the loop ends. */
    boolean isLeft();

    /** Counts what is left as failed. */
    void abandon();

    /** Releases what it holds. */
    void close();

    /** Returns what it has counted so far; any thread. */
    InjectCounts counts();
}
