package io.ringtap.ledger;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The counts of an inject stream. All counts are frames.
 *
 * @param name the stream's name
 * @param interfaceName where it sends
 * @param sent taken by the interface
 * @param failed not sent, whatever the cause
 * @param failures {@code failed} by cause, causes that never came left out
 * @param gaps when nothing could go to the interface
 * @param pace how it keeps its pace; absent before its first frame, and for frames that handlers send
 */
public record InjectCounts(
        String name,
        String interfaceName,
        long sent,
        long failed,
        SortedMap<String, Long> failures,
        GapCounts gaps,
        Optional<PaceReport> pace) {
    /** One that tells of no pace. */
    public InjectCounts(
            String name,
            String interfaceName,
            long sent,
            long failed,
            SortedMap<String, Long> failures,
            GapCounts gaps) {
        this(name, interfaceName, sent, failed, failures, gaps, Optional.empty());
    }

    /** One that tells of no gap and no pace. */
    public InjectCounts(String name, String interfaceName, long sent, long failed, SortedMap<String, Long> failures) {
        this(name, interfaceName, sent, failed, failures, GapCounts.NONE, Optional.empty());
    }

    /** With what an earlier stream of that name counted. */
    public InjectCounts plus(InjectCounts earlier) {
        SortedMap<String, Long> causes = new TreeMap<>(failures);
        earlier.failures.forEach((cause, count) -> causes.merge(cause, count, Long::sum));
        return new InjectCounts(
                name,
                interfaceName,
                sent + earlier.sent,
                failed + earlier.failed,
                causes,
                gaps.plus(earlier.gaps),
                pace);
    }
}
