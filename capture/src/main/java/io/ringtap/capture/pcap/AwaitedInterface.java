package io.ringtap.capture.pcap;

import io.ringtap.capture.Backoff;
import io.ringtap.capture.GapReport;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.pcap.InterfaceWatch.Look;
import io.ringtap.ledger.Gap.Cause;
import io.ringtap.ledger.GapCounts;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * An interface that may be missing, go down, go, and come back under the same name: with each look, what is gone is left, and
 * what is back is opened at once. What cannot be opened is tried again, ever more seldom. Its gaps are written down. For one
 * thread at a time, but for {@link #trouble} and {@link #gaps}, which any may ask.
 */
public final class AwaitedInterface implements AutoCloseable {
    private final User user;
    private final InterfaceWatch watch;
    private final GapReport gaps;
    private final Backoff backoff = new Backoff();
    private final LongSupplier nanoTime;

    /** Of the interface that is open; 0: none is. */
    private int openIndex;

    private volatile Optional<Cause> trouble = Optional.empty();

    /** The reader of the interface, or the sender on it. */
    public interface User {
        /**
         * Opens it, all or nothing.
         *
         * @return the number of the interface that was opened, which another one of the same name does not have
         */
        int open() throws OpenException;

        /** The interface that was opened is gone. */
        void leave();

        /** Returns whether it may be opened anew by now. */
        default boolean isReady() {
            return true;
        }
    }

    /**
     * Opens nothing yet.
     *
     * @param subject whose gaps they are, such as {@code capture uplink on ens192}
     * @param log takes a line for a gap's begin and end
     */
    public AwaitedInterface(String name, String subject, Consumer<String> log, User user) {
        this(name, subject, log, user, System::nanoTime);
    }

    /** As above, with a clock of its own. */
    AwaitedInterface(String name, String subject, Consumer<String> log, User user, LongSupplier nanoTime) {
        this.user = user;
        this.nanoTime = nanoTime;
        watch = new InterfaceWatch(name);
        gaps = new GapReport(subject, log);
    }

    /** Opens it for the first time. @throws OpenException if it cannot be; it may be waited for if it {@link #isAway} */
    public void open() throws OpenException {
        openIndex = user.open();
        lookAtLink(watch.look());
    }

    /** Returns whether it could not be opened because it is missing or down. */
    public static boolean isAway(OpenException refusal) {
        return refusal.reason() == Reason.NO_SUCH_INTERFACE || refusal.reason() == Reason.INTERFACE_DOWN;
    }

    /** Waits, from now on, for one that {@link #isAway}. */
    public void await(OpenException refusal) {
        begin(refusal.reason() == Reason.INTERFACE_DOWN ? Cause.DOWN : Cause.MISSING, "");
    }

    /** Looks now, and does what that takes. */
    public void look() {
        Look look = watch.look();
        if (openIndex != 0 && look.index() != openIndex) {
            openIndex = 0;
            user.leave();
            begin(Cause.MISSING, "");
        }
        if (openIndex == 0) {
            lookForIt(look);
        } else {
            lookAtLink(look);
        }
    }

    private void lookAtLink(Look look) {
        if (look.trouble().isPresent()) {
            begin(look.trouble().get(), "");
        } else {
            trouble = Optional.empty();
            gaps.end();
        }
    }

    /** One without a carrier can be opened. */
    private void lookForIt(Look look) {
        backoff.see(look.index());
        Optional<Cause> away = look.trouble().filter(cause -> cause != Cause.NO_CARRIER);
        if (away.isPresent()) {
            backoff.reset(); // once it is back, whatever was in the way before may be, too
            begin(away.get(), "");
        } else if (backoff.isTime(nanoTime.getAsLong()) && user.isReady()) {
            tryAgain();
        }
    }

    private void tryAgain() {
        try {
            open();
        } catch (OpenException e) {
            if (isAway(e)) {
                await(e); // gone again meanwhile
            } else {
                refused(e.getMessage());
            }
        } catch (RuntimeException
                | Error e) { // without a descriptor not even a class can be loaded: tries again all the same
            refused(e.toString());
        }
    }

    private void refused(String why) {
        backoff.failed(nanoTime.getAsLong());
        begin(Cause.REFUSED, why);
    }

    private void begin(Cause cause, String detail) {
        trouble = Optional.of(cause);
        gaps.begin(cause, detail);
    }

    /** The number of the interface that is there now, open or not; 0 if there is none. Any thread. */
    public int index() {
        return watch.look().index();
    }

    /** The largest payload of its frames; 0 if it is not there. Any thread. */
    public int mtuBytes() {
        return watch.mtuBytes();
    }

    /** Returns why no frame could come or go at the last look; absent if one could. Any thread. */
    public Optional<Cause> trouble() {
        return trouble;
    }

    /** The gaps so far; any thread. */
    public GapCounts gaps() {
        return gaps.counts();
    }

    /** The gap, if one lasts, ends with whoever waits; nothing goes on. Idempotent; any thread. */
    public void end() {
        gaps.close();
    }

    /** Ends, and releases what it looks with; idempotent. */
    @Override
    public void close() {
        end();
        watch.close();
    }
}
