package io.ringtap.inject.replay;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.pcap.LinkTypeName;
import io.ringtap.inject.template.FrameTemplate;
import java.nio.ByteBuffer;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.pcap4j.util.MacAddress;

/**
 * Puts an Ethernet header in place of what the frames of a file begin with, if that is another one which tells the rest: that of
 * Linux' cooked captures, of a loopback, or none before IP. Addresses that it does not tell have to be given. One thread.
 */
final class LinkHeader {
    private static final int ADDRESS_BYTES = MacAddress.SIZE_IN_BYTES;
    private static final int TYPE = 2 * ADDRESS_BYTES;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;

    /** Lower ones are no EtherTypes: of Linux' own, 1 and 4 stand for a length before IPX or LLC. */
    private static final int LEAST_ETHERTYPE = 0x0600;

    private static final int ETH_P_802_3 = 1;
    private static final int ETH_P_802_2 = 4;

    private final Kind kind;
    private final Replay replay;

    /** The header before a packet: its length, and, in a cooked one, where protocol, length of the address, and address are. */
    private enum Kind {
        ETHERNET(FrameTemplate.HEADER_BYTES, 0, 0, 0),
        RAW(0, 0, 0, 0),
        LOOPBACK(4, 0, 0, 0),
        COOKED(16, 14, 5, 6),
        COOKED_2(20, 0, 11, 12);

        private final int bytes;
        private final int protocol;
        private final int addressLength;
        private final int address;

        Kind(int bytes, int protocol, int addressLength, int address) {
            this.bytes = bytes;
            this.protocol = protocol;
            this.addressLength = addressLength;
            this.address = address;
        }

        private boolean isCooked() {
            return address > 0;
        }
    }

    private LinkHeader(Kind kind, Replay replay) {
        this.kind = kind;
        this.replay = replay;
    }

    /** That of a file. @throws OpenException if no Ethernet header can be made of it, with what to do */
    static LinkHeader of(DataLinkType type, Replay replay) throws OpenException {
        Kind kind = switch (type.value()) {
            case 1 -> Kind.ETHERNET;
            case LinkTypeName.RAW, LinkTypeName.IPV4, LinkTypeName.IPV6 -> Kind.RAW;
            case LinkTypeName.NULL, LinkTypeName.LOOP -> Kind.LOOPBACK;
            case LinkTypeName.LINUX_SLL -> Kind.COOKED;
            case LinkTypeName.LINUX_SLL2 -> Kind.COOKED_2;
            default ->
                throw refusal(
                        replay,
                        "its link type is " + LinkTypeName.of(type) + ", of which no Ethernet frames can be made: "
                                + LinkTypeName.cure(type));
        };
        boolean destination = replay.rewrite().destination().isPresent();
        boolean source = replay.rewrite().source().isPresent();
        if (kind == Kind.ETHERNET || (destination && (source || kind.isCooked()))) {
            return new LinkHeader(kind, replay);
        }
        throw refusal(
                replay,
                "its link type is " + LinkTypeName.of(type) + ", which "
                        + (kind.isCooked()
                                ? "keeps no destination addresses: give one, as rewrite.destination (--destination)"
                                : "has no hardware addresses: give both, as rewrite.destination and rewrite.source"
                                        + " (--destination, --source)")
                        + ", and Ethernet frames are made of it");
    }

    private static OpenException refusal(Replay replay, String why) {
        return new OpenException(Reason.BAD_FILE, "cannot replay " + replay.file() + ": " + why);
    }

    /** Returns how long a frame of so many bytes in the file is as an Ethernet frame; 0 for one that ends within its header. */
    int ethernetBytes(int bytes) {
        if (kind == Kind.ETHERNET) {
            return bytes;
        }
        boolean whole = kind == Kind.RAW ? bytes > 0 : bytes >= kind.bytes;
        return whole ? bytes - kind.bytes + FrameTemplate.HEADER_BYTES : 0;
    }

    /** By how much an Ethernet frame begins behind where it begins in the file; negative if before. */
    int shiftBytes() {
        return kind.bytes - FrameTemplate.HEADER_BYTES;
    }

    /**
     * Makes the header.
     *
     * @param memory in network byte order, with room before the frame if {@link #shiftBytes} is negative
     * @param at where the frame begins as it is in the file
     * @param bytes how long it is as an Ethernet frame, padding and all; not 0
     * @param number its number in the file, from 1
     * @return where it begins as an Ethernet frame
     * @throws OpenException if it holds no packet that an Ethernet frame can hold
     */
    int convert(ByteBuffer memory, int at, int bytes, long number) throws OpenException {
        if (kind == Kind.ETHERNET) {
            return at;
        }
        int start = at + shiftBytes();
        int type = kind.isCooked() ? cookedType(memory, at, bytes, number) : ipType(memory, at + kind.bytes, number);
        if (kind.isCooked()) {
            putSource(memory, at, start, number);
        }
        memory.putShort(start + TYPE, (short) type);
        return start; // the destination, at least, is the rewrite's to put
    }

    private int cookedType(ByteBuffer memory, int at, int bytes, long number) throws OpenException {
        int protocol = memory.getShort(at + kind.protocol) & 0xffff;
        if (protocol == ETH_P_802_3 || protocol == ETH_P_802_2) {
            return bytes - FrameTemplate.HEADER_BYTES;
        }
        if (protocol < LEAST_ETHERTYPE) {
            throw refusal(
                    replay,
                    String.format("its frame %d is of no Ethernet (protocol 0x%04x): leave it out", number, protocol));
        }
        return protocol;
    }

    private void putSource(ByteBuffer memory, int at, int start, long number) throws OpenException {
        boolean told = memory.get(at + kind.addressLength) == ADDRESS_BYTES;
        if (!told && replay.rewrite().source().isEmpty()) {
            throw refusal(
                    replay,
                    "its frame " + number + " tells no hardware address that it came from: give one, as rewrite.source"
                            + " (--source)");
        }
        for (int i = ADDRESS_BYTES - 1; i >= 0; i--) { // where the two overlap, it moves towards higher addresses
            memory.put(start + ADDRESS_BYTES + i, memory.get(at + kind.address + i));
        }
    }

    private int ipType(ByteBuffer memory, int packet, long number) throws OpenException {
        return switch (memory.get(packet) >> 4 & 0xf) {
            case 4 -> IPV4;
            case 6 -> IPV6;
            default -> throw refusal(replay, "its frame " + number + " is no IP packet: leave it out");
        };
    }
}
