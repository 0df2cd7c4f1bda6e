package io.ringtap.inject;

import java.time.Duration;
import java.util.function.LongToIntFunction;

/** What one stream may send of an interface's {@link SendBudget}. For the inject thread. */
final class Allowance {
    private final SendBudget budget;
    private final boolean limited;
    private final long mostAtOnce;
    private int booked;
    private long atNanos;

    /** A share of a budget, from which so much is booked at once as passes in a moment, if that is more than a frame. */
    Allowance(SendBudget budget, Duration moment) {
        this.budget = budget;
        this.limited = budget.most().isPresent();
        this.mostAtOnce = limited ? budget.mostAtOnce(moment) : 0;
    }

    /** Whether there is a limit at all. */
    boolean isLimited() {
        return limited;
    }

    /** Whether nothing keeps what is due from being sent or booked. */
    boolean isOpen(long nowNanos) {
        return booked == 0 || nowNanos - atNanos >= 0;
    }

    /** When it is open, if it is not. */
    long waitNanos(long nowNanos) {
        return atNanos - nowNanos;
    }

    /**
     * Books frames if none are booked, and gives those whose time has come.
     *
     * @param due frames that are due
     * @param frame the number of the first of them
     * @param lengthOf gives, for a frame's number, its bytes
     * @return how many may be sent now; 0 before {@link #waitNanos}
     */
    int grant(int due, long frame, LongToIntFunction lengthOf, long nowNanos) {
        if (booked == 0) {
            book(due, frame, lengthOf, nowNanos);
        }
        if (!isOpen(nowNanos)) {
            return 0;
        }
        int granted = Math.min(due, booked);
        booked = 0;
        return granted;
    }

    private void book(int due, long frame, LongToIntFunction lengthOf, long nowNanos) {
        SendRate most = budget.most().orElseThrow();
        long sum = most.amountOf(lengthOf.applyAsInt(frame));
        booked = 1;
        while (booked < due) {
            long next = most.amountOf(lengthOf.applyAsInt(frame + booked));
            if (sum + next > mostAtOnce) {
                break;
            }
            sum += next;
            booked++;
        }
        atNanos = budget.book(sum, nowNanos);
    }

    /** Forgets what is booked: its time passes unused. */
    void drop() {
        booked = 0;
    }
}
