package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.RingArithmetic;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Walks the TPACKET_V2 slots of the ring that libpcap has mapped for immediate mode, as {@link BlockReader} walks blocks:
 * what pcap_read_linux_mmap_v2 of libpcap 1.10 does, without the poll(2) by which it looks for more. The layout is the kernel's
 * binary interface: linux/if_packet.h, {@code struct tpacket2_hdr}.
 *
 * <pre>{@code
 * ring: block | block | … ; block: slot | slot | … | rest, too short for a slot
 *
 * slot   0  tp_status ◄── owner            the kernel's, while it is TP_STATUS_KERNEL (0); else ours, until we store 0
 *        4  tp_len (bytes on the wire)
 *        8  tp_snaplen (captured bytes)    at most what the slot holds: a longer frame is cut
 *       12  tp_mac ──┐
 *       16  tp_sec, tp_nsec
 *       24  vlan_tci; 26 vlan_tpid
 *           struct sockaddr_ll
 *           ◄────────┘ the frame's bytes
 * }</pre>
 *
 * <p>The kernel fills slot after slot, and drops and counts a frame whose slot is not its own yet. A slot is given back as soon
 * as its frame has been taken: status is read with acquire and stored with release. Capabilities, what can go wrong and threads
 * are as with {@link BlockReader}.
 */
final class SlotReader implements FrameReader {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    // struct tpacket2_hdr
    private static final long STATUS = 0;
    private static final long ORIGINAL = 4;
    private static final long CAPTURED = 8;
    private static final long MAC_OFFSET = 12;
    private static final long SECONDS = 16;
    private static final long NANOSECONDS = 20;
    private static final long VLAN_TCI = 24;
    private static final long VLAN_TPID = 26;
    private static final int STATUS_KERNEL = 0;

    private static final MemorySegment MEMORY = Libpcap.MEMORY;
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final RingMapping ring;
    private final int slotBytes;
    private final int blockBytes;
    private final int snaplenBytes;

    private long block;
    private long slot;
    private long blockEnd;

    private SlotReader(RingMapping ring, RingArithmetic size, int snaplenBytes) {
        this.ring = ring;
        this.snaplenBytes = snaplenBytes;
        slotBytes = size.slotBytes();
        blockBytes = size.blockBytes();
        openBlock(ring.start());
    }

    /** A reader of the handle's ring; absent if where or what the ring is cannot be told for certain. */
    static Optional<SlotReader> of(long pcap, PacketSocket socket, int snaplenBytes) {
        return socket.ring().flatMap(ring -> {
            RingArithmetic size = RingArithmetic.granted(Mode.LOW_LATENCY, Libpcap.bufferSize(pcap), ring.bytes());
            return size.ringBytes() == ring.bytes()
                    ? Optional.of(new SlotReader(ring, size, snaplenBytes))
                    : Optional.empty();
        });
    }

    private void openBlock(long address) {
        block = address == ring.end() ? ring.start() : address;
        slot = block;
        blockEnd = block + blockBytes - slotBytes; // the start of the last slot that fits
    }

    @Override
    public int read(FrameSink sink, int limit) {
        for (int taken = 0; taken < limit; taken++) {
            int status = (int) INT.getAcquire(MEMORY, slot + STATUS);
            if (status == STATUS_KERNEL) {
                return taken;
            }
            if (!handOn(sink, status)) {
                return CaptureSource.REFUSED;
            }
            INT.setRelease(MEMORY, slot + STATUS, STATUS_KERNEL);
            slot += slotBytes;
            if (slot > blockEnd) {
                openBlock(block + blockBytes);
            }
        }
        return limit;
    }

    private boolean handOn(FrameSink sink, int status) {
        int captured = MEMORY.get(JAVA_INT, slot + CAPTURED);
        int original = MEMORY.get(JAVA_INT, slot + ORIGINAL);
        long data = slot + Short.toUnsignedInt(MEMORY.get(JAVA_SHORT, slot + MAC_OFFSET));
        if ((status & VlanTag.STATUS_VALID) != 0 && captured >= VlanTag.ADDRESSES_BYTES) {
            int tpid = Short.toUnsignedInt(MEMORY.get(JAVA_SHORT, slot + VLAN_TPID));
            data = VlanTag.insert(data, status, MEMORY.get(JAVA_SHORT, slot + VLAN_TCI), tpid);
            captured += VlanTag.BYTES;
            original += VlanTag.BYTES;
        }
        long nanos = Integer.toUnsignedLong(MEMORY.get(JAVA_INT, slot + SECONDS)) * NANOS_PER_SECOND
                + MEMORY.get(JAVA_INT, slot + NANOSECONDS);
        return sink.onFrame(data, Math.min(captured, snaplenBytes), original, nanos);
    }

    @Override
    public boolean spin(long nanos) {
        long end = System.nanoTime() + nanos;
        do {
            if ((int) INT.getAcquire(MEMORY, slot + STATUS) != STATUS_KERNEL) {
                return true;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - end < 0);
        return false;
    }

    @Override
    public OptionalDouble ringFill() {
        return OptionalDouble.of(ring.fill(blockBytes, STATUS));
    }

    @Override
    public void close() {}
}
