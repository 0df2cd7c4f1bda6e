package io.ringtap.inject.pace;

import io.ringtap.inject.config.SendRate;
import io.ringtap.inject.template.FrameTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The most that an interface sends, shared by all that send on it: streams of every engine, and handlers. Who has something
 * to send books it, and sends it at the time that the booking gives, which is when all that was booked before has had its time.
 * So nobody passes the others, and whoever books anew after each sending gets a fair share: as much as anybody may book at once.
 *
 * <p>In any time T no more goes out than the rate lets pass in T, and what each that sends has booked at once: a frame, or, if
 * that is more, what passes in the longest {@code StreamSender.moment} of all. Any thread.
 */
public final class SendBudget {
    /** Ethernet's longest but for jumbo frames. */
    private static final int LONG_FRAME_BYTES = 1_518;

    /** More than any engine takes at once. */
    private static final int MOST_FRAMES = 1 << 22;

    private final Pool own;

    /** Where this one books: its own, or that of another one whose interface is the same. */
    private volatile Pool pool;

    /** Of those that send by this one. */
    private final List<Duration> moments = new ArrayList<>();

    private SendBudget(Limit limit) {
        own = new Pool(limit);
        pool = own;
    }

    /** So much a second. */
    public static SendBudget of(SendRate most) {
        return new SendBudget(new Limit(most));
    }

    /** No limit as yet. */
    public static SendBudget unlimited() {
        return new SendBudget(null);
    }

    /**
     * From now on so much a second, or, if it is absent, no limit. What is booked is booked anew; see {@code
     * InjectLoop.lookAtLimit}. The same rate changes nothing.
     */
    public void change(Optional<SendRate> most) {
        own.change(most);
    }

    /**
     * From now on books where another one does on its own: both send on the same interface, by different names. With itself, it
     * is alone.
     */
    public synchronized void shareWith(SendBudget other) {
        if (!pool.equals(other.own)) {
            moments.forEach(pool::leave);
            pool = other.own;
            moments.forEach(pool::join);
        }
    }

    /** Somebody sends too, who needs to book so much at once as passes in a moment. */
    synchronized void join(Duration moment) {
        moments.add(moment);
        pool.join(moment);
    }

    /** Who has joined sends no more. */
    synchronized void leave(Duration moment) {
        moments.remove(moment);
        pool.leave(moment);
    }

    /** Returns what may be booked at once passes in so long, if that is more than a frame. */
    public Duration longestMoment() {
        return pool.longestMoment;
    }

    /** Returns what holds now; null for no limit. */
    Limit limit() {
        return pool.limit;
    }

    /** The budget of one interface, and those who send on it. Any thread. */
    private static final class Pool {
        private volatile Limit limit; // null: none
        private volatile Duration longestMoment = Duration.ZERO;

        /** Of all that send. */
        private final List<Duration> moments = new ArrayList<>();

        private Pool(Limit limit) {
            this.limit = limit;
        }

        private synchronized void change(Optional<SendRate> most) {
            if (!most.equals(Optional.ofNullable(limit).map(now -> now.most))) {
                limit = most.map(Limit::new).orElse(null);
            }
        }

        private synchronized void join(Duration moment) {
            moments.add(moment);
            longestMoment = Collections.max(moments);
        }

        private synchronized void leave(Duration moment) {
            moments.remove(moment);
            longestMoment = moments.isEmpty() ? Duration.ZERO : Collections.max(moments);
        }
    }

    /** A rate, and what of it is booked. Any thread. */
    static final class Limit {
        private final SendRate most;
        private final Cadence free;
        private boolean booked;

        private Limit(SendRate most) {
            this.most = most;
            this.free = Cadence.of(most);
        }

        /** Returns what a frame counts, in frames or bits. */
        long amountOf(int lengthBytes) {
            return most.amountOf(lengthBytes);
        }

        /** Returns what may be booked at once, if a moment is so long: a frame at least, and of short frames as many bits. */
        long mostAtOnce(Duration moment) {
            return Math.max(most.amountOf(LONG_FRAME_BYTES), (long) (most.perSecond() * moment.toNanos() / 1e9));
        }

        /** Returns how many frames that may be, at most. */
        int mostFrames(long amount) {
            return Math.clamp(amount / most.amountOf(FrameTemplate.HEADER_BYTES), 1, MOST_FRAMES);
        }

        /** Books an amount; gives when it may go out, now or later. */
        synchronized long book(long amount, long nowNanos) {
            if (!booked || free.nanos() - nowNanos < 0) {
                free.restartAfter(nowNanos);
                booked = true;
            }
            long at = free.nanos();
            free.stepFar(amount);
            return at;
        }
    }
}
