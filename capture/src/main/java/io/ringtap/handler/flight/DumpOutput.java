package io.ringtap.handler.flight;

import io.ringtap.handler.record.DumpFile;
import io.ringtap.handler.record.DumpFiles;
import io.ringtap.handler.record.PcapngFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a dump's frames go: a file, which there is from the first frame on. What a disk refuses waits here, and is tried again; from
 * a disk that refuses for too long the rest is kept away, and counted as lost. One thread at a time; counts for any.
 */
final class DumpOutput {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.flight");

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A disk that takes nothing for so long gets no more. */
    static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The dump, for the log. */
    private final String what;

    private final String comment;
    private final Path folder;
    private final DumpFiles files;
    private final Arena memory = Arena.ofShared();
    private final ByteBuffer staged =
            memory.allocate(FlightChunk.BYTES, Long.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
    private int stagedFrames;
    private long stagedNanos;
    private @Nullable DumpFile file;
    private boolean discarding;
    private boolean refused;
    private long refusedNano;
    private long retryNano;
    private volatile DumpStatus.State state = DumpStatus.State.RUNNING;
    private volatile long frames;
    private volatile long bytes;
    private volatile long lost;
    private volatile Optional<Path> path = Optional.empty();

    /**
     * One to which nothing went yet.
     *
     * @param what the dump, for the log
     * @param comment the file's
     */
    DumpOutput(String what, String comment, Path folder, DumpFiles files, long nowNano) {
        this.what = what;
        this.comment = comment;
        this.folder = folder;
        this.files = files;
        retryNano = nowNano;
    }

    /** Returns whether it is time for more: not while a disk that has refused is given a moment. */
    boolean isDue(long nowNano) {
        return nowNano - retryNano >= 0;
    }

    /** Has room for a record of so many bytes, with a comment. */
    void makeRoom(int recordBytes) throws IOException {
        if (staged.remaining() < recordBytes + PcapngFormat.MOST_COMMENT) {
            flush();
        }
    }

    /** Takes a frame from a cursor, which then stands at the next; there must be room. Gives the bytes of its record. */
    int take(RingCursor cursor, String frameComment) {
        stagedNanos = stagedFrames == 0 ? cursor.nanos() : stagedNanos;
        int start = staged.position();
        if (frameComment.isEmpty()) {
            cursor.take(staged);
        } else {
            cursor.take(staged, frameComment);
        }
        stagedFrames++;
        return staged.position() - start;
    }

    /** Has what was taken in the file; if it throws, nothing of it is. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes them
    void flush() throws IOException {
        if (stagedFrames == 0) {
            return;
        }
        if (discarding) {
            lost += stagedFrames;
            files.lost(stagedFrames);
        } else {
            write(staged.duplicate().flip());
            frames += stagedFrames;
            bytes += staged.position();
        }
        staged.clear();
        stagedFrames = 0;
    }

    private void write(ByteBuffer records) throws IOException {
        if (file == null) {
            file = files.create(comment);
        }
        file.append(records, stagedFrames, stagedNanos);
        if (refused) {
            refused = false;
            LOG.info("{} goes on: the disk takes frames again", what);
        }
    }

    /** The disk refuses. */
    void refuse(IOException reason, long nowNano, boolean closing) {
        retryNano = nowNano + RETRY_NANOS;
        if (!refused) {
            refused = true;
            refusedNano = nowNano;
            files.refused();
            LOG.error(
                    "{} waits: cannot write to {}: {}; its frames stay in memory, and it goes on by itself if that changes within"
                            + " {} s",
                    what,
                    folder,
                    DumpFiles.reason(reason),
                    TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS));
        }
        if (closing || nowNano - refusedNano >= PATIENCE_NANOS) {
            discarding = true;
            retryNano = nowNano;
            LOG.error("{} gets no more frames: the disk has not taken them in time", what);
        }
    }

    /** Returns whether all that was taken is in the file, or lost. */
    boolean isEmpty() {
        return stagedFrames == 0;
    }

    /** Gives its memory back: no frame comes any more. */
    void release() {
        memory.close();
    }

    /** Gives the file its name; takes as long as the disk does. {@code told} is what the log has more of the dump. */
    void finish(String told) {
        try {
            if (file != null) {
                path = Optional.of(file.finish());
            }
            state = lost == 0 ? DumpStatus.State.DONE : DumpStatus.State.FAILED;
            String where = path.map(Path::toString).orElse("empty");
            LOG.info("{} is {}: {} frames{}, {} lost", what, where, frames, told, lost);
        } catch (NoSuchFileException e) {
            loseAll();
        } catch (IOException e) {
            state = DumpStatus.State.FAILED;
            LOG.error("{} stays under a hidden name until ringtap starts next: {}", what, DumpFiles.reason(e));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // nobody else writes it any more
    private void loseAll() {
        files.lost(frames);
        lost += frames;
        frames = 0;
        state = DumpStatus.State.FAILED;
        LOG.error("{} was removed or moved away before it was whole: its frames count as lost", what);
    }

    DumpStatus.State state() {
        return state;
    }

    long frames() {
        return frames;
    }

    long bytes() {
        return bytes;
    }

    long lost() {
        return lost;
    }

    Optional<Path> path() {
        return path;
    }
}
