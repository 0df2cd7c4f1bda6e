package io.ringtap.ledger;

import java.util.OptionalLong;

/**
 * The counts of the machine's processors since a capture started, on all interfaces and in all network namespaces together
 * (/proc/net/softnet_stat).
 *
 * @param dropped frames that a processor's backlog, {@code net.core.netdev_max_backlog}, had no room for
 * @param squeezed how often a processor left frames waiting because its budget, {@code net.core.netdev_budget}, was used up
 * @param maxBacklog {@code net.core.netdev_max_backlog} now, frames; absent where a sandbox or namespace hides it
 */
public record Softnet(long dropped, long squeezed, OptionalLong maxBacklog) {
    /** Returns both together; the backlog is the later one's. */
    Softnet plus(Softnet earlier) {
        return new Softnet(dropped + earlier.dropped, squeezed + earlier.squeezed, maxBacklog);
    }
}
