package io.ringtap.inject.replay;

import io.ringtap.frame.Headers;
import java.nio.ByteBuffer;
import org.pcap4j.util.MacAddress;

/** Does to frames in memory what a {@link Rewrite} says, without garbage. One thread. */
final class HeaderRewrite {
    /** A VLAN tag, which is also the room that has to be before a frame. */
    static final int TAG_BYTES = 4;

    private static final int ADDRESS_BYTES = MacAddress.SIZE_IN_BYTES;
    private static final int ADDRESSES_BYTES = 2 * ADDRESS_BYTES;
    private static final int HEADER_BYTES = ADDRESSES_BYTES + 2;
    private static final int TPID = 0x8100;
    private static final int ID_BITS = 0x0fff;

    private final byte[] destination; // null: the file's
    private final byte[] source; // null: the file's
    private final VlanRewrite vlan;
    private final byte[] addresses = new byte[ADDRESSES_BYTES];

    HeaderRewrite(Rewrite rewrite) {
        destination = rewrite.destination().map(MacAddress::getAddress).orElse(null);
        source = rewrite.source().map(MacAddress::getAddress).orElse(null);
        vlan = rewrite.vlan();
    }

    /**
     * Rewrites a frame; one that ends within its Ethernet header stays as it is.
     *
     * @param memory in network byte order, with {@value #TAG_BYTES} bytes of room before the frame
     * @return by how much the frame's beginning has moved, and its length has shrunk: negative if it has grown
     */
    int apply(ByteBuffer memory, int at, int length) {
        if (length < HEADER_BYTES) {
            return 0;
        }
        if (destination != null) {
            memory.put(at, destination);
        }
        if (source != null) {
            memory.put(at + ADDRESS_BYTES, source);
        }
        int tag = at + ADDRESSES_BYTES;
        boolean tagged = length >= HEADER_BYTES + TAG_BYTES && Headers.isVlanTag(memory.getShort(tag) & 0xffff);
        return switch (vlan.kind()) {
            case NONE -> 0;
            case SET -> {
                if (tagged) {
                    int control = (memory.getShort(tag + 2) & ~ID_BITS) | vlan.id();
                    memory.putShort(tag + 2, (short) control);
                }
                yield 0;
            }
            case ADD -> {
                move(memory, at, -TAG_BYTES);
                memory.putShort(tag - TAG_BYTES, (short) TPID).putShort(tag - 2, (short) vlan.id());
                yield -TAG_BYTES;
            }
            case REMOVE -> {
                if (tagged) {
                    move(memory, at, TAG_BYTES);
                }
                yield tagged ? TAG_BYTES : 0;
            }
        };
    }

    /** Moves the addresses alone: far less than what is behind them. */
    private void move(ByteBuffer memory, int at, int by) {
        memory.get(at, addresses).put(at + by, addresses);
    }

    /**
     * The least MTU that lets a frame pass. Linux counts neither an Ethernet header nor one 802.1Q tag behind it
     * (net/packet/af_packet.c, packet_extra_vlan_len_allowed).
     */
    static int neededMtuBytes(ByteBuffer memory, int at, int length) {
        boolean tagged = length >= HEADER_BYTES + TAG_BYTES && (memory.getShort(at + ADDRESSES_BYTES) & 0xffff) == TPID;
        return Math.max(0, length - HEADER_BYTES - (tagged ? TAG_BYTES : 0));
    }
}
