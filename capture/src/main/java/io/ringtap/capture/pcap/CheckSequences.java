package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of frame check sequence that a capture file has behind each of its frames, which libpcap does not tell: by the
 * link type in the header of a pcap file (draft-ietf-opsawg-pcap), by {@code if_fcslen} of the interface or by the flags of
 * the packet in a pcapng file (draft-ietf-opsawg-pcapng). Nothing it does not find is an error: libpcap says what is wrong
 * with a file. One thread.
 */
final class CheckSequences {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private static final int PCAP_HEADER_BYTES = 24;

    /** Of each record of a pcap file. */
    static final int RECORD_HEADER_BYTES = 16;

    private static final int PCAP_MICROSECONDS = 0xa1b2c3d4;
    private static final int PCAP_NANOSECONDS = 0xa1b23c4d;
    private static final int PCAP_LINK_TYPE = 20;
    private static final int LENGTH_PRESENT = 0x0400_0000;
    private static final int LENGTH_SHIFT = 28; // and then counts 16 bits

    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int SECTION_ORDER = 0x1a2b3c4d;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int LEAST_BLOCK_BYTES = 12;
    private static final int BODY = 8;
    private static final int INTERFACE_OPTIONS = BODY + 8;
    private static final int PACKET_CAPTURED = BODY + 12;
    private static final int PACKET_DATA = BODY + 20;
    private static final int IF_FCSLEN = 13;
    private static final int PACKET_FLAGS = 2;
    private static final int FLAGS_SHIFT = 5;
    private static final int FLAGS_MASK = 0xf;

    private final MemorySegment file;
    private final int everyBytes;
    private final boolean blocks;

    /** Where the next block begins; at the end of the file if nothing is to be found there. */
    private long at;

    private boolean swapped;
    private byte[] ofInterfaces = new byte[4];
    private int interfaces;

    private CheckSequences(MemorySegment file) {
        this.file = file;
        int magic = file.byteSize() < PCAP_HEADER_BYTES ? 0 : file.get(INT, 0);
        int reversed = Integer.reverseBytes(magic);
        swapped = reversed == PCAP_MICROSECONDS || reversed == PCAP_NANOSECONDS;
        boolean classic = swapped || magic == PCAP_MICROSECONDS || magic == PCAP_NANOSECONDS;
        everyBytes = classic ? ofLinkType(int32(PCAP_LINK_TYPE)) : 0;
        blocks = magic == SECTION_HEADER;
        at = blocks ? 0 : file.byteSize();
    }

    /** Those of a file, which is looked at as long as the arena is open. @throws IOException if it cannot be */
    static CheckSequences of(Path path, Arena arena) throws IOException {
        boolean interrupted = Thread.interrupted(); // which would close the channel
        try (FileChannel channel = FileChannel.open(path)) {
            return new CheckSequences(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int ofLinkType(int linkType) {
        return (linkType & LENGTH_PRESENT) == 0 ? 0 : (linkType >>> LENGTH_SHIFT) * Short.BYTES;
    }

    /** Gives the length of the next frame's in bytes, 0 for none; asked once for each frame that libpcap gives, in order. */
    int next() {
        while (file.byteSize() - at >= LEAST_BLOCK_BYTES) {
            long block = at;
            int type = int32(block);
            if (type == SECTION_HEADER) {
                swapped ^= int32(block + BODY) != SECTION_ORDER;
                interfaces = 0;
            }
            long bytes = int32(block + 4) & 0xffff_ffffL;
            if (bytes < LEAST_BLOCK_BYTES || bytes > file.byteSize() - block) {
                break;
            }
            at = block + bytes;
            long end = at - Integer.BYTES;
            switch (type) {
                case INTERFACE_DESCRIPTION -> add(option(IF_FCSLEN, block + INTERFACE_OPTIONS, end));
                case ENHANCED_PACKET -> {
                    return end < block + PACKET_DATA ? 0 : ofPacket(block, int32(block + BODY), end);
                }
                case OBSOLETE_PACKET -> {
                    return end < block + PACKET_DATA ? 0 : ofPacket(block, int16(block + BODY), end);
                }
                case SIMPLE_PACKET -> {
                    return ofInterface(0);
                }
                default -> {}
            }
        }
        return everyBytes;
    }

    /** Returns how far it is in the file: behind the last frame's block, or behind so many bytes of records. */
    long position(long recordBytes) {
        return Math.min(file.byteSize(), blocks ? at : PCAP_HEADER_BYTES + recordBytes);
    }

    private void add(long option) {
        if (interfaces == ofInterfaces.length) {
            ofInterfaces = Arrays.copyOf(ofInterfaces, 2 * interfaces);
        }
        ofInterfaces[interfaces++] = option == 0 ? 0 : file.get(JAVA_BYTE, option);
    }

    private int ofPacket(long block, int number, long end) {
        long captured = int32(block + PACKET_CAPTURED) & 0xffff_ffffL;
        long flags = option(PACKET_FLAGS, block + PACKET_DATA + padded(captured), end);
        int told = flags == 0 ? 0 : int32(flags) >>> FLAGS_SHIFT & FLAGS_MASK;
        return told == 0 ? ofInterface(number) : told;
    }

    private int ofInterface(int number) {
        return number >= 0 && number < interfaces ? Byte.toUnsignedInt(ofInterfaces[number]) : 0;
    }

    /** Returns where the value of an option is; 0 if there is none. */
    private long option(int code, long from, long end) {
        long option = from;
        while (end - option >= Integer.BYTES) {
            int found = int16(option);
            long value = option + Integer.BYTES;
            long next = value + padded(int16(option + Short.BYTES));
            if (found == 0 || next > end) {
                return 0;
            }
            if (found == code) {
                return next > value ? value : 0;
            }
            option = next;
        }
        return 0;
    }

    private static long padded(long bytes) {
        return bytes + 3 & ~3L;
    }

    private int int32(long offset) {
        int value = file.get(INT, offset);
        return swapped ? Integer.reverseBytes(value) : value;
    }

    private int int16(long offset) {
        short value = file.get(SHORT, offset);
        return Short.toUnsignedInt(swapped ? Short.reverseBytes(value) : value);
    }
}
