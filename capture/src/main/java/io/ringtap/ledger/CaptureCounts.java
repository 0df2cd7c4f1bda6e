package io.ringtap.ledger;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a capture has counted since it started. All counts are frames.
 *
 * @param name the capture's name
 * @param interfaceName the interface, or the file's path
 * @param state what it is doing
 * @param received accepted by the kernel's filter, {@code kernelDropped} among them (libpcap's {@code ps_recv}); for a
 *     file, read from it
 * @param kernelDropped no room in the kernel ring (libpcap's {@code ps_drop})
 * @param unread accepted into the kernel ring of an interface that went, and not readable before that ring was left
 * @param interfaceDropped lost in the interface before the kernel saw them (libpcap's {@code ps_ifdrop}), not part of
 *     {@code received}; absent where the driver does not report it
 * @param published put into the ring for the workers
 * @param ringUsed slots of the ring(s) that hold a frame now
 * @param ringCapacity slots of the ring(s)
 * @param blockedNanos time the capture thread(s) waited for room in a ring, nanoseconds
 * @param kernelRingFill the share of the kernel ring(s) that holds frames now, from 0 to 1, of the fullest; absent where
 *     it cannot be told
 * @param gaps when nothing could come from the interface
 */
public record CaptureCounts(
        String name,
        String interfaceName,
        CaptureState state,
        long received,
        long kernelDropped,
        long unread,
        OptionalLong interfaceDropped,
        long published,
        long ringUsed,
        long ringCapacity,
        long blockedNanos,
        OptionalDouble kernelRingFill,
        GapCounts gaps) {
    /** What is left of them when the capture has ended and its ring is gone. */
    CaptureCounts ended() {
        return new CaptureCounts(
                name,
                interfaceName,
                CaptureState.ENDED,
                received,
                kernelDropped,
                unread,
                interfaceDropped,
                published,
                0,
                0,
                blockedNanos,
                OptionalDouble.empty(),
                gaps);
    }

    /** With what an earlier capture of that name counted. */
    CaptureCounts plus(CaptureCounts earlier) {
        boolean reported = interfaceDropped.isPresent() || earlier.interfaceDropped.isPresent();
        return new CaptureCounts(
                name,
                interfaceName,
                state,
                received + earlier.received,
                kernelDropped + earlier.kernelDropped,
                unread + earlier.unread,
                reported
                        ? OptionalLong.of(interfaceDropped.orElse(0) + earlier.interfaceDropped.orElse(0))
                        : OptionalLong.empty(),
                published + earlier.published,
                ringUsed,
                ringCapacity,
                blockedNanos + earlier.blockedNanos,
                kernelRingFill,
                gaps.plus(earlier.gaps));
    }

    /** Frames accepted and neither lost nor published: in the kernel ring, waiting to be read. */
    public long inKernelRing() {
        return received - kernelDropped - unread - published;
    }
}
