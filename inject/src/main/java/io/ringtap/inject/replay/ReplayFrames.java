package io.ringtap.inject.replay;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.template.FrameSequence;
import java.nio.ByteBuffer;

/**
 * The frames of a replay over all its loops, off-heap, looked at in two places: one that asks when the next one comes, and one
 * that sends what has come. Makes no garbage a frame. For one thread at a time, but for {@link #failure}.
 */
public final class ReplayFrames implements FrameSequence, AutoCloseable {
    private final ReplayFacts facts;
    private final ReadAhead ahead;
    private final Place asked = new Place();
    private final Place sent = new Place();

    /** Frames passed so far, and the place of one that is not passed yet, with its number counted as they are. */
    private long passed;

    private final Place scout = new Place();
    private long scoutFrame = -1;

    /** A record of a chunk. */
    private static final class Place {
        private ReplayChunk chunk; // null: before the first one
        private long number = -1;
        private long loop;
        private int at;

        /** Goes to the next record if this one is used up; false if it is not read yet. */
        private boolean find(ReadAhead ahead) {
            if (chunk != null && at < chunk.end) {
                return true;
            }
            ReplayChunk next = ahead.chunk(number + 1);
            if (next == null) {
                return false;
            }
            chunk = next;
            number++;
            loop = ahead.loop(number, next);
            at = 0;
            return true;
        }

        private void use() {
            at = RecordReader.behind(chunk.memory, at);
        }

        private void goTo(Place other) {
            chunk = other.chunk;
            number = other.number;
            loop = other.loop;
            at = other.at;
        }

        private void reset() {
            chunk = null;
            number = -1;
            at = 0;
        }
    }

    private ReplayFrames(ReplayFacts facts, ReadAhead ahead) {
        this.facts = facts;
        this.ahead = ahead;
    }

    /**
     * Reads as much of a file as fits into 32 MiB.
     *
     * @param stream what the reading thread is called after, if one is needed
     */
    public static ReplayFrames open(ReplayFacts facts, String stream) throws OpenException {
        return open(facts, stream, ReadAhead.CHUNKS);
    }

    static ReplayFrames open(ReplayFacts facts, String stream, int mostChunks) throws OpenException {
        return new ReplayFrames(facts, ReadAhead.open(facts, stream, mostChunks));
    }

    /** Returns what the file holds. */
    public ReplayFacts facts() {
        return facts;
    }

    /** Returns whether the next frame to ask about is in memory. */
    public boolean hasNext() {
        return asked.find(ahead);
    }

    /** Returns when the next frame comes, if there {@link #hasNext} is one: nanoseconds since the first one, over all loops. */
    public long nextNanos() {
        return asked.loop * facts.loopNanos() + RecordReader.sinceFirstNanos(asked.chunk.memory, asked.at);
    }

    /** Returns how many frames are in memory that were not passed, at most so many are looked for. */
    public int available(int limit) {
        int found = 0;
        while (found < limit && scoutTo(passed + found)) {
            found++;
        }
        return found;
    }

    /**
     * Returns how long a frame is.
     *
     * @param frame its number, from the first one that was ever passed on, over all beginnings; not one that was passed
     * @return its bytes; 0 if it is not in memory yet
     */
    public int length(long frame) {
        boolean there = scoutTo(frame);
        return there ? RecordReader.length(scout.chunk.memory, scout.at) : 0;
    }

    private boolean scoutTo(long frame) {
        if (scoutFrame < passed || scoutFrame > frame) {
            if (!asked.find(ahead)) {
                return false;
            }
            scout.goTo(asked);
            scoutFrame = passed;
        }
        while (scoutFrame < frame) {
            scout.use();
            if (!scout.find(ahead)) {
                scoutFrame = -1;
                return false;
            }
            scoutFrame++;
        }
        return true;
    }

    /** Goes on to ask about the frame behind it; it is to be sent, by {@link #advance}. */
    public void pass() {
        asked.use();
        passed++;
    }

    /** {@inheritDoc} It must have been passed. */
    @Override
    public void advance() {
        if (sent.chunk != null) {
            sent.use();
        }
        long before = sent.number;
        sent.find(ahead);
        if (sent.number != before) {
            ahead.release(sent.number);
        }
    }

    @Override
    public void skip(int frames) {
        for (int i = 0; i < frames; i++) {
            advance();
        }
    }

    /** Returns whether the frame behind this one may lie in other memory, and {@link #advance} may give this one back to the file. */
    public boolean isLastInMemory() {
        return RecordReader.behind(sent.chunk.memory, sent.at) >= sent.chunk.end;
    }

    @Override
    public ByteBuffer memory() {
        return sent.chunk.memory;
    }

    @Override
    public int offset() {
        return RecordReader.beginning(sent.chunk.memory, sent.at);
    }

    @Override
    public int length() {
        return RecordReader.length(sent.chunk.memory, sent.at);
    }

    /** Begins anew with the first frame, which may take a moment to be there. */
    public void restart() {
        if (asked.number <= 0 && asked.at == 0 && sent.chunk == null) {
            return; // it is there
        }
        asked.reset();
        sent.reset();
        scoutFrame = -1;
        ahead.restart();
    }

    /** Returns why no more frames come; empty while there is nothing wrong. Any thread. */
    public String failure() {
        return ahead.failure();
    }

    /** Releases the file; idempotent. */
    @Override
    public void close() {
        ahead.close();
    }
}
