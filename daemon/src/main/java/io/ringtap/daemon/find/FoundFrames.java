package io.ringtap.daemon.find;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The pcapng that found frames are written to, with the interfaces they are of. One thread. */
public final class FoundFrames implements Closeable {
    private static final int BUFFER = 256 << 10;
    private static final long FLUSH_NANOS = 200_000_000;
    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int SECTION_ORDER = 0x1a2b3c4d;
    private static final int SNAPLEN = 262_144; // the same for all: libpcap reads no others together
    private static final int PACKET_FRAMING = 32;
    private static final int COMMENT = 1;
    private static final int FLAGS = 2;

    private final WritableByteChannel channel;
    private final Map<Source, Integer> interfaces = new HashMap<>();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());
    private long flushedNanos = System.nanoTime();

    /** What tells interfaces apart. */
    private record Source(int linkType, ByteBuffer options) {}

    /** Into a channel, which is closed with this. */
    public FoundFrames(WritableByteChannel channel) {
        this.channel = channel;
        String version = FoundFrames.class.getPackage().getImplementationVersion();
        int start = begin(SECTION_HEADER);
        buffer.putInt(SECTION_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(4, ("ringtap find" + (version == null ? "" : " " + version)).getBytes(StandardCharsets.UTF_8));
        buffer.putInt(0);
        end(start);
    }

    private int begin(int type) {
        int start = buffer.position();
        buffer.putInt(type).putInt(0);
        return start;
    }

    private void end(int start) {
        int length = buffer.position() + 4 - start;
        buffer.putInt(length).putInt(start + 4, length);
    }

    private void option(int code, byte[] value) {
        buffer.putShort((short) code).putShort((short) value.length).put(value);
        pad();
    }

    private void pad() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
    }

    /** Writes all that a search finds; gives how many frames that is. */
    public long write(Search search) throws IOException {
        long frames = 0;
        flushNowAndThen();
        while (search.next()) {
            append(search.frame());
            frames++;
            flushNowAndThen();
        }
        return frames;
    }

    /** Writes the frame that a scan is at. */
    private void append(FrameScan frame) throws IOException {
        int number = number(frame.on());
        int options = frame.optionsEnd() - frame.optionsAt();
        room(PACKET_FRAMING + 8 + frame.captured() + 3 + options);
        int start = begin(6);
        buffer.putInt(number).putInt((int) (frame.nanos() >>> 32)).putInt((int) frame.nanos());
        buffer.putInt(frame.captured()).putInt(frame.original());
        buffer.put(buffer.position(), frame.bytes(), frame.at(), frame.captured());
        buffer.position(buffer.position() + frame.captured());
        pad();
        if (options > 0) {
            keepOptions(frame);
        }
        end(start);
    }

    /** Comments, and flags: of the others, few mean the same in another file. */
    private void keepOptions(FrameScan frame) {
        ByteBuffer source = frame.bytes();
        int start = buffer.position();
        int at = frame.optionsAt();
        while (frame.optionsEnd() - at >= 4) {
            int code = source.getShort(at) & 0xffff;
            int length = source.getShort(at + 2) & 0xffff;
            int next = at + 4 + (length + 3 & ~3);
            if (code == 0 || next > frame.optionsEnd()) {
                break;
            }
            if (code == FLAGS && length == 4) {
                buffer.putShort((short) FLAGS).putShort((short) 4).putInt(source.getInt(at + 4));
            } else if (code == COMMENT) {
                byte[] text = new byte[length];
                source.get(at + 4, text);
                option(COMMENT, text);
            }
            at = next;
        }
        if (buffer.position() > start) {
            buffer.putInt(0);
        }
    }

    private int number(CapturedOn on) throws IOException {
        Integer known = interfaces.get(new Source(on.linkType(), on.options()));
        if (known != null) {
            return known;
        }
        room(64 + on.options().limit());
        int start = begin(1);
        buffer.putShort((short) on.linkType()).putShort((short) 0).putInt(SNAPLEN);
        buffer.put(on.options().duplicate());
        option(9, new byte[] {9}); // nanoseconds
        buffer.putInt(0);
        end(start);
        interfaces.put(new Source(on.linkType(), on.options()), interfaces.size());
        return interfaces.size() - 1;
    }

    private void room(int count) throws IOException {
        if (buffer.remaining() < count) {
            flush();
            if (buffer.capacity() < count) {
                buffer = ByteBuffer.allocateDirect(2 * count).order(ByteOrder.nativeOrder());
            }
        }
    }

    /** Hands on what has waited for long: somebody may look at it as it comes. */
    private void flushNowAndThen() throws IOException {
        long now = System.nanoTime();
        if (now - flushedNanos > FLUSH_NANOS) {
            flushedNanos = now;
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }
}
