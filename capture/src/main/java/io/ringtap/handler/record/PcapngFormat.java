package io.ringtap.handler.record;

import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.Frame;
import io.ringtap.ledger.CaptureCounts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A pcapng section of one Ethernet interface, with nanosecond times; option codes are those of draft-ietf-opsawg-pcapng. */
public final class PcapngFormat implements FileFormat {
    static final int SECTION_HEADER = 0x0a0d0d0a;
    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    static final int INTERFACE_DESCRIPTION = 1;
    static final int INTERFACE_STATISTICS = 5;
    static final int ENHANCED_PACKET = 6;

    /** Bytes of an enhanced packet block before the frame. */
    static final int PACKET_HEADER = 28;

    /** Bytes of it before and behind the frame and its padding. */
    static final int PACKET_FRAMING = PACKET_HEADER + 4;

    private static final int LINKTYPE_ETHERNET = 1;
    private static final byte NANOSECONDS = 9;
    private static final int MOST_TEXT = 4_096;
    private static final int COMMENT = 1;

    /** No record with a comment is longer than the record without it and this. */
    public static final int MOST_COMMENT = MOST_TEXT + 8;

    private final CaptureFacts capture;
    private final String comment;

    PcapngFormat(CaptureFacts capture) {
        this(capture, "");
    }

    /** That of files whose section has a comment; empty for none. */
    PcapngFormat(CaptureFacts capture, String comment) {
        this.capture = capture;
        this.comment = comment;
    }

    private static String version() {
        String version = PcapngFormat.class.getPackage().getImplementationVersion();
        return version == null ? "" : " " + version;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    private static byte[] written(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private static int begin(ByteBuffer out, int type) {
        int start = out.position();
        out.putInt(type).putInt(0);
        return start;
    }

    private static void text(ByteBuffer out, int code, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        option(
                out,
                code,
                bytes.length <= MOST_TEXT
                        ? bytes
                        : ByteBuffer.allocate(MOST_TEXT)
                                .put(bytes, 0, MOST_TEXT)
                                .array());
    }

    private static void option(ByteBuffer out, int code, byte[] value) {
        out.putShort((short) code).putShort((short) value.length).put(value);
        while (out.position() % 4 != 0) { // a block begins at such a place
            out.put((byte) 0);
        }
    }

    private static void endOptions(ByteBuffer out, int start) {
        out.putInt(0); // opt_endofopt
        int length = out.position() + 4 - start;
        out.putInt(length).putInt(start + 4, length);
    }

    @Override
    public String extension() {
        return Kind.PCAPNG.extension();
    }

    /** {@inheritDoc} Tells the filter that frames pass as the file begins. */
    @Override
    public byte[] header() {
        ByteBuffer out = buffer(8 * MOST_TEXT);
        int section = begin(out, SECTION_HEADER);
        out.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1); // of any length
        if (!comment.isEmpty()) {
            text(out, COMMENT, comment);
        }
        text(out, 2, System.getProperty("os.arch"));
        text(out, 3, System.getProperty("os.name") + " " + System.getProperty("os.version"));
        text(out, 4, "ringtap" + version());
        endOptions(out, section);
        int description = begin(out, INTERFACE_DESCRIPTION);
        out.putShort((short) LINKTYPE_ETHERNET).putShort((short) 0).putInt(capture.snaplenBytes());
        text(out, 2, capture.interfaceName());
        option(out, 9, new byte[] {NANOSECONDS});
        String filter = capture.filter();
        if (!filter.isBlank()) {
            text(out, 11, "\0" + filter); // 0: a string of libpcap's
        }
        endOptions(out, description);
        return written(out);
    }

    /** Bytes that the record of so many bytes of a frame takes. */
    public static int bytesOf(int length) {
        return PACKET_FRAMING + (length + 3 & ~3);
    }

    @Override
    public int recordBytes(int length) {
        return bytesOf(length);
    }

    @Override
    public void put(Frame frame, int length, ByteBuffer target, int index) {
        write(frame, length, target, index);
    }

    /** Writes the record of a frame's first {@code length} bytes at an index. */
    public static void write(Frame frame, int length, ByteBuffer target, int index) {
        int total = bytesOf(length);
        long nanos = frame.timestampNanos();
        target.putInt(index, ENHANCED_PACKET).putInt(index + 4, total).putInt(index + 8, 0);
        target.putInt(index + 12, (int) (nanos >>> 32)).putInt(index + 16, (int) nanos);
        target.putInt(index + 20, length).putInt(index + 24, frame.originalLength());
        target.putInt(index + total - 8, 0); // the padding; the frame comes over what is not
        frame.copyTo(0, target, index + PACKET_HEADER, length);
        target.putInt(index + total - 4, total);
    }

    /** Puts a record that {@link #write} wrote, with a comment, where the target is. */
    public static void putCommented(ByteBuffer source, int index, String comment, ByteBuffer target) {
        int start = target.position();
        int length = bytesAt(source, index) - 4;
        target.put(start, source, index, length).position(start + length);
        text(target, COMMENT, comment);
        endOptions(target, start);
    }

    /** Length of a record that {@link #write} wrote. */
    public static int bytesAt(ByteBuffer source, int index) {
        return source.getInt(index + 4);
    }

    @Override
    public int recordBytesAt(ByteBuffer source, int index) {
        return bytesAt(source, index);
    }

    @Override
    public long timestampNanosAt(ByteBuffer source, int index) {
        return nanosAt(source, index);
    }

    /** Time of a record that {@link #write} wrote, nanoseconds since 1970. */
    public static long nanosAt(ByteBuffer source, int index) {
        return (long) source.getInt(index + 12) << 32 | Integer.toUnsignedLong(source.getInt(index + 16));
    }

    /** Received and dropped as dumpcap fills them in: isb_ifdrop has everything that was lost before it was read. */
    @Override
    public byte[] trailer(CaptureCounts counts, long nowNanos) {
        ByteBuffer out = buffer(trailerBytes());
        int start = begin(out, INTERFACE_STATISTICS);
        out.putInt(0).putInt((int) (nowNanos >>> 32)).putInt((int) nowNanos);
        number(out, 4, counts.received()); // isb_ifrecv
        long unread = counts.kernelDropped() + counts.unread();
        number(out, 5, unread + counts.lostBeforeTap()); // isb_ifdrop
        number(out, 6, counts.received()); // isb_filteraccept
        number(out, 7, unread); // isb_osdrop
        number(out, 8, counts.published()); // isb_usrdeliv
        endOptions(out, start);
        return written(out);
    }

    private static void number(ByteBuffer out, int code, long value) {
        out.putShort((short) code).putShort((short) 8).putLong(value);
    }

    @Override
    public int trailerBytes() {
        return 20 + 5 * 12 + 4 + 4;
    }
}
