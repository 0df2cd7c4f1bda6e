package io.ringtap.handler.record;

import io.ringtap.capture.LineLimit;
import io.ringtap.frame.HandlerContext;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything about files that may take long, off the writer's thread: the next file is opened before it is needed; what has
 * ended is synced, renamed and, when there is too much, removed on a thread of its own. For the writer's thread.
 */
final class FileFinisher {
    private static final Logger LOG = LoggerFactory.getLogger(FileFinisher.class);

    /** Files that may wait to be finished, each with a descriptor; the writer then waits too. */
    private static final int MOST_UNFINISHED = 8;

    /** By then every handler of this process has locked the names that are its own. */
    private static final long OTHERS_AFTER_SECONDS = 5;

    /** The kernel is asked this often to write on, so that no sync at a file's end takes long. */
    private static final long SYNC_BYTES = 64L << 20;

    /** A disk that fails does so for every file. */
    private final LineLimit limit = new LineLimit();

    private final RecordFolder folder;
    private final Slot slot;
    private final SlotLock lock;
    private final RecordSettings settings;
    private final KeepLimit keep;
    private final FileFormat format;
    private final RecordCounts counts;
    private final String threadName;
    private final AtomicLong sequence;
    private final ScheduledThreadPoolExecutor thread;
    private final Semaphore unfinished;
    private CompletableFuture<LiveFile> prepared;
    private long syncAtBytes = SYNC_BYTES;

    private FileFinisher(
            RecordFolder folder,
            Slot slot,
            SlotLock lock,
            RecordSettings settings,
            int threads,
            FileFormat format,
            RecordCounts counts,
            String threadName)
            throws IOException {
        this.folder = folder;
        this.slot = slot;
        this.lock = lock;
        this.settings = settings;
        this.format = format;
        this.counts = counts;
        this.threadName = threadName;
        keep = new KeepLimit(settings.keepFiles(), settings.keepBytes(), settings.fileBytes());
        unfinished = new Semaphore(keep.mostUnfinished(threads, MOST_UNFINISHED));
        sequence = new AtomicLong(folder.lastSequence(slot));
        thread = new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().daemon().name(threadName).unstarted(task));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Opens the first file, which shows that it can be done, and has what an earlier run left recovered. */
    static FileFinisher open(
            RecordFolder folder,
            Slot slot,
            SlotLock lock,
            RecordSettings settings,
            HandlerContext context,
            FileFormat format,
            RecordCounts counts,
            String threadName)
            throws IOException {
        FileFinisher files =
                new FileFinisher(folder, slot, lock, settings, context.threads(), format, counts, threadName);
        List<Part> left =
                folder.parts().stream().filter(part -> part.slot().equals(slot)).toList();
        files.prepared = CompletableFuture.completedFuture(files.create());
        files.recover(left, context.thread() == 0);
        return files;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what goes wrong is logged
    private void recover(List<Part> left, boolean recoverOthers) {
        Leftovers leftovers = new Leftovers(folder, counts);
        thread.execute(() -> leftovers.recover(left));
        if (recoverOthers) {
            thread.schedule(() -> recoverOthers(leftovers), OTHERS_AFTER_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void recoverOthers(Leftovers leftovers) {
        try {
            leftovers.recoverOthers(slot);
        } catch (IOException e) {
            LOG.error("record: cannot look for files left behind in {}: {}", folder.path(), DiskFault.reason(e));
        }
    }

    private LiveFile create() throws IOException {
        makeRoom(keep::makeRoomForPart);
        Part part = folder.part(slot, sequence.incrementAndGet(), format.extension());
        return LiveFile.create(part, format.header());
    }

    private LiveFile createUnchecked() {
        try {
            return create();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new file; usually it has long been opened. */
    LiveFile next() throws IOException {
        CompletableFuture<LiveFile> ready = prepared;
        prepared = null;
        LiveFile file = ready == null ? create() : opened(ready);
        prepared = CompletableFuture.supplyAsync(
                this::createUnchecked,
                task -> Thread.ofPlatform().daemon().name(threadName + "-next").start(task));
        syncAtBytes = SYNC_BYTES;
        return file;
    }

    private static LiveFile opened(CompletableFuture<LiveFile> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unchecked) {
                throw unchecked.getCause();
            }
            throw e;
        }
    }

    /** A file has grown: has what is in it written on, now and then. */
    void grown(LiveFile file) {
        if (settings.sync() && file.bytes() >= syncAtBytes) {
            syncAtBytes = file.bytes() + SYNC_BYTES;
            thread.execute(() -> sync(file));
        }
    }

    private void sync(LiveFile file) {
        try {
            file.sync();
        } catch (IOException e) {
            complain("syncing " + file.part().path() + " failed", e);
        }
    }

    private void complain(String what, IOException e) {
        limit.lineEnd().ifPresent(end -> LOG.error("record: {}: {}{}", what, DiskFault.reason(e), end));
    }

    /** A file has ended. */
    void finish(LiveFile file, FileEnd reason) {
        RotationEvent rotation = new RotationEvent();
        rotation.begin();
        unfinished.acquireUninterruptibly();
        thread.execute(() -> {
            try {
                finishNow(file).ifPresent(name -> tell(rotation, name, file, reason));
            } catch (IOException e) {
                complain(file.part().path() + " stays under this hidden name until ringtap starts next", e);
            } finally {
                unfinished.release();
            }
        });
    }

    private static void tell(RotationEvent rotation, Path name, LiveFile file, FileEnd reason) {
        if (rotation.shouldCommit()) {
            rotation.file = name.toString();
            rotation.frames = file.frames();
            rotation.bytes = file.bytes();
            rotation.reason = reason.text();
            rotation.commit();
        }
    }

    /** Gives the file its name, unless it is empty. */
    private Optional<Path> finishNow(LiveFile file) throws IOException {
        if (file.frames() == 0) {
            file.discard();
            return Optional.empty();
        }
        if (settings.sync()) {
            sync(file);
        }
        file.close();
        if (file.torn()) {
            throw new IOException("it could not be cut to its last whole record");
        }
        makeRoom(keep::makeRoomForWhole);
        Path name = folder.rename(file.part(), file.firstNanos());
        counts.files().add(1);
        if (settings.sync()) {
            syncFolder();
        }
        return Optional.of(name);
    }

    /** The file is whole and has its name, whether the disk has written that down or not. */
    private void syncFolder() {
        try {
            folder.sync();
        } catch (IOException e) {
            complain("syncing " + folder.path() + " failed", e);
        }
    }

    /** Makes room by removing old files. */
    private interface Removal {
        int run(RecordFolder folder, String base) throws IOException;
    }

    private synchronized void makeRoom(Removal removal) {
        try {
            counts.removed().add(removal.run(folder, slot.base()));
        } catch (IOException e) {
            complain("cannot remove old files from " + folder.path(), e);
        }
    }

    /** No more files: finishes those there are, and gives the names free for others. */
    void close() {
        CompletableFuture<LiveFile> unused = prepared;
        thread.execute(() -> {
            try (lock) {
                if (unused != null) {
                    opened(unused).discard();
                }
            } catch (IOException e) {
                LOG.debug("record: nothing to remove: {}", DiskFault.reason(e));
            }
        });
        thread.shutdown();
    }

    /** Waits until everything is finished; any thread. */
    void awaitEnd() throws InterruptedException {
        while (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
            // a hung disk is waited for until the worker's own time is up: then it is interrupted
        }
    }
}
