package io.ringtap.ledger;

import java.util.SortedMap;

/**
 * What an inject stream has counted. All counts are frames.
 *
 * @param name the stream's name
 * @param interfaceName where it sends
 * @param sent taken by the interface
 * @param failed not sent, whatever the cause
 * @param failures {@code failed} by cause, causes that never came left out
 * @param gaps when nothing could go to the interface
 */
public record InjectCounts(
        String name, String interfaceName, long sent, long failed, SortedMap<String, Long> failures, GapCounts gaps) {
    /** Counts without a gap. */
    public InjectCounts(String name, String interfaceName, long sent, long failed, SortedMap<String, Long> failures) {
        this(name, interfaceName, sent, failed, failures, GapCounts.NONE);
    }
}
