package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Walks the TPACKET_V3 blocks of the ring that libpcap has mapped, without a call into native code for each frame: what
 * pcap_read_linux_mmap_v3 of libpcap 1.10 does, in Java. The layout is the kernel's binary interface: linux/if_packet.h, {@code
 * struct tpacket_block_desc} and {@code struct tpacket3_hdr}.
 *
 * <pre>{@code
 * ring: block | block | … ; each of block_size bytes, all mapped at once
 *
 * block  0  version, offset to private data      the kernel's, while block_status is TP_STATUS_KERNEL (0)
 *        8  block_status ◄── owner               ours, from TP_STATUS_USER (1) until we store 0
 *       12  num_pkts
 *       16  offset_to_first_pkt ──┐
 *       20  blk_len, seq_num, time stamps of the first and the last frame
 *           ┌─────────────────────┘
 * frame  ►  0  tp_next_offset ────────────────┐  from this header to the next; 0 in the last
 *           4  tp_sec, tp_nsec                │
 *          12  tp_snaplen (captured bytes)    │
 *          16  tp_len (bytes on the wire)     │
 *          20  tp_status (is the VLAN tag valid, has it a TPID)
 *          24  tp_mac ──┐                     │  from this header to the frame
 *          28  rxhash; 32 vlan_tci; 36 vlan_tpid
 *              struct sockaddr_ll             │
 *              ◄────────┘ the frame's bytes   │
 * frame  ►  ◄─────────────────────────────────┘
 * }</pre>
 *
 * <p>The kernel marks a block when it is full or its timeout is over, full or not; when no block is the kernel's, frames are
 * dropped and counted. The status is read with acquire before anything else of a block, and stored with release after its last
 * frame has been taken: the kernel may write there at once. A VLAN tag that the kernel took out is put back in front of the
 * frame, inside the block ({@link VlanTag}).
 *
 * <p>Takes no system call and no capability; those were libpcap's, when it opened the handle. It reads memory that nobody checks:
 * reading after the handle is closed ends the process with SIGSEGV. Nothing else may read from the handle. For the capture
 * thread; {@link #ringFill} for any.
 */
final class BlockReader implements FrameReader {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    // struct tpacket_block_desc with its tpacket_hdr_v1
    static final long BLOCK_STATUS = 8;
    static final long BLOCK_FRAMES = 12;
    static final long BLOCK_FIRST_FRAME = 16;
    private static final int STATUS_KERNEL = 0;
    static final int STATUS_USER = 1;

    // struct tpacket3_hdr with its tpacket_hdr_variant1
    static final long NEXT_OFFSET = 0;
    static final long SECONDS = 4;
    private static final long NANOSECONDS = 8;
    static final long CAPTURED = 12;
    static final long ORIGINAL = 16;
    private static final long STATUS = 20;
    static final long MAC_OFFSET = 24;
    private static final long VLAN_TCI = 32;
    private static final long VLAN_TPID = 36;

    private static final MemorySegment MEMORY = Libpcap.MEMORY;
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final RingMapping ring;
    private final long ringStart;
    private final long ringEnd;
    private final long blockBytes;
    private final int snaplenBytes;

    private long block;
    private long frame;
    private int framesLeft;
    private long blocksRead;

    BlockReader(RingMapping ring, long blockBytes, int snaplenBytes) {
        this.blockBytes = blockBytes;
        this.snaplenBytes = snaplenBytes;
        this.ring = ring;
        ringStart = ring.start();
        ringEnd = ring.end();
        block = ringStart;
    }

    /** A reader of the handle's ring; absent if where or what the ring is cannot be told for certain. */
    static Optional<BlockReader> of(long pcap, PacketSocket socket, int snaplenBytes) {
        // libpcap makes the block the smallest power of two of pages that holds a frame of its size (create_ring).
        long blockBytes = RingMapping.PAGE_BYTES;
        long frameBytes = Libpcap.bufferSize(pcap);
        while (blockBytes < frameBytes) {
            blockBytes *= 2;
        }
        long bytes = blockBytes;
        return socket.ring()
                .filter(ring -> ring.bytes() % bytes == 0)
                .map(ring -> new BlockReader(ring, bytes, snaplenBytes));
    }

    @Override
    public int read(FrameSink sink, int limit) {
        int taken = 0;
        while (taken < limit) {
            if (framesLeft == 0 && !openBlock()) {
                break;
            }
            int wanted = Math.min(framesLeft, limit - taken);
            int got = readBlock(sink, wanted);
            taken += got;
            if (got < wanted) {
                return CaptureSource.REFUSED;
            }
            if (framesLeft == 0) {
                releaseBlock();
            }
        }
        return taken;
    }

    private boolean openBlock() {
        if (((int) INT.getAcquire(MEMORY, block + BLOCK_STATUS) & STATUS_USER) == 0) {
            return false;
        }
        framesLeft = MEMORY.get(JAVA_INT, block + BLOCK_FRAMES);
        frame = block + MEMORY.get(JAVA_INT, block + BLOCK_FIRST_FRAME);
        if (framesLeft == 0) { // the kernel gives no empty block away; were there one, it must not stop the ring
            releaseBlock();
        }
        return framesLeft > 0;
    }

    private void releaseBlock() {
        INT.setRelease(MEMORY, block + BLOCK_STATUS, STATUS_KERNEL);
        blocksRead++;
        block += blockBytes;
        if (block == ringEnd) {
            block = ringStart;
        }
    }

    /** Hands on frames of the open block; how many the sink took. */
    private int readBlock(FrameSink sink, int count) {
        for (int n = 0; n < count; n++) {
            long header = frame;
            int captured = MEMORY.get(JAVA_INT, header + CAPTURED);
            int original = MEMORY.get(JAVA_INT, header + ORIGINAL);
            long data = header + Short.toUnsignedInt(MEMORY.get(JAVA_SHORT, header + MAC_OFFSET));
            int status = MEMORY.get(JAVA_INT, header + STATUS);
            if ((status & VlanTag.STATUS_VALID) != 0 && captured >= VlanTag.ADDRESSES_BYTES) {
                int tpid = Short.toUnsignedInt(MEMORY.get(JAVA_SHORT, header + VLAN_TPID));
                data = VlanTag.insert(data, status, MEMORY.get(JAVA_INT, header + VLAN_TCI), tpid);
                captured += VlanTag.BYTES;
                original += VlanTag.BYTES;
            }
            long nanos = Integer.toUnsignedLong(MEMORY.get(JAVA_INT, header + SECONDS)) * NANOS_PER_SECOND
                    + MEMORY.get(JAVA_INT, header + NANOSECONDS);
            if (!sink.onFrame(data, Math.min(captured, snaplenBytes), original, nanos)) {
                return n;
            }
            frame = header + MEMORY.get(JAVA_INT, header + NEXT_OFFSET);
            framesLeft--;
        }
        return count;
    }

    /** Blocks read and given back to the kernel so far. */
    long blocksRead() {
        return blocksRead;
    }

    @Override
    public OptionalDouble ringFill() {
        return OptionalDouble.of(ring.fill(blockBytes, BLOCK_STATUS));
    }

    @Override
    public void close() {}
}
