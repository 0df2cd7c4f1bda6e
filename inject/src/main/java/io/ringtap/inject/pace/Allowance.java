package io.ringtap.inject.pace;

import io.ringtap.inject.pace.SendBudget.Limit;
import java.time.Duration;
import java.util.function.IntUnaryOperator;
import java.util.function.LongToIntFunction;

/** The share of one stream in an interface's {@link SendBudget}. For the inject thread. */
public final class Allowance implements AutoCloseable {
    private final SendBudget budget;
    private final Duration moment;
    private Limit limit; // where the frames are booked; null: nowhere
    private int booked;
    private long atNanos;
    private boolean closed;

    /** A share of a budget, from which so much is booked at once as passes in a moment, if that is more than a frame. */
    public Allowance(SendBudget budget, Duration moment) {
        this.budget = budget;
        this.moment = moment;
        budget.join(moment);
    }

    /** Returns whether there is a limit at all. */
    public boolean isLimited() {
        return budget.limit() != null;
    }

    /** Returns whether nothing keeps what is due from being sent or booked. */
    @SuppressWarnings("ReferenceEquality") // a limit is what it is, whatever another one says
    public boolean isOpen(long nowNanos) {
        return booked == 0 || nowNanos - atNanos >= 0 || limit != budget.limit();
    }

    /** Returns when it is open, if it is not. */
    public long waitNanos(long nowNanos) {
        return atNanos - nowNanos;
    }

    /**
     * Books frames if none are booked, and gives those whose time has come.
     *
     * @param most how many are wanted now
     * @param due gives how many frames are due, of which at most so many are asked for
     * @param frame the number of the first of them
     * @param lengthOf gives, for a frame's number, its bytes
     * @return how many may be sent now; 0 before {@link #waitNanos}
     */
    public int grant(int most, IntUnaryOperator due, long frame, LongToIntFunction lengthOf, long nowNanos) {
        Limit now = budget.limit();
        if (now == null) {
            booked = 0;
            return most;
        }
        keepTo(now);
        if (booked == 0) {
            book(due, frame, lengthOf, nowNanos);
        }
        if (!isOpen(nowNanos)) {
            return 0;
        }
        int granted = Math.min(most, booked);
        booked -= granted;
        return granted;
    }

    @SuppressWarnings("ReferenceEquality")
    private void keepTo(Limit other) {
        if (limit != other) {
            limit = other;
            booked = 0;
        }
    }

    private void book(IntUnaryOperator dueFrames, long frame, LongToIntFunction lengthOf, long nowNanos) {
        long mostAtOnce = limit.mostAtOnce(budget.longestMoment());
        int due = dueFrames.applyAsInt(limit.mostFrames(mostAtOnce));
        long sum = 0;
        while (booked < due) {
            long next = limit.amountOf(lengthOf.applyAsInt(frame + booked));
            if (booked > 0 && sum + next > mostAtOnce) {
                break;
            }
            sum += next;
            booked++;
        }
        if (booked > 0) {
            atNanos = limit.book(sum, nowNanos);
        }
    }

    /** Forgets what is booked: its time passes unused. */
    public void drop() {
        booked = 0;
    }

    /** It is needed no more; idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            budget.leave(moment);
        }
    }
}
