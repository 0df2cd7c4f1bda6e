package io.ringtap.ledger;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The counts of a capture since it started. All counts are frames.
 *
 * @param name the capture's name
 * @param interfaceName the interface, or the file's path
 * @param state what it is doing
 * @param received accepted by the kernel's filter, {@code kernelDropped} among them (libpcap's {@code ps_recv}); for a
 *     file, read from it
 * @param kernelDropped no room in the kernel ring (libpcap's {@code ps_drop})
 * @param unread accepted into the kernel ring of an interface that went, and not readable before that ring was left
 * @param interfaceDropped lost in the interface before the kernel saw them ({@code rx_missed_errors} and
 *     {@code rx_fifo_errors}, as libpcap's {@code ps_ifdrop}), not part of {@code received}; absent where it cannot be read
 * @param published put into the ring for the workers
 * @param cut of those published, the ones of which less was captured than there was on the wire
 * @param outgoing seen going out of the interface while none at all came in and outgoing ones are left out; 0 where some came in,
 *     or hardly any went out
 * @param ringUsed slots of the ring(s) that hold a frame now
 * @param ringCapacity slots of the ring(s)
 * @param blockedNanos time the capture thread(s) waited for room in a ring, nanoseconds
 * @param kernelRingFill the share of the kernel ring(s) that holds frames now, from 0 to 1, of the fullest; absent where
 *     it cannot be told
 * @param gaps when nothing could come from the interface
 * @param beforeTap what kernel and driver tell of frames that did not come so far, besides {@code interfaceDropped}
 * @param progress how far its files are read; absent for an interface
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
        long cut,
        long outgoing,
        long ringUsed,
        long ringCapacity,
        long blockedNanos,
        OptionalDouble kernelRingFill,
        GapCounts gaps,
        BeforeTap beforeTap,
        Optional<FileProgress> progress) {
    /** Counts of a capture on an interface. */
    public CaptureCounts(
            String name,
            String interfaceName,
            CaptureState state,
            long received,
            long kernelDropped,
            long unread,
            OptionalLong interfaceDropped,
            long published,
            long cut,
            long outgoing,
            long ringUsed,
            long ringCapacity,
            long blockedNanos,
            OptionalDouble kernelRingFill,
            GapCounts gaps,
            BeforeTap beforeTap) {
        this(
                name,
                interfaceName,
                state,
                received,
                kernelDropped,
                unread,
                interfaceDropped,
                published,
                cut,
                outgoing,
                ringUsed,
                ringCapacity,
                blockedNanos,
                kernelRingFill,
                gaps,
                beforeTap,
                Optional.empty());
    }

    /** Counts of a capture before which nothing is counted, such as that of a file. */
    public CaptureCounts(
            String name,
            String interfaceName,
            CaptureState state,
            long received,
            long kernelDropped,
            long unread,
            OptionalLong interfaceDropped,
            long published,
            long cut,
            long outgoing,
            long ringUsed,
            long ringCapacity,
            long blockedNanos,
            OptionalDouble kernelRingFill,
            GapCounts gaps) {
        this(
                name,
                interfaceName,
                state,
                received,
                kernelDropped,
                unread,
                interfaceDropped,
                published,
                cut,
                outgoing,
                ringUsed,
                ringCapacity,
                blockedNanos,
                kernelRingFill,
                gaps,
                BeforeTap.NONE);
    }

    /** Returns what is left of them when the capture has ended and its ring is gone. */
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
                cut,
                0,
                0,
                0,
                blockedNanos,
                OptionalDouble.empty(),
                gaps,
                beforeTap);
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
                cut + earlier.cut,
                earlier.received > 0 ? 0 : outgoing,
                ringUsed,
                ringCapacity,
                blockedNanos + earlier.blockedNanos,
                kernelRingFill,
                gaps.plus(earlier.gaps),
                beforeTap.plus(earlier.beforeTap),
                progress);
    }

    /** Without what it had counted at an earlier look. */
    CaptureCounts minus(CaptureCounts earlier) {
        return new CaptureCounts(
                name,
                interfaceName,
                state,
                received - earlier.received,
                kernelDropped - earlier.kernelDropped,
                unread - earlier.unread,
                interfaceDropped.isPresent()
                        ? OptionalLong.of(interfaceDropped.getAsLong() - earlier.interfaceDropped.orElse(0))
                        : OptionalLong.empty(),
                published - earlier.published,
                cut - earlier.cut,
                outgoing,
                ringUsed,
                ringCapacity,
                blockedNanos - earlier.blockedNanos,
                kernelRingFill,
                gaps,
                beforeTap.minus(earlier.beforeTap));
    }

    /** Returns the frames that the interface certainly lost before the kernel took them. */
    public long lostBeforeTap() {
        return interfaceDropped.orElse(0) + beforeTap.driverDropped().orElse(0);
    }

    /** Frames accepted and neither lost nor published: in the kernel ring, waiting to be read. */
    public long inKernelRing() {
        return received - kernelDropped - unread - published;
    }
}
