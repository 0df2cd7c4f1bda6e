package io.ringtap.handler.record;

import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.Frame;
import io.ringtap.ledger.CaptureCounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** A pcapng file of one Ethernet interface, with nanosecond times, that frames are written to one by one. For one thread. */
public final class PcapngFile implements AutoCloseable {
    private final WritableByteChannel channel;
    private final FileFormat format;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Chunk.BYTES).order(ByteOrder.nativeOrder());

    private PcapngFile(WritableByteChannel channel, FileFormat format) {
        this.channel = channel;
        this.format = format;
        buffer.put(format.header());
    }

    /**
     * Makes a file, or empties one that is there.
     *
     * @param interfaceName what the file says its frames are of
     */
    public static PcapngFile create(Path file, String interfaceName, int snaplenBytes) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        return to(channel, interfaceName, snaplenBytes);
    }

    /** The same into a channel, such as a pipe's; it is closed with this. */
    public static PcapngFile to(WritableByteChannel channel, String interfaceName, int snaplenBytes) {
        Supplier<CaptureCounts> none = () -> {
            throw new UnsupportedOperationException("nothing is counted");
        };
        CaptureFacts facts = new CaptureFacts(interfaceName, interfaceName, snaplenBytes, "", 1, none);
        return new PcapngFile(channel, new PcapngFormat(facts));
    }

    /** Adds a frame; it is in the file when this is closed, at the latest. */
    public void append(Frame frame) throws IOException {
        int bytes = format.recordBytes(frame.length());
        if (buffer.remaining() < bytes) {
            flush();
        }
        format.put(frame, frame.length(), buffer, buffer.position());
        buffer.position(buffer.position() + bytes);
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Writes what is left; idempotent. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try (channel) {
                flush();
            }
        }
    }
}
