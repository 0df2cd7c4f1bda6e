package io.ringtap.ledger;

import java.util.Optional;
import java.util.SortedMap;

/**
 * What an inject stream has counted. All counts are frames.
 *
 * @param name the stream's name
 * @param interfaceName where it sends
 * @param sent taken by the interface
 * @param failed not sent, whatever the cause
 * @param failures {@code failed} by cause, causes that never came left out
 * @param pace how it keeps its pace; absent before its first frame, and for frames that handlers send
 */
public record InjectCounts(
        String name,
        String interfaceName,
        long sent,
        long failed,
        SortedMap<String, Long> failures,
        Optional<PaceReport> pace) {
    /** One that tells nothing of a pace. */
    public InjectCounts(String name, String interfaceName, long sent, long failed, SortedMap<String, Long> failures) {
        this(name, interfaceName, sent, failed, failures, Optional.empty());
    }
}
