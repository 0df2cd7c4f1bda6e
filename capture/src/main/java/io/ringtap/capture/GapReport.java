package io.ringtap.capture;

import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.Gaps;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the gaps of an interface down, and logs when one begins and ends. A link that comes and goes all the time, or an
 * interface that is refused again and again, does not fill the log, see {@link LineLimit}. Any thread.
 */
public final class GapReport {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final String subject;
    private final Consumer<String> log;
    private final LongSupplier nanoTime;
    private final Gaps gaps;
    private final LineLimit limit;

    /** Of the gap that lasts; null if none does. */
    private @Nullable GapEvent event;

    private String toldDetail = "";
    private long toldNanos;

    /**
     * No gap yet.
     *
     * @param subject whose gaps they are, such as {@code capture uplink on ens192}
     * @param log takes a line
     */
    public GapReport(String subject, Consumer<String> log) {
        this(subject, log, System::nanoTime, new Gaps());
    }

    GapReport(String subject, Consumer<String> log, LongSupplier nanoTime, Gaps gaps) {
        this.subject = subject;
        this.log = log;
        this.nanoTime = nanoTime;
        this.gaps = gaps;
        limit = new LineLimit(nanoTime);
    }

    /**
     * A gap begins or goes on.
     *
     * @param detail what the system says, for {@link Gap.Cause#REFUSED}; else empty
     */
    public synchronized void begin(Gap.Cause cause, String detail) {
        boolean begins = gaps.begin(cause, detail);
        if (begins) {
            event = new GapEvent();
            event.begin();
        }
        if (cause == Gap.Cause.REFUSED) {
            refused(detail);
        } else if (begins) {
            tell("the interface " + cause.sentence() + ": waits for it");
        }
    }

    /** Says so at once, and then only when it is for another reason, or once a minute. */
    private void refused(String detail) {
        long now = nanoTime.getAsLong();
        if (!detail.equals(toldDetail) || now - toldNanos >= MINUTE) {
            toldDetail = detail;
            toldNanos = now;
            tell("waits, and tries again: " + detail);
        }
    }

    /** The gap, if one lasts, is over. */
    public synchronized void end() {
        endGap().ifPresent(gap -> tell(String.format(
                Locale.ROOT, "goes on after %.1f s in which the interface %s", gap.nanos() / 1e9, past(gap.cause()))));
        toldDetail = "";
    }

    private static String past(Gap.Cause cause) {
        return switch (cause) {
            case NO_CARRIER -> "had no carrier";
            case DOWN -> "was down";
            case MISSING -> "was missing";
            case REFUSED -> "could not be opened";
        };
    }

    /** The gap, if one lasts, ends with whoever has it; nothing goes on. */
    public synchronized void close() {
        endGap();
    }

    private Optional<Gap> endGap() {
        Optional<Gap> ended = gaps.end();
        if (ended.isPresent() && event != null) {
            event.subject = subject;
            event.cause = ended.get().cause().text();
            event.commit();
        }
        return ended;
    }

    /** Returns whether a gap lasts. */
    public boolean lasts() {
        return gaps.lasts();
    }

    /** The gaps so far. */
    public GapCounts counts() {
        return gaps.counts();
    }

    private void tell(String line) {
        limit.lineEnd().ifPresent(end -> log.accept(subject + ": " + line + end));
    }
}
