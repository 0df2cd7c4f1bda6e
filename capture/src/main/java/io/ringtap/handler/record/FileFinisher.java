package io.ringtap.handler.record;

import io.ringtap.capture.DiskFault;
import io.ringtap.frame.HandlerContext;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything about files that may take long, off the writer's thread: the next file is opened before it is needed; what has
 * ended is synced, renamed and, when there is too much, removed on a thread of its own. For the writer's thread.
 */
final class FileFinisher {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.record");

    /** Files that may wait to be finished, each with a descriptor; the writer then waits too. */
    private static final int MOST_UNFINISHED = 8;

    /** By then every handler of this process has locked the names that are its own. */
    private static final long OTHERS_AFTER_SECONDS = 5;

    /** The kernel is asked this often to write on, so that no sync at a file's end takes long. */
    private static final long SYNC_BYTES = 64L << 20;

    private final DiskComplaints complaints;
    private final RecordFolder folder;
    private final Slot slot;
    private final NameLock lock;
    private final RecordSettings settings;
    private final KeptFiles kept;
    private final FileFormat format;
    private final RecordCounts counts;
    private final ThreadFactory threads;
    private final ScheduledThreadPoolExecutor thread;
    private final Semaphore unfinished;
    private CompletableFuture<LiveFile> prepared;
    private long syncAtBytes = SYNC_BYTES;

    private FileFinisher(
            RecordFolder folder,
            Slot slot,
            NameLock lock,
            RecordSettings settings,
            HandlerContext context,
            FileFormat format,
            RecordCounts counts,
            ThreadFactory threads)
            throws IOException {
        complaints = new DiskComplaints(context::nanoTime);
        this.folder = folder;
        this.slot = slot;
        this.lock = lock;
        this.settings = settings;
        this.format = format;
        this.counts = counts;
        this.threads = threads;
        KeepLimit keep = new KeepLimit(settings.keepFiles(), settings.keepBytes(), settings.mostFileBytes());
        kept = new KeptFiles(folder, slot, keep, settings.mode(), settings.index(), counts, complaints);
        unfinished = new Semaphore(keep.mostUnfinished(context.threads(), MOST_UNFINISHED));
        thread = new ScheduledThreadPoolExecutor(1, threads);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Opens the first file, which shows that it can be done, and has what an earlier run left recovered.
     *
     * @param threads makes daemon threads that are called after the handler's
     */
    static FileFinisher open(
            RecordFolder folder,
            Slot slot,
            NameLock lock,
            RecordSettings settings,
            HandlerContext context,
            FileFormat format,
            RecordCounts counts,
            ThreadFactory threads)
            throws IOException {
        FileFinisher files = new FileFinisher(folder, slot, lock, settings, context, format, counts, threads);
        List<Part> left =
                folder.parts().stream().filter(part -> slot.covers(part.slot())).toList();
        LiveFile first = files.create();
        try {
            files.recover(left, context.thread() == 0);
            files.prepared = CompletableFuture.completedFuture(first);
            return files;
        } catch (RuntimeException | Error e) { // there may be no memory for a thread
            first.discardAfter(e);
            throw e;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what goes wrong is logged
    private void recover(List<Part> left, boolean recoverOthers) {
        Leftovers leftovers = new Leftovers(folder, kept, counts);
        thread.execute(() -> {
            leftovers.recover(left);
            leftovers.removeIndexesAlone(slot);
        });
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

    RecordedFiles recorded() {
        return kept.recorded();
    }

    /** A new file, under names that are this recording's alone. */
    private LiveFile create() throws IOException {
        lock.renew();
        return kept.create(format, settings.compression());
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
        if (file.isGone()) {
            file.discard();
            file = create();
        }
        try {
            prepared = CompletableFuture.supplyAsync(this::createUnchecked, this::startNext);
        } catch (RuntimeException | Error e) {
            file.discardAfter(e);
            throw e;
        }
        syncAtBytes = SYNC_BYTES;
        return file;
    }

    private void startNext(Runnable task) {
        Thread next = threads.newThread(task);
        next.setName(next.getName() + "-next");
        next.start();
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
            complaints.tell("syncing " + file.part().path() + " failed", e);
        }
    }

    /** A file has ended. */
    void finish(LiveFile file, FileEnd reason) {
        RotationEvent rotation = new RotationEvent();
        rotation.begin();
        unfinished.acquireUninterruptibly();
        thread.execute(() -> {
            try {
                finishNow(file).ifPresent(name -> tell(rotation, name, file, reason));
            } catch (NoSuchFileException e) {
                counts.lose(file.frames());
                file.discardIndex();
                complaints.tell(
                        file.part().path() + " was removed or moved away before it was whole, with " + file.frames()
                                + " frames, which count as lost",
                        e);
            } catch (IOException e) {
                complaints.tell(file.part().path() + " stays under this hidden name until ringtap starts next", e);
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
        file.endIndex(settings.sync());
        if (settings.sync()) {
            sync(file);
        }
        file.close();
        if (file.torn()) {
            throw new IOException("it could not be cut to its last whole record");
        }
        Path name = kept.name(file.part(), file.firstNanos());
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
            complaints.tell("syncing " + folder.path() + " failed", e);
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
