package io.ringtap.inject.replay;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.FileTimes;
import io.ringtap.capture.pcap.PcapFileFrames;
import io.ringtap.inject.replay.Replay.CutFrames;
import java.nio.ByteBuffer;

/**
 * Reads a file once, and puts its frames, rewritten, into memory as records: when the frame comes, its length, where it
 * begins, and the frame. Makes no garbage a frame. For one thread at a time.
 */
final class RecordReader implements AutoCloseable {
    /** Longer ones pass no interface. */
    static final int MOST_FRAME_BYTES = 1 << 18;

    private static final int LENGTH = Long.BYTES;
    private static final int BEGINNING = LENGTH + Integer.BYTES;
    private static final int HEADER_BYTES = BEGINNING + Integer.BYTES;
    private static final int ALIGNMENT = Long.BYTES;

    private final PcapFileFrames frames;
    private final FileTimes times = new FileTimes();
    private final HeaderRewrite rewrite;
    private final boolean pad;
    private long sinceFirstNanos;
    private int lengthBytes;

    private RecordReader(PcapFileFrames frames, Replay replay) {
        this.frames = frames;
        this.rewrite = new HeaderRewrite(replay.rewrite());
        this.pad = replay.cutFrames() == CutFrames.PAD;
    }

    static RecordReader open(Replay replay) throws OpenException {
        return new RecordReader(PcapFileFrames.open(replay.file()), replay);
    }

    /** Goes on to the next frame; false at the end. @throws OpenException if the file cannot be read on */
    boolean next() throws OpenException {
        if (!frames.next()) {
            return false;
        }
        sinceFirstNanos = times.sinceFirstNanos(frames.timestampNanos());
        lengthBytes = pad ? Math.min(frames.originalBytes(), MOST_FRAME_BYTES) : frames.capturedBytes();
        return true;
    }

    /** When the frame comes, in nanoseconds since the first one. */
    long sinceFirstNanos() {
        return sinceFirstNanos;
    }

    /** Whether the file holds only the beginning of the frame. */
    boolean isCut() {
        return frames.capturedBytes() < frames.originalBytes();
    }

    /** At the end, says that the file was cut short, if it was; else empty. */
    String cutShort() {
        return frames.cutShort();
    }

    /** What the frame's record takes. */
    int recordBytes() {
        return aligned(HEADER_BYTES + HeaderRewrite.TAG_BYTES + lengthBytes);
    }

    /** Writes the frame's record. */
    void write(ByteBuffer memory, int at) {
        int frame = at + HEADER_BYTES + HeaderRewrite.TAG_BYTES;
        frames.copyTo(memory, frame);
        for (int i = frames.capturedBytes(); i < lengthBytes; i++) {
            memory.put(frame + i, (byte) 0);
        }
        int moved = rewrite.apply(memory, frame, lengthBytes);
        memory.putLong(at, sinceFirstNanos)
                .putInt(at + LENGTH, lengthBytes - moved)
                .putInt(at + BEGINNING, frame + moved);
    }

    /** When the frame of a record comes, in nanoseconds since the first one of the file. */
    static long sinceFirstNanos(ByteBuffer memory, int at) {
        return memory.getLong(at);
    }

    /** How long the frame of a record is. */
    static int length(ByteBuffer memory, int at) {
        return memory.getInt(at + LENGTH);
    }

    /** Where the frame of a record begins. */
    static int beginning(ByteBuffer memory, int at) {
        return memory.getInt(at + BEGINNING);
    }

    /** Where the next record begins. */
    static int behind(ByteBuffer memory, int at) {
        return aligned(beginning(memory, at) + length(memory, at));
    }

    private static int aligned(int bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    @Override
    public void close() {
        frames.close();
    }
}
