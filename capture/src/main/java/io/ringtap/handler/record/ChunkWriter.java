package io.ringtap.handler.record;

import io.ringtap.capture.DiskFault;
import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.CaptureCounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that moves chunks to files. When the disk takes nothing, it pauses the recording, keeps what it has in memory, and
 * tries again until there is room. It is never interrupted: that would close the file under it.
 */
final class ChunkWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.record");

    /** On a quiet link, a frame is in its file after this long. */
    private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LOOK_MILLIS = 250;

    /** Where the room there is cannot be told, writing is tried this often. */
    private static final long TRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A disk that fails again and again is logged this often. */
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A file that was removed is noticed after so long. */
    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The recording, for the log. */
    private final String what;

    private final ChunkQueue queue;
    private final FileFinisher files;
    private final RecordFolder folder;
    private final FileFormat format;
    private final Supplier<CaptureCounts> captured;
    private final RecordCounts counts;

    /** After a pause, writing is tried again when there is so much room. */
    private final long roomBytes;

    /** The longest a file may get, without what it ends with; 0 for any length. */
    private final long mostFileBytes;

    private final Compression compression;
    private final int compressThreads;

    /** Null for none. */
    private final @Nullable ChunkCompressor compressor;

    private final Thread thread;

    private LiveFile file;
    private boolean paused;
    private boolean logged;
    private long loggedNanos = System.nanoTime() - LOG_NANOS;
    private long pausedNanos;
    private boolean triedLast;
    private long lookedNanos = System.nanoTime();

    /** A writer that is not running yet. */
    ChunkWriter(
            RecordSettings settings,
            String threadName,
            ChunkQueue queue,
            FileFinisher files,
            RecordFolder folder,
            FileFormat format,
            @Nullable ChunkCompressor compressor,
            HandlerContext context,
            RecordCounts counts) {
        what = "worker " + context.workerName() + ": record of capture " + context.captureName();
        this.queue = queue;
        this.files = files;
        this.folder = folder;
        this.format = format;
        captured = context.capture().counts();
        this.counts = counts;
        roomBytes = settings.fileBytes() == 0
                ? settings.bufferBytes()
                : Math.min(settings.bufferBytes(), settings.fileBytes());
        compression = settings.compression();
        compressThreads = settings.compressThreads();
        this.compressor = compressor;
        mostFileBytes = settings.fileBytes() == 0
                ? Long.MAX_VALUE
                : settings.fileBytes() - compression.ending(new byte[format.trailerBytes()]).length;
        thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Waits for its end, after the queue was closed. */
    void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void run() {
        try {
            writeAll();
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.error("{} ended: this is a defect of ringtap: please report it", what, e);
            queue.pause(true);
        } finally {
            files.close();
            if (compressor != null) {
                compressor.close();
            }
        }
    }

    private void writeAll() throws InterruptedException {
        while (true) {
            Chunk chunk = queue.awaitNext(FLUSH_NANOS);
            if (chunk == null) {
                if (queue.closed()) {
                    break;
                }
                continue;
            }
            boolean whole = chunk.handedOver; // looked at first: what is published after it is all
            write(chunk, chunk.published());
            if (compressor != null) {
                compressor.done(chunk);
            }
            if (whole) {
                if (chunk.fileEnd != null) {
                    endFile(chunk.fileEnd);
                }
                queue.release();
            }
        }
        endFile(FileEnd.STOP);
    }

    private void write(Chunk chunk, long published) throws InterruptedException {
        leaveIfGone();
        while (chunk.written < Chunk.filled(published)) {
            int bytesBefore = chunk.written;
            int framesBefore = chunk.framesWritten;
            try {
                if (file == null) {
                    file = files.next();
                }
                append(chunk, published);
                files.grown(file);
                goOn();
            } catch (IOException e) {
                pause(e);
            }
            counts.bytes().add(chunk.written - bytesBefore);
            counts.frames().add(chunk.framesWritten - framesBefore);
            if (paused && !awaitRoom()) {
                counts.lose(Chunk.frames(published) - chunk.framesWritten);
                return;
            }
        }
    }

    private void append(Chunk chunk, long published) throws IOException {
        if (compressor == null) {
            file.append(chunk, published, format);
            return;
        }
        ByteBuffer block = compressor.compressed(chunk, Chunk.filled(published), queue.behind(compressThreads - 1));
        if (file.frames() > 0 && file.bytes() + block.remaining() > mostFileBytes) { // it cannot be compressed at all
            endFile(FileEnd.SIZE);
            file = files.next();
        }
        file.append(chunk, published, format, block);
        counts.compressed().add(block.remaining());
    }

    /** A file that was removed, with its folder perhaps, takes no more. */
    private void leaveIfGone() {
        long now = System.nanoTime();
        if (now - lookedNanos >= GONE_NANOS) {
            lookedNanos = now;
            if (file != null && file.isGone()) {
                endFile(FileEnd.GONE);
            }
        }
    }

    private void endFile(FileEnd reason) {
        if (file != null) {
            if (file.frames() > 0) {
                Instant now = Instant.now();
                byte[] trailer = format.trailer(captured.get(), now.getEpochSecond() * 1_000_000_000 + now.getNano());
                file.end(compression.ending(trailer), compression.ending(new byte[0]));
            }
            files.finish(file, reason);
            file = null;
        }
    }

    private void pause(IOException reason) {
        endFile(FileEnd.PAUSE);
        if (paused) {
            return;
        }
        paused = true;
        queue.pause(true);
        counts.pauses().add(1);
        pausedNanos = System.nanoTime();
        logged = pausedNanos - loggedNanos >= LOG_NANOS;
        if (logged) {
            loggedNanos = pausedNanos;
            LOG.error(
                    "{} is paused: cannot write to {}: {}; frames count as failed until {}, and it goes on by itself",
                    what,
                    folder.path(),
                    DiskFault.reason(reason),
                    reason instanceof NoSuchFileException
                            ? "the folder is there again: make it"
                            : "there is room: make some");
        }
    }

    private void goOn() {
        if (paused) {
            paused = false;
            queue.pause(false);
            if (logged) {
                double seconds = (System.nanoTime() - pausedNanos) / 1e9;
                LOG.info("{} goes on after {} s", what, Math.round(seconds * 10) / 10.0);
            }
        }
    }

    /** Waits until writing may be tried again; false if recording has ended and the disk has been tried once more. */
    private boolean awaitRoom() throws InterruptedException {
        long start = System.nanoTime();
        while (!queue.closed()) {
            queue.awaitClose(LOOK_MILLIS);
            if (folder.usableBytes() >= roomBytes || System.nanoTime() - start > TRY_NANOS) {
                return true;
            }
        }
        boolean tryOnce = !triedLast;
        triedLast = true;
        return tryOnce;
    }
}
