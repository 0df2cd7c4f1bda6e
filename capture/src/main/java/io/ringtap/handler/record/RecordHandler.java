package io.ringtap.handler.record;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.record.RecordFolder.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Records frames to pcapng or pcap files. A file begins with its first frame, is written under a hidden name, and gets its name
 * when it is whole. Frames are copied into memory here and written by another thread; when the disk is slower than the frames
 * come and the memory is used up, {@link #onFrame} waits. While the disk takes nothing at all, it throws.
 */
public final class RecordHandler implements FrameHandler {
    /** On a silent link a file ends this much later than its time: frames that are still on their way belong to it. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOCK_PAUSE_MILLIS = 20;

    private final RecordSettings settings;
    private final long fileNanos;
    private final long mostFileFrames;
    private final RecordingPausedException refusal = new RecordingPausedException();

    private FileFormat format;
    private RecordCounts counts;
    private ChunkQueue queue;
    private FileFinisher files;
    private ChunkWriter writer;
    private long mostFileBytes;

    private Chunk chunk;
    private long fileBytes;
    private long fileFrames;
    private long fileStartNanos;
    private long fileOpenedNanos;

    /** Reads its keys. */
    public RecordHandler(HandlerSettings settings) {
        this.settings = RecordSettings.read(settings);
        fileNanos = this.settings.fileTime().isZero()
                ? Long.MAX_VALUE
                : this.settings.fileTime().toNanos();
        mostFileFrames = this.settings.fileFrames() == 0 ? Long.MAX_VALUE : this.settings.fileFrames();
    }

    @Override
    public void onStart(HandlerContext context) throws IOException, InterruptedException {
        checkKeepBytes(context.threads());
        format = settings.format().of(context.capture());
        counts = RecordCounts.of(context);
        mostFileBytes = settings.fileBytes() == 0 ? Long.MAX_VALUE : settings.fileBytes() - format.trailerBytes();
        String prefix = settings.prefix().isEmpty() ? context.workerName() : settings.prefix();
        String base = (prefix + "-" + context.captureName()).replaceAll("[^A-Za-z0-9._-]", "_");
        Slot slot = new Slot(base, context.threads() == 1 ? "" : "-t" + context.thread());
        RecordFolder folder = openFolder();
        queue = new ChunkQueue((int) (settings.bufferBytes() / Chunk.BYTES));
        SlotLock lock = lock(folder, slot);
        String threadName = "record-" + context.workerName() + "-" + context.thread();
        try {
            files = new FileFinisher(
                    folder, slot, lock, settings, context.threads(), format, counts, threadName + "-files");
            files.start(context.thread() == 0);
        } catch (IOException e) {
            lock.close();
            throw cannotRecord(folder.path(), DiskFault.reason(e));
        }
        String what = "worker " + context.workerName() + ": record of capture " + context.captureName();
        writer = new ChunkWriter(
                what,
                threadName,
                queue,
                files,
                folder,
                format,
                context.capture().counts(),
                counts,
                Math.min(settings.bufferBytes(), mostFileBytes));
        writer.start();
    }

    private void checkKeepBytes(int threads) throws IOException {
        if (settings.keepBytes() != 0 && settings.keepBytes() < (threads + 1L) * settings.fileBytes()) {
            throw new IOException("keep-bytes must be at least " + (threads + 1) + " times the file-size: each of "
                    + threads + " threads writes a file");
        }
    }

    private RecordFolder openFolder() throws IOException {
        Path path = settings.folder().toAbsolutePath();
        try {
            Files.createDirectories(path);
            return new RecordFolder(path.toRealPath());
        } catch (IOException e) {
            throw cannotRecord(path, DiskFault.reason(e));
        }
    }

    /** One that has just ended, or is recovering what another left there, gives it back in a moment. */
    private static SlotLock lock(RecordFolder folder, Slot slot) throws IOException, InterruptedException {
        Path file = folder.lockFile(slot);
        long deadline = System.nanoTime() + LOCK_NANOS;
        try {
            Optional<SlotLock> lock = SlotLock.take(file);
            while (lock.isEmpty() && System.nanoTime() - deadline < 0) {
                Thread.sleep(Duration.ofMillis(LOCK_PAUSE_MILLIS));
                lock = SlotLock.take(file);
            }
            return lock.orElseThrow(
                    () -> new IOException("another handler or daemon records there under the same names ("
                            + file.getFileName() + " is locked): give one of them another folder or prefix"));
        } catch (IOException e) {
            throw cannotRecord(folder.path(), DiskFault.reason(e));
        }
    }

    private static IOException cannotRecord(Path folder, String reason) {
        return new IOException("cannot record to " + folder + ": " + reason
                + "; \"folder\" must be one that the user ringtap runs as may write to");
    }

    @Override
    public void onFrame(Frame frame) throws RecordingPausedException, InterruptedException {
        if (queue.paused()) {
            throw refuse();
        }
        int bytes = format.recordBytes(frame.length());
        if (fileFrames > 0 && !fits(bytes, frame.timestampNanos())) {
            endFile();
        }
        if (chunk == null || chunk.filled + bytes > Chunk.BYTES) {
            nextChunk();
        }
        format.put(frame, chunk.bytes, chunk.filled);
        if (fileFrames == 0) {
            fileBytes = format.header().length;
            fileStartNanos = frame.timestampNanos();
            fileOpenedNanos = System.nanoTime();
        }
        chunk.filled += bytes;
        chunk.frames++;
        fileBytes += bytes;
        fileFrames++;
    }

    private boolean fits(int bytes, long timestampNanos) {
        return fileBytes + bytes <= mostFileBytes
                && fileFrames < mostFileFrames
                && timestampNanos - fileStartNanos < fileNanos;
    }

    private RecordingPausedException refuse() {
        counts.refused().add(1);
        return refusal;
    }

    private void nextChunk() throws RecordingPausedException, InterruptedException {
        Chunk next = queue.exchange(chunk);
        if (next == null) {
            throw refuse();
        }
        chunk = next;
    }

    private void endFile() {
        if (chunk != null) {
            chunk.endsFile = true;
            queue.handOver(chunk);
            chunk = null;
        }
        fileFrames = 0;
    }

    @Override
    public void onBatchEnd() {
        if (chunk != null) {
            chunk.publish();
        }
        if (fileFrames > 0
                && fileNanos != Long.MAX_VALUE
                && System.nanoTime() - fileOpenedNanos - SILENCE_NANOS >= fileNanos) {
            endFile();
        }
    }

    /** Everything taken is in its file, under its name, when this returns; unless the disk takes too long. */
    @Override
    public void onStop() throws InterruptedException {
        endFile();
        queue.close();
        writer.join();
        files.awaitEnd();
    }
}
