package io.ringtap.inject.mmsg;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.SendingInterface;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A PACKET_TX_RING of TPACKET_V2 (Linux: Documentation/networking/packet_mmap.rst, linux/if_packet.h), past the queueing
 * discipline: frames are put into slots that the kernel sees too, and one call sends many.
 *
 * <pre>{@code
 * ring: slot | slot | … ; from head on they are sent in turn
 *
 * slot   0  tp_status ◄── owner           ours at TP_STATUS_AVAILABLE (0)
 *        4  tp_len (virtio_net_hdr + frame)  the kernel's from SEND_REQUEST (1), by send(), over SENDING (2), until the driver
 *                                         has done with the frame and the kernel stores 0; WRONG_FORMAT (4) is refused
 *       32  struct virtio_net_hdr; 34 hdr_len: the frame's length
 *       42  the frame's bytes             made here by StreamFrames; may be changed again only when the slot is ours
 * }</pre>
 *
 * <p>Before each frame stands a struct virtio_net_hdr which says that all of it is header: the kernel then copies the
 * frame once, as for any send. Without, it lends the slot's page to the driver, and one that does not take lent pages, such as
 * veth's, makes it copy the frame into pages of its own, which costs more. With it, the kernel leaves the frame's length
 * against the MTU to the sender.
 *
 * <p>Opening takes CAP_NET_RAW, and locked memory for {@code slots × slotBytes}; ENOMEM if that is short. {@link #send} gives
 * ENOBUFS where the driver has no room, ENETDOWN and ENXIO where the interface is down or gone. Closing unmaps the ring; who
 * writes to {@link #memory} afterwards gets an exception.
 *
 * <p>One thread's at a time.
 */
final class TransmitRing implements AutoCloseable {
    /** Enough for a card that is slow to say what it has sent. */
    private static final int MOST_SLOTS = 256;

    private static final int LEAST_SLOTS = 16;

    /** What is longer leaves the cache. */
    private static final int RING_BYTES = 1 << 20;

    /** A multiple of any page. */
    private static final int BLOCK_BYTES = 1 << 16;

    private static final int LEAST_SLOT_BYTES = BLOCK_BYTES / MOST_SLOTS;

    private static final int PACKET_VERSION = 10;
    private static final int PACKET_TX_RING = 13;
    private static final int PACKET_VNET_HDR = 15;
    private static final int TPACKET_V2 = 1;

    private static final int TP_STATUS_AVAILABLE = 0;
    private static final int TP_STATUS_SEND_REQUEST = 1;
    private static final int TP_STATUS_SENDING = 2;
    private static final int TP_STATUS_WRONG_FORMAT = 4;
    private static final int STATUS_MASK = TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING | TP_STATUS_WRONG_FORMAT;

    // In a slot: struct tpacket2_hdr, struct virtio_net_hdr, the frame.
    private static final int TP_STATUS = 0;
    private static final int TP_LEN = 4;
    private static final int TPACKET2_HDR_BYTES = 32;
    private static final int HDR_LEN = TPACKET2_HDR_BYTES + 2;
    private static final int VIRTIO_NET_HDR_BYTES = 10;

    /** Where in a slot the frame begins. */
    static final int FRAME = TPACKET2_HDR_BYTES + VIRTIO_NET_HDR_BYTES;

    private final Kernel kernel;
    private final SendingSocket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int slotBytes;
    private final int slots;

    /** The slot from which the kernel goes on, and whatever is put in with it. */
    private int head;

    private TransmitRing(Kernel kernel, SendingSocket socket, int slotBytes) throws OpenException {
        this.kernel = kernel;
        this.socket = socket;
        this.slotBytes = slotBytes;
        this.slots = Math.clamp(RING_BYTES / slotBytes, LEAST_SLOTS, MOST_SLOTS);
        int bytes = slots * slotBytes;
        int block = Math.max(BLOCK_BYTES, slotBytes);
        socket.set(SendingSocket.PACKET_QDISC_BYPASS, 1);
        socket.set(PACKET_VERSION, TPACKET_V2);
        socket.set(PACKET_VNET_HDR, 1);
        socket.set(PACKET_TX_RING, block, bytes / block, slotBytes, slots); // struct tpacket_req
        long address = socket.check(kernel.map(socket.descriptor(), bytes));
        this.memory = MemorySegment.ofAddress(address).reinterpret(bytes, arena, _ -> kernel.unmap(address, bytes));
    }

    /** A ring for frames up to a length. @throws OpenException as {@link SendingSocket#open}, or where memory is short */
    static TransmitRing open(Kernel kernel, SendingInterface to, int longestBytes) throws OpenException {
        int slotBytes = Math.max(LEAST_SLOT_BYTES, Integer.highestOneBit(FRAME + longestBytes - 1) << 1);
        SendingSocket socket = SendingSocket.open(kernel, to);
        try {
            return new TransmitRing(kernel, socket, slotBytes);
        } catch (OpenException e) {
            socket.close();
            throw e;
        }
    }

    /** Returns where the slots lie, one behind the other, in network byte order. */
    ByteBuffer memory() {
        return memory.asByteBuffer();
    }

    int slots() {
        return slots;
    }

    int slotBytes() {
        return slotBytes;
    }

    /** The n-th slot to be sent next. */
    int slot(int n) {
        return (head + n) % slots;
    }

    /** Returns how many of the slots to be sent next are free, at most {@code most}: the driver has done with what was there. */
    int free(int most) {
        int free = 0;
        while (free < most && free < slots && (status(slot(free)) & STATUS_MASK) == TP_STATUS_AVAILABLE) {
            free++;
        }
        return free;
    }

    /** Says how long the frame in a slot is. */
    void length(int slot, int bytes) {
        long at = (long) slot * slotBytes;
        memory.set(JAVA_INT, at + TP_LEN, VIRTIO_NET_HDR_BYTES + bytes);
        memory.set(JAVA_SHORT, at + HDR_LEN, (short) bytes);
    }

    /** Sends the next slots' frames, without waiting for room. How many the kernel took, or the negative errno if none. */
    int send(int count) {
        for (int i = 0; i < count; i++) {
            status(slot(i), TP_STATUS_SEND_REQUEST);
        }
        long result = kernel.sendRing(socket.descriptor());
        int taken = 0;
        while (taken < count && (status(slot(taken)) & (TP_STATUS_SEND_REQUEST | TP_STATUS_WRONG_FORMAT)) == 0) {
            taken++;
        }
        for (int i = taken; i < count; i++) {
            status(slot(i), TP_STATUS_AVAILABLE); // the kernel has stopped at the first of them
        }
        head = slot(taken);
        if (taken > 0) {
            return taken;
        }
        return result < 0 && result != -Errno.EAGAIN ? (int) result : -Errno.ENOBUFS;
    }

    private int status(int slot) {
        return memory.get(JAVA_INT, (long) slot * slotBytes + TP_STATUS);
    }

    private void status(int slot, int status) {
        memory.set(JAVA_INT, (long) slot * slotBytes + TP_STATUS, status);
    }

    /** Idempotent; what is used afterwards throws. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            socket.close();
        }
    }
}
