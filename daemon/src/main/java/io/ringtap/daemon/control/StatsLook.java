package io.ringtap.daemon.control;

import io.ringtap.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A look at a running daemon's ledger.
 *
 * @param ledger its counts at that moment
 * @param timestamp when, by the wall clock
 * @param uptime since the daemon started, by a clock that never jumps: two looks' difference is what rates are over
 * @param taps of those that look at its captures live
 */
public record StatsLook(Ledger ledger, Instant timestamp, Duration uptime, List<TapCounts> taps) {
    /** One that nobody looks at live. */
    public StatsLook(Ledger ledger, Instant timestamp, Duration uptime) {
        this(ledger, timestamp, uptime, List.of());
    }
}
