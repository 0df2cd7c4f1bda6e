package io.ringtap.capture.ring.spill;

import io.ringtap.capture.FrameSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The end of a spill whose frames are for the next start: puts all that is in memory into segments. One thread. */
final class SpillKeep {
    private final SpillFolder folder;
    private final SpillLog log;
    private final SpillReader reader;
    private final SpillChunk memory;

    /**
     * Of a spill whose threads have ended.
     *
     * @param memory a chunk that nobody uses
     */
    SpillKeep(SpillFolder folder, SpillLog log, SpillReader reader, SpillChunk memory) {
        this.folder = folder;
        this.log = log;
        this.reader = reader;
        this.memory = memory;
    }

    /** Keeps all that is left; frames. */
    long keep(Consumer<FrameSink> queued) throws IOException {
        long inSegments = log.unreadFrames();
        long first = keepFirst(queued);
        reader.markRead(); // only now: what was killed in between is there twice, and not never
        return first + inSegments + keepLast();
    }

    /** What the queue holds, and the rest of the chunk that was on its way there. */
    private long keepFirst(Consumer<FrameSink> queued) throws IOException {
        SpillSegment first = folder.createFirst();
        memory.clear();
        try {
            queued.accept(new FrameSink() {
                @Override
                public boolean onFrame(long address, int captured, int original, long timestampNanos) {
                    if (!memory.hasRoomFor(SpillChunk.recordBytes(captured))) {
                        flush();
                    }
                    memory.put(address, captured, original, timestampNanos);
                    return true;
                }

                @Override
                public void flush() {
                    try {
                        append(first, memory);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    memory.clear();
                }
            });
            append(first, memory);
            @Nullable SpillChunk rest = log.leftOfStolen();
            if (rest != null) {
                append(first, rest);
            }
            first.finish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            first.close();
        }
        return first.records();
    }

    /** What was handed over, and not written. */
    private long keepLast() throws IOException {
        SpillSegment last = folder.create();
        try {
            for (SpillChunk chunk : log.unwritten()) {
                append(last, chunk);
            }
            last.finish();
        } finally {
            last.close();
        }
        return last.records();
    }

    private static void append(SpillSegment segment, SpillChunk chunk) throws IOException {
        chunk.seal();
        segment.append(chunk);
        segment.grow(segment.appended(), chunk.frames());
    }
}
