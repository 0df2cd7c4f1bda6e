package io.ringtap.capture;

import io.ringtap.capture.CaptureConfig.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A report on a capture's kernel rings, in words: how many frames they hold, for how long, and what to change where that is
 * not long enough.
 *
 * @param ring one of its kernel rings, as it is or as it would be
 * @param link what its interface says, or is assumed to say
 */
public record RingReport(CaptureConfig config, RingArithmetic ring, LinkLimits link) {
    /** Shorter than this a reader's pause may be: a collector's, a scheduler's on a busy machine, a hypervisor's. */
    public static final double LEAST_MILLIS = 50;

    /** The frames that are reckoned with; a longer frame takes more of a block. */
    public static final int TYPICAL_FRAME_BYTES = 200;

    private static final double MEBIBYTE = 1 << 20;

    private static final int FRAME_HEADER_BYTES = 14;

    /** Of the snaplen, what the alignment of a slot may take, and a VLAN tag. */
    private static final int SLOT_SLACK_BYTES = 10;

    /** Frames of {@link #TYPICAL_FRAME_BYTES} that all rings hold together. */
    public long frames() {
        return frames(ring);
    }

    private long frames(RingArithmetic one) {
        return one.frames(Math.min(TYPICAL_FRAME_BYTES, snaplen())) * config.threads();
    }

    private int snaplen() {
        return RingArithmetic.snaplenFor(config.snaplenBytes(), link);
    }

    /** Returns how long the rings hold what comes at the expected rate while nobody reads, in milliseconds. */
    public double millis() {
        return frames() * 1_000.0 / config.expectedRate();
    }

    /** The rings in one line. */
    public String summary() {
        boolean one = config.threads() == 1;
        return String.format(
                Locale.ROOT,
                "capture %s: %s of %.1f MiB in %s %s %,d frames of %d bytes%s: %s ms at %,.0f/s%s",
                config.name(),
                one ? "a kernel ring" : config.threads() + " kernel rings",
                ring.ringBytes() / MEBIBYTE,
                mode(),
                one ? "holds" : "hold",
                frames(),
                TYPICAL_FRAME_BYTES,
                one ? "" : " together",
                amount(millis()),
                config.expectedRate(),
                assumption());
    }

    private String mode() {
        return config.mode() == Mode.THROUGHPUT ? "throughput mode" : "low-latency mode with snaplen " + snaplen();
    }

    private String assumption() {
        return link.known() || config.mode() == Mode.THROUGHPUT
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (interface %s is not here: an MTU of %d, with offloads, is assumed)",
                        config.origin().label(),
                        link.mtuBytes());
    }

    /** Returns what of the rings invites loss, a line each, with what to change. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (millis() < LEAST_MILLIS) {
            warnings.add(tooSmall());
        }
        if (config.mode() == Mode.LOW_LATENCY && smallSnaplen() < snaplen()) {
            warnings.add(wastefulSlots());
        }
        if (config.mode() == Mode.THROUGHPUT && blockMillis() < LEAST_MILLIS) {
            warnings.add(fewBlocks());
        }
        cut(link.mtuBytes()).ifPresent(warnings::add);
        return warnings;
    }

    /**
     * Returns what to do where the ring has no room for the frames that an MTU allows; nothing where it has, or where such a
     * snaplen was asked for.
     *
     * @param mtuBytes what the interface has now; the ring may have been made for less
     */
    public Optional<String> cut(int mtuBytes) {
        int longest = mtuBytes + FRAME_HEADER_BYTES;
        int room = Math.min(ring.mostCapturedBytes(), snaplen());
        boolean asked = config.snaplenBytes() != CaptureConfig.WHOLE_FRAMES && config.snaplenBytes() < longest;
        if (asked || room >= longest) {
            return Optional.empty();
        }
        int wanted = RingArithmetic.snaplenFor(config.snaplenBytes(), new LinkLimits(mtuBytes, link.offloads(), true));
        String cure = wanted >= longest
                ? "start ringtap again, for a ring with room for them"
                : "use snaplen = " + (longest + SLOT_SLACK_BYTES) + ", or mode = \"throughput\"";
        return Optional.of(String.format(
                Locale.ROOT,
                "capture %s: the MTU of %s, %d, allows frames of %,d bytes, and the kernel ring has room for %,d of each: the"
                        + " rest is cut off, and such frames are counted as cut: %s",
                config.name(),
                config.origin().label(),
                mtuBytes,
                longest,
                room,
                cure));
    }

    private String tooSmall() {
        String what = String.format(
                Locale.ROOT,
                "capture %s: %,d frames, %s ms at %,.0f/s, are lost when a pause is longer than that: ",
                config.name(),
                frames(),
                amount(millis()),
                config.expectedRate());
        long wanted = bufferFor(frameGoal());
        if (wanted <= config.bufferBytes() && smallSnaplen() == snaplen()) {
            return what + "the kernel had no memory for the buffer asked for: free some, or have fewer rings";
        }
        List<String> cures = new ArrayList<>();
        if (smallSnaplen() < snaplen()) {
            cures.add("snaplen = " + smallSnaplen());
        }
        if (wanted > CaptureConfig.MAX_BUFFER_BYTES) {
            return what + "no buffer is large enough for that rate; use threads = 2 or more";
        }
        if (wanted > config.bufferBytes()) {
            cures.add("buffer = \"" + (long) Math.ceil(wanted / MEBIBYTE) + " MiB\"");
        }
        String cure = what + "use " + String.join(" and ", cures);
        return config.mode() == Mode.LOW_LATENCY ? cure + ", or mode = \"throughput\"" : cure;
    }

    /** Frames that one ring must hold to last long enough. */
    private long frameGoal() {
        return (long) Math.ceil(config.expectedRate() * LEAST_MILLIS / 1_000 / config.threads());
    }

    /** The buffer to ask for so that one ring holds so many frames, with the snaplen that is advised. */
    private long bufferFor(long frames) {
        RingArithmetic advised =
                RingArithmetic.requested(config.mode(), CaptureConfig.MAX_BUFFER_BYTES, smallSnaplen(), link);
        long bytes = advised.slotBytes();
        if (config.mode() == Mode.LOW_LATENCY) {
            return Math.multiplyExact(frames, bytes);
        }
        long inBlock = advised.frames(Math.min(TYPICAL_FRAME_BYTES, snaplen())) / advised.blocks();
        return Math.multiplyExact(Math.ceilDiv(frames, inBlock), bytes);
    }

    private int smallSnaplen() {
        boolean small = config.mode() == Mode.THROUGHPUT || ring.slotBytes() <= RingArithmetic.PAGE_BYTES / 2;
        return small ? snaplen() : Math.min(snaplen(), RingArithmetic.snaplenFor(CaptureConfig.WHOLE_FRAMES, link));
    }

    private String wastefulSlots() {
        return String.format(
                Locale.ROOT,
                "capture %s: in low-latency mode snaplen = %d takes %,d bytes of the ring for every frame, however short:"
                        + " use snaplen = %d, with which %s%s",
                config.name(),
                snaplen(),
                ring.blockBytes() / (ring.blockBytes() / ring.slotBytes()),
                smallSnaplen(),
                smallSnaplen() == RingArithmetic.LEAST_SNAPLEN_BYTES
                        ? "two fit into a page"
                        : "those that the MTU allows are whole",
                link.offloads() ? ", or switch the interface's TSO, GSO and GRO off" : "");
    }

    private double blockMillis() {
        return (double) ring.blocks() * config.timeout().toMillis();
    }

    private String fewBlocks() {
        return String.format(
                Locale.ROOT,
                "capture %s: %d block%s handed over after %d ms each, with a single frame in them if no more came, last for"
                        + " %s ms: use buffer = \"%d MiB\", or timeout = \"%d ms\"",
                config.name(),
                ring.blocks(),
                ring.blocks() == 1 ? "" : "s",
                config.timeout().toMillis(),
                amount(blockMillis()),
                (long) Math.ceil(Math.ceil(LEAST_MILLIS / config.timeout().toMillis()) * ring.blockBytes() / MEBIBYTE),
                (long) Math.ceil(LEAST_MILLIS / ring.blocks()));
    }

    /** Three digits are enough. */
    private static String amount(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.2f" : value < 10 ? "%.1f" : "%,.0f", value);
    }
}
