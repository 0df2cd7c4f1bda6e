package io.ringtap.handler.record;

import io.ringtap.capture.DiskFault;
import io.ringtap.frame.HandlerContext;
import io.ringtap.handler.record.RecordFolder.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread's recording, open: its names are locked, its first file is there, its writer runs. */
final class Recording {
    private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOCK_PAUSE_MILLIS = 20;

    private final ChunkQueue queue;
    private final FileFinisher files;
    private final ChunkWriter writer;

    private Recording(ChunkQueue queue, FileFinisher files, ChunkWriter writer) {
        this.queue = queue;
        this.files = files;
        this.writer = writer;
    }

    /** Opens it. @throws IOException whose message says what, where, why, and what to do */
    static Recording open(RecordSettings settings, FileFormat format, RecordCounts counts, HandlerContext context)
            throws IOException, InterruptedException {
        Slot slot = slot(settings, context);
        ChunkQueue queue = new ChunkQueue((int) (settings.bufferBytes() / Chunk.BYTES));
        RecordFolder folder = openFolder(settings.folder().toAbsolutePath());
        NameLock lock = lock(folder, slot, "prefix");
        String threadName = "record-" + context.workerName() + "-" + context.thread();
        ThreadFactory threads =
                Thread.ofPlatform().daemon().name(threadName + "-files").factory();
        FileFinisher files = null;
        ChunkCompressor compressor = null;
        try {
            if (settings.compression() == Compression.ZSTD) {
                compressor = ChunkCompressor.open(settings.compressLevel(), settings.compressThreads());
            }
            files = FileFinisher.open(folder, slot, lock, settings, context, format, counts, threads);
            ChunkWriter writer =
                    new ChunkWriter(settings, threadName, queue, files, folder, format, compressor, context, counts);
            writer.start();
            return new Recording(queue, files, writer);
        } catch (IOException e) {
            lock.close();
            close(compressor);
            throw cannotRecord(folder.path(), e);
        } catch (RuntimeException | Error e) { // there may be no memory for a thread
            close(compressor);
            if (files == null) {
                lock.close();
            } else {
                files.close();
            }
            throw e;
        }
    }

    private static void close(@Nullable ChunkCompressor compressor) {
        if (compressor != null) {
            compressor.close();
        }
    }

    private static Slot slot(RecordSettings settings, HandlerContext context) throws IOException {
        int threads = context.threads();
        long least = KeepLimit.leastBytes(threads, settings.mostFileBytes());
        if (settings.keepBytes() != 0 && settings.keepBytes() < least) {
            throw new IOException("cannot record: with " + threads + " threads, each of which writes files of "
                    + settings.mostFileBytes() + " bytes, keep-bytes must be at least " + least
                    + " bytes, or file-size less");
        }
        String prefix = settings.prefix().isEmpty() ? context.workerName() : settings.prefix();
        return Slot.of(base(prefix, context), context.thread(), threads);
    }

    /** What the names of files begin with. */
    static String base(String prefix, HandlerContext context) {
        return (prefix + "-" + context.captureName()).replaceAll("[^A-Za-z0-9._-]", "_");
    }

    static RecordFolder openFolder(Path path) throws IOException {
        try {
            Files.createDirectories(path);
            return new RecordFolder(path.toRealPath());
        } catch (IOException e) {
            throw cannotRecord(path, e);
        }
    }

    /** A handler that has just ended, or is recovering what another left there, gives the names back in a moment. */
    static NameLock lock(RecordFolder folder, Slot slot, String prefixKey) throws IOException, InterruptedException {
        List<Path> files = folder.lockFiles(slot);
        long deadline = System.nanoTime() + LOCK_NANOS;
        try {
            Optional<NameLock> lock = NameLock.take(files);
            while (lock.isEmpty() && System.nanoTime() - deadline < 0) {
                Thread.sleep(Duration.ofMillis(LOCK_PAUSE_MILLIS));
                lock = NameLock.take(files);
            }
            if (lock.isPresent()) {
                return lock.get();
            }
        } catch (IOException e) {
            throw cannotRecord(folder.path(), e);
        }
        throw new IOException("cannot record to " + folder.path()
                + ": another handler or daemon records there under the" + " same names (it holds "
                + files.getLast().getFileName()
                + "); give one of them another folder or " + prefixKey);
    }

    static IOException cannotRecord(Path folder, IOException cause) {
        return new IOException("cannot record to " + folder + ": " + DiskFault.reason(cause)
                + "; set folder to one where ringtap's user may write (under systemd, below /var/lib/ringtap)");
    }

    ChunkQueue queue() {
        return queue;
    }

    /** What there is to tell of its files. */
    RecordedFiles files() {
        return files.recorded();
    }

    /** Waits until everything handed over is in its file, under its name; until interrupted, if the disk takes too long. */
    void stop() throws InterruptedException {
        queue.close();
        writer.join();
        files.awaitEnd();
    }
}
