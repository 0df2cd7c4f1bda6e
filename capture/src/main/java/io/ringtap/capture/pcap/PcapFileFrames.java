package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.pcap4j.packet.namednumber.DataLinkType;

/**
 * Reads a capture file's frames one after another on the caller's thread, without a ring, and without garbage. For one thread
 * at a time.
 */
public final class PcapFileFrames implements AutoCloseable {
    private final PcapFileSource source;
    private final FrameSink sink = new FrameSink() {
        @Override
        public boolean onFrame(long at, int captured, int original, long nanos) {
            address = at;
            capturedBytes = captured;
            originalBytes = original;
            timestampNanos = nanos;
            return true;
        }

        @Override
        public void flush() {}
    };

    private long address;
    private int capturedBytes;
    private int originalBytes;
    private long timestampNanos;
    private ByteBuffer target;
    private MemorySegment segment;

    private PcapFileFrames(PcapFileSource source) {
        this.source = source;
    }

    /**
     * Opens a pcap or pcapng file of any link type, to read all that it holds of each frame, and when it comes.
     *
     * @param maxGap the most that is told of a pause between two frames, above 0; absent for all of it
     */
    public static PcapFileFrames openAnyLink(Path file, Optional<Duration> maxGap) throws OpenException {
        PcapFileSource source = PcapFileSource.openAnyLink(file, CaptureConfig.MAX_SNAPLEN_BYTES);
        source.time(new FileTimes(maxGap));
        return new PcapFileFrames(source);
    }

    /** Returns what the file's frames begin with. */
    public DataLinkType linkType() {
        return source.linkType();
    }

    /** Goes on to the next frame; false at the end. @throws OpenException if the file cannot be read on */
    public boolean next() throws OpenException {
        int taken = source.poll(sink, 1);
        if (taken == CaptureSource.FAILED) {
            throw new OpenException(Reason.BAD_FILE, source.failure());
        }
        return taken != CaptureSource.END;
    }

    /** Bytes that the file holds of the frame. */
    public int capturedBytes() {
        return capturedBytes;
    }

    /** Bytes that the frame had on its link, as far as an int goes. */
    public int originalBytes() {
        return originalBytes;
    }

    /**
     * Returns when the frame comes, nanoseconds since the first one, by the time stamps: never before its forerunner, whatever they say.
     */
    public long sinceFirstNanos() {
        return source.sinceFirstNanos();
    }

    /** Copies what the file holds of the frame into off-heap memory, at an index. */
    @SuppressWarnings("ReferenceEquality") // the same memory, whatever it holds
    public void copyTo(ByteBuffer memory, int index) {
        if (memory != target) {
            target = memory;
            segment = MemorySegment.ofBuffer(memory.duplicate().clear());
        }
        MemorySegment.copy(Libpcap.MEMORY, address, segment, index, capturedBytes);
    }

    /** At the end, says that the file was cut short, if it was; else empty. */
    public String cutShort() {
        return source.failure();
    }

    @Override
    public void close() {
        source.close();
    }

    /** Gives each of a file's frames, in an array of its own. @throws OpenException if it cannot be read to its end */
    public static void forEach(Path file, String captureName, Consumer<Frame> consumer) throws OpenException {
        PcapFileSource source = PcapFileSource.open(file, new FramePace.Max(), CaptureConfig.MAX_SNAPLEN_BYTES, "");
        try (PcapFileFrames frames = new PcapFileFrames(source)) {
            while (frames.next()) {
                byte[] bytes = MemorySegment.ofAddress(frames.address)
                        .reinterpret(frames.capturedBytes)
                        .toArray(JAVA_BYTE);
                consumer.accept(Frame.of(bytes, frames.originalBytes, frames.timestampNanos, captureName));
            }
            if (!frames.cutShort().isEmpty()) {
                throw new OpenException(Reason.BAD_FILE, frames.cutShort());
            }
        }
    }
}
