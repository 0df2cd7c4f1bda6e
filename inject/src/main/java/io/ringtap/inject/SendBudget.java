package io.ringtap.inject;

import java.time.Duration;
import java.util.Optional;

/**
 * The most that an interface sends, shared by all that send on it: streams of every engine, and handlers. Who has something
 * to send books it, and sends it at the time that the booking gives, which is when all that was booked before has had its time.
 * So nobody passes the others, and whoever books anew after each sending gets a fair share.
 *
 * <p>In any time T no more goes out than the rate lets pass in T, and what each that sends has booked at once: a frame, or, if
 * that is more, what passes in a moment ({@link StreamSender#moment}). Any thread.
 */
public final class SendBudget {
    /** Ethernet's longest but for jumbo frames. */
    private static final int LONG_FRAME_BYTES = 1_518;

    private static final SendBudget UNLIMITED = new SendBudget(null);

    private final SendRate most; // null: no limit
    private final Cadence free;
    private boolean booked;

    private SendBudget(SendRate most) {
        this.most = most;
        this.free = most == null ? null : Cadence.of(most);
    }

    /** So much a second. */
    public static SendBudget of(SendRate most) {
        return new SendBudget(most);
    }

    /** No limit. */
    public static SendBudget unlimited() {
        return UNLIMITED;
    }

    /** The most a second; absent for no limit. */
    Optional<SendRate> most() {
        return Optional.ofNullable(most);
    }

    /** What may be booked at once, if a moment is so long: a frame at least, and of short frames as many bits. */
    long mostAtOnce(Duration moment) {
        return Math.max(most.amountOf(LONG_FRAME_BYTES), (long) (most.perSecond() * moment.toNanos() / 1e9));
    }

    /** Books an amount; gives when it may go out, now or later. */
    synchronized long book(long amount, long nowNanos) {
        if (!booked || free.nanos() - nowNanos < 0) {
            free.restartAfter(nowNanos);
            booked = true;
        }
        long at = free.nanos();
        free.step(amount);
        return at;
    }
}
