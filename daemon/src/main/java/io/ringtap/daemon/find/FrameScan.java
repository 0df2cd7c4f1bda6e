package io.ringtap.daemon.find;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames of a pcap or pcapng file, of either byte order, one after another: from its beginning, and from any record on that it is
 * told of later. No length in a file is believed before it is checked. Borrowed is what it tells of a frame: valid until the next.
 * One thread.
 */
final class FrameScan {
    private static final int WINDOW = 512 << 10;

    /** As libpcap has it; the options of a block come on top. */
    private static final int LONGEST_RECORD = 16 << 20;

    private static final int PCAP_HEADER = 24;
    private static final int PCAP_RECORD = 16;
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;

    /** Those above say how long the frame check sequence is. */
    private static final int LINK_TYPE_BITS = 0x03ff_ffff;

    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int SECTION_ORDER = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int PACKET = 6;
    private static final int LEAST_BLOCK = 12;
    private static final int PACKET_HEADER = 28;
    private static final int SIMPLE_HEADER = 12;

    private final List<CapturedOn> interfaces = new ArrayList<>();
    private ByteBuffer bytes =
            ByteBuffer.allocateDirect(WINDOW).order(ByteOrder.nativeOrder()).limit(0);
    private ReadableByteChannel source;
    private long left;
    private boolean begun;
    private boolean blocks;

    private CapturedOn on;
    private int at;
    private int captured;
    private int original;
    private long nanos;
    private int optionsAt;
    private int optionsEnd;

    /** Goes on there, for so many bytes at most; first at the file's beginning. */
    void enter(ReadableByteChannel channel, long mostBytes) {
        source = channel;
        left = mostBytes;
        bytes.clear().limit(0);
    }

    /**
     * Goes on to the next frame; false at the end of what there is, and where a record is not whole.
     *
     * @throws IOException if it cannot be read, or is none
     */
    boolean next() throws IOException {
        if (!begun) {
            begin();
        }
        return blocks ? nextBlock() : nextRecord();
    }

    /** Returns whether it has come to the end of a record, not within one. */
    boolean isAtEnd() {
        return !bytes.hasRemaining();
    }

    private void begin() throws IOException {
        if (!has(4)) {
            throw new IOException(bytes.hasRemaining() ? "it is no capture file" : "it is empty");
        }
        begun = true;
        int magic = bytes.getInt(bytes.position());
        if (magic == SECTION_HEADER) {
            blocks = true;
            return;
        }
        int reversed = Integer.reverseBytes(magic);
        if (reversed == MICROSECONDS || reversed == NANOSECONDS) {
            bytes.order(bytes.order() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            magic = reversed;
        }
        if ((magic != MICROSECONDS && magic != NANOSECONDS) || !has(PCAP_HEADER)) {
            throw new IOException("it is no pcap or pcapng file");
        }
        int header = bytes.position();
        int linkType = bytes.getInt(header + 20) & LINK_TYPE_BITS;
        interfaces.add(CapturedOn.file(linkType, bytes.getInt(header + 16), magic == NANOSECONDS));
        bytes.position(header + PCAP_HEADER);
    }

    private boolean nextRecord() throws IOException {
        if (!has(PCAP_RECORD)) {
            return false;
        }
        int record = bytes.position();
        int length = bytes.getInt(record + 8);
        if (length < 0 || length > LONGEST_RECORD) {
            throw damaged("a record of " + Integer.toUnsignedString(length) + " bytes");
        }
        if (!has(PCAP_RECORD + length)) {
            return false;
        }
        record = bytes.position();
        on = interfaces.getFirst();
        long seconds = Integer.toUnsignedLong(bytes.getInt(record));
        int fraction = bytes.getInt(record + 4);
        nanos = on.nanos(seconds * on.unitsPerSecond() + fraction);
        at = record + PCAP_RECORD;
        captured = on.snaplen() <= 0 ? length : Math.min(length, on.snaplen());
        original = bytes.getInt(record + 12);
        bytes.position(record + PCAP_RECORD + length);
        optionsAt = optionsEnd;
        return true;
    }

    private boolean nextBlock() throws IOException {
        while (has(LEAST_BLOCK)) {
            int block = bytes.position();
            int type = bytes.getInt(block);
            if (type == SECTION_HEADER) {
                section(block + 8);
            }
            int length = bytes.getInt(block + 4);
            if (length < LEAST_BLOCK || length > LONGEST_RECORD || (length & 3) != 0) {
                throw damaged("a block of " + Integer.toUnsignedString(length) + " bytes");
            }
            if (!has(length)) {
                return false;
            }
            block = bytes.position();
            bytes.position(block + length);
            if (isFrame(type, block, block + length - 4)) {
                return true;
            }
        }
        return false;
    }

    private void section(int orderAt) throws IOException {
        if (bytes.getInt(orderAt) != SECTION_ORDER) {
            if (Integer.reverseBytes(bytes.getInt(orderAt)) != SECTION_ORDER) {
                throw damaged("a section of no byte order");
            }
            bytes.order(bytes.order() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        }
        interfaces.clear();
    }

    private boolean isFrame(int type, int block, int end) throws IOException {
        return switch (type) {
            case INTERFACE -> {
                if (end < block + 16) {
                    throw damaged("a description of an interface that is too short");
                }
                interfaces.add(CapturedOn.described(bytes, block + 8, end));
                yield false;
            }
            case PACKET -> packet(block, block + 8, 4, end);
            case OBSOLETE_PACKET -> packet(block, block + 8, 2, end);
            case SIMPLE_PACKET -> simplePacket(block, end);
            default -> false;
        };
    }

    private boolean packet(int block, int numberAt, int numberBytes, int end) throws IOException {
        if (end < block + PACKET_HEADER) {
            throw damaged("a packet that is too short");
        }
        on = of(numberBytes == 4 ? bytes.getInt(numberAt) : bytes.getShort(numberAt) & 0xffff);
        nanos = on.nanos((long) bytes.getInt(block + 12) << 32 | (bytes.getInt(block + 16) & 0xffff_ffffL));
        at = block + PACKET_HEADER;
        captured = bytes.getInt(block + 20);
        original = bytes.getInt(block + 24);
        if (captured < 0 || captured > end - at) {
            throw damaged("a packet that is longer than its block");
        }
        optionsAt = Math.min(end, at + (captured + 3 & ~3));
        optionsEnd = end;
        return true;
    }

    private boolean simplePacket(int block, int end) throws IOException {
        on = of(0);
        original = bytes.getInt(block + 8);
        at = block + SIMPLE_HEADER;
        int most = on.snaplen() <= 0 ? Integer.MAX_VALUE : on.snaplen();
        captured = original < 0 ? most : Math.min(original, most);
        if (captured > end - at) {
            throw damaged("a packet that is longer than its block");
        }
        nanos = 0;
        optionsAt = end;
        optionsEnd = end;
        return true;
    }

    private CapturedOn of(int number) throws IOException {
        if (number < 0 || number >= interfaces.size()) {
            throw damaged("a packet of an interface that is not described");
        }
        return interfaces.get(number);
    }

    private static IOException damaged(String what) {
        return new IOException("it is damaged: it has " + what);
    }

    /** Has so many bytes from the buffer's position on, which may be moved for it; false if there are no more. */
    private boolean has(int count) throws IOException {
        if (bytes.remaining() >= count) {
            return true;
        }
        if (count > bytes.capacity()) {
            bytes = ByteBuffer.allocateDirect(count).order(bytes.order()).put(bytes);
        } else {
            bytes.compact();
        }
        while (bytes.position() < count && left > 0) {
            bytes.limit((int) Math.min(bytes.capacity(), bytes.position() + left));
            int taken = source.read(bytes);
            if (taken < 0) {
                break;
            }
            left -= taken;
        }
        bytes.flip();
        return bytes.remaining() >= count;
    }

    /** What the frame was captured on. */
    CapturedOn on() {
        return on;
    }

    /** Direct memory that holds it. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Where it begins there. */
    int at() {
        return at;
    }

    int captured() {
        return captured;
    }

    int original() {
        return original;
    }

    /** Its time, nanoseconds since 1970. */
    long nanos() {
        return nanos;
    }

    /** The options that pcapng has of it: where they begin; {@link #optionsEnd} if there are none. */
    int optionsAt() {
        return optionsAt;
    }

    int optionsEnd() {
        return optionsEnd;
    }
}
