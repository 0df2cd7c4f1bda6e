package io.ringtap.inject.replay;

import io.ringtap.capture.OpenException;
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
    private final LinkHeader header;
    private final HeaderRewrite rewrite;
    private final boolean pad;
    private long number;
    private int lengthBytes;

    private RecordReader(PcapFileFrames frames, LinkHeader header, Replay replay) {
        this.frames = frames;
        this.header = header;
        this.rewrite = new HeaderRewrite(replay.rewrite());
        this.pad = replay.cutFrames() == CutFrames.PAD;
    }

    static RecordReader open(Replay replay) throws OpenException {
        PcapFileFrames frames = PcapFileFrames.openAnyLink(replay.file(), replay.maxGap());
        try {
            return new RecordReader(frames, LinkHeader.of(frames.linkType(), replay), replay);
        } catch (OpenException | RuntimeException | Error e) {
            frames.close();
            throw e;
        }
    }

    /** Goes on to the next frame; false at the end. @throws OpenException if the file cannot be read on */
    boolean next() throws OpenException {
        if (!frames.next()) {
            return false;
        }
        number++;
        lengthBytes =
                header.ethernetBytes(pad ? Math.min(frames.originalBytes(), MOST_FRAME_BYTES) : frames.capturedBytes());
        return true;
    }

    /** Returns when the frame comes, in nanoseconds since the first one. */
    long sinceFirstNanos() {
        return frames.sinceFirstNanos();
    }

    /** Returns whether the file holds only the beginning of the frame. */
    boolean isCut() {
        return frames.capturedBytes() < frames.originalBytes();
    }

    /** At the end, says that the file was cut short, if it was; else empty. */
    String cutShort() {
        return frames.cutShort();
    }

    /** Returns what the frame's record takes. */
    int recordBytes() {
        return aligned(HEADER_BYTES + roomBytes() + (lengthBytes == 0 ? 0 : lengthBytes + header.shiftBytes()));
    }

    /** Before the frame as it is in the file: for a tag, and for a longer header. */
    private int roomBytes() {
        return HeaderRewrite.TAG_BYTES + Math.max(0, -header.shiftBytes());
    }

    /** Writes the frame's record. @throws OpenException if no Ethernet frame can be made of it */
    void write(ByteBuffer memory, int at) throws OpenException {
        int inFile = at + HEADER_BYTES + roomBytes();
        int frame = inFile;
        if (lengthBytes > 0) {
            frames.copyTo(memory, inFile);
            frame = header.convert(memory, inFile, lengthBytes, number);
        }
        for (int i = inFile + frames.capturedBytes(); i < frame + lengthBytes; i++) {
            memory.put(i, (byte) 0);
        }
        int moved = rewrite.apply(memory, frame, lengthBytes);
        memory.putLong(at, frames.sinceFirstNanos())
                .putInt(at + LENGTH, lengthBytes - moved)
                .putInt(at + BEGINNING, frame + moved);
    }

    /** Returns when the frame of a record comes, in nanoseconds since the first one of the file. */
    static long sinceFirstNanos(ByteBuffer memory, int at) {
        return memory.getLong(at);
    }

    /** Returns how long the frame of a record is. */
    static int length(ByteBuffer memory, int at) {
        return memory.getInt(at + LENGTH);
    }

    /** Returns where the frame of a record begins. */
    static int beginning(ByteBuffer memory, int at) {
        return memory.getInt(at + BEGINNING);
    }

    /** Returns where the next record begins. */
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
