package io.ringtap.capture;

/**
 * The limits of an interface's frames: of this libpcap makes the slots of a low-latency ring.
 *
 * @param mtuBytes the largest payload of a frame on the link
 * @param offloads whether TSO, GSO, GRO, LRO or UFO is on, so that frames come that are longer than that
 * @param known whether the interface was asked; else these are assumptions
 */
public record LinkLimits(int mtuBytes, boolean offloads, boolean known) {
    /** What most interfaces have; the offloads are on by default. */
    public static final LinkLimits ASSUMED = new LinkLimits(1_500, true, false);

    /** pcap-linux.c, create_ring: Ethernet's header and check sequence. */
    private static final int FRAME_OVERHEAD_BYTES = 18;

    private static final int LONGEST_SUPER_FRAME_BYTES = 65_535;

    /** The longest frame that libpcap expects, in bytes. */
    int longestFrameBytes() {
        return (offloads ? Math.max(mtuBytes, LONGEST_SUPER_FRAME_BYTES) : mtuBytes) + FRAME_OVERHEAD_BYTES;
    }
}
