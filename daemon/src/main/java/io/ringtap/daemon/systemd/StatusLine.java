package io.ringtap.daemon.systemd;

import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import java.util.Locale;

/** The text that {@code systemctl status} shows: rates since the line before, and the verdict. One thread. */
final class StatusLine {
    private long received;
    private long sent;
    private long atNanos;

    /** Rates count from these books on. */
    StatusLine(Ledger ledger, long nanoTime) {
        remember(ledger, nanoTime);
    }

    /** The line for these books. */
    String next(Ledger ledger, long nanoTime) {
        double seconds = Math.max(1, nanoTime - atNanos) / 1e9;
        String text = String.format(
                Locale.ROOT,
                "%,.0f frames/s received, %,.0f/s sent; %s",
                (ledger.received() - received) / seconds,
                (sentOf(ledger) - sent) / seconds,
                ledger.verdict());
        remember(ledger, nanoTime);
        return text;
    }

    private void remember(Ledger ledger, long nanoTime) {
        received = ledger.received();
        sent = sentOf(ledger);
        atNanos = nanoTime;
    }

    private static long sentOf(Ledger ledger) {
        return ledger.injects().stream().mapToLong(InjectCounts::sent).sum();
    }
}
