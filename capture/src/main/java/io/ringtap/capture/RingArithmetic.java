package io.ringtap.capture;

import io.ringtap.capture.CaptureConfig.Mode;

/**
 * The arithmetic of a kernel ring: its blocks and slots, and so how many frames it holds. The formulas are those of
 * create_ring in libpcap 1.10's pcap-linux.c and of tpacket_rcv in the kernel's af_packet.c; native-notes has measurements.
 *
 * @param mode throughput: TPACKET_V3, blocks packed with frames; low latency: TPACKET_V2, a frame a slot
 * @param slotBytes what libpcap calls the size of a frame: in low-latency mode a slot, else a block
 * @param blocks how many blocks there are
 */
public record RingArithmetic(Mode mode, int slotBytes, long blocks) {
    /** The page size of x86-64, and of arm64 as distributions build it. */
    public static final int PAGE_BYTES = 4_096;

    /** TPACKET_ALIGN(TPACKET2_HDRLEN + 256) + room for a VLAN tag - 256, as create_ring computes it. */
    private static final int SLOT_HEADER_BYTES = 68;

    private static final int SLOT_ALIGNMENT_BYTES = 16;

    /** TPACKET_ALIGN(TPACKET2_HDRLEN + 16) + room for a VLAN tag - an Ethernet header: where a frame begins in its slot. */
    private static final int FRAME_OFFSET_IN_SLOT_BYTES = 70;

    /** With this, two slots fill a page; with 2,048, each would take a page of its own, and half the ring would be wasted. */
    static final int LEAST_SNAPLEN_BYTES = 1_980;

    /** With this, a slot fills four pages, and holds jumbo frames of any usual MTU. */
    static final int MOST_SNAPLEN_BYTES = 16_316;

    /** Ethernet's header, two VLAN tags, and what a slot's alignment may take. */
    private static final int FRAME_OVERHEAD_BYTES = 24;

    /** struct tpacket_block_desc. */
    private static final int BLOCK_HEADER_BYTES = 48;

    /** TPACKET_ALIGN(TPACKET3_HDRLEN + 16) + room for a VLAN tag - an Ethernet header. */
    private static final int FRAME_HEADER_BYTES = 86;

    private static final int FRAME_ALIGNMENT_BYTES = 8;

    /**
     * The snaplen that a low-latency capture has on an interface: the one asked for, or, for whole frames, one that has room for
     * those that its MTU allows, but wastes no memory and takes no more than four pages a frame.
     */
    static int snaplenFor(int snaplenBytes, LinkLimits link) {
        return snaplenBytes == CaptureConfig.WHOLE_FRAMES
                ? Math.clamp(link.mtuBytes() + FRAME_OVERHEAD_BYTES, LEAST_SNAPLEN_BYTES, MOST_SNAPLEN_BYTES)
                : snaplenBytes;
    }

    /** The ring that libpcap asks the kernel for. The kernel may have less memory, and then there are fewer blocks. */
    public static RingArithmetic requested(Mode mode, long bufferBytes, int snaplenBytes, LinkLimits link) {
        int slotBytes = mode == Mode.THROUGHPUT
                ? CaptureConfig.MAX_SNAPLEN_BYTES
                : align(SLOT_HEADER_BYTES + Math.min(snaplenBytes, link.longestFrameBytes()), SLOT_ALIGNMENT_BYTES);
        long slots = Math.ceilDiv(bufferBytes, slotBytes);
        RingArithmetic one = new RingArithmetic(mode, slotBytes, 1);
        return new RingArithmetic(mode, slotBytes, slots / one.slotsPerBlock());
    }

    /**
     * The ring that the kernel gave.
     *
     * @param slotBytes what pcap_bufsize says
     * @param ringBytes the size of its mapping
     */
    public static RingArithmetic granted(Mode mode, int slotBytes, long ringBytes) {
        return new RingArithmetic(mode, slotBytes, ringBytes / new RingArithmetic(mode, slotBytes, 1).blockBytes());
    }

    /** Returns how many bytes of a frame it has room for. */
    int mostCapturedBytes() {
        return mode == Mode.LOW_LATENCY
                ? slotBytes - FRAME_OFFSET_IN_SLOT_BYTES
                : blockBytes() - BLOCK_HEADER_BYTES - FRAME_HEADER_BYTES;
    }

    /** The size of a block: the smallest power of two of pages that holds a slot. */
    public int blockBytes() {
        int bytes = PAGE_BYTES;
        while (bytes < slotBytes) {
            bytes *= 2;
        }
        return bytes;
    }

    private int slotsPerBlock() {
        return blockBytes() / slotBytes;
    }

    /** The memory the ring takes. */
    public long ringBytes() {
        return blocks * blockBytes();
    }

    /** Returns how many frames it holds of which so many bytes are captured. */
    public long frames(int capturedBytes) {
        if (mode == Mode.LOW_LATENCY) {
            return blocks * slotsPerBlock();
        }
        int space = align(FRAME_HEADER_BYTES + capturedBytes, FRAME_ALIGNMENT_BYTES);
        // __packet_lookup_frame_in_block: a frame must end before the block does, but for the first one in it.
        return blocks * Math.max(1, (blockBytes() - BLOCK_HEADER_BYTES - 1) / space);
    }

    private static int align(int bytes, int alignment) {
        return Math.ceilDiv(bytes, alignment) * alignment;
    }
}
