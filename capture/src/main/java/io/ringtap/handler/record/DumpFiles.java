package io.ringtap.handler.record;

import io.ringtap.capture.DiskFault;
import io.ringtap.frame.FileMode;
import io.ringtap.frame.HandlerContext;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.RecordFolder.Slot;
import io.ringtap.ledger.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a handler that writes one now and then: hidden, whole, named and removed as those of {@code record} are. Any thread.
 */
public final class DumpFiles implements AutoCloseable {
    private final HandlerContext context;
    private final Settings settings;
    private final RecordFolder folder;
    private final NameLock lock;
    private final KeptFiles kept;
    private final RecordCounts counts;
    private final Thread recovery;

    /**
     * What the files are.
     *
     * @param folder where they go; made if it is not there
     * @param prefix what their names begin with, before the capture's name
     * @param prefixKey the key of that
     * @param mode who may read and write them
     * @param keepFiles whole files to keep; 0 for all
     * @param sync whether a file is on the disk before it gets its name
     */
    public record Settings(Path folder, String prefix, String prefixKey, FileMode mode, long keepFiles, boolean sync) {}

    private DumpFiles(
            HandlerContext context,
            Settings settings,
            RecordFolder folder,
            Slot slot,
            NameLock lock,
            RecordCounts counts,
            Thread.Builder threads)
            throws IOException {
        this.context = context;
        this.settings = settings;
        this.folder = folder;
        this.lock = lock;
        this.counts = counts;
        KeepLimit keep = new KeepLimit(settings.keepFiles(), 0, 0);
        kept = new KeptFiles(folder, slot, keep, settings.mode(), false, counts, new DiskComplaints(context::nanoTime));
        List<Part> left =
                folder.parts().stream().filter(part -> part.slot().equals(slot)).toList();
        recovery = threads.start(() -> new Leftovers(folder, kept, counts).recover(left));
    }

    /**
     * Locks the names, and has what a killed process left under them recovered.
     *
     * @param threads makes a thread for that
     * @throws IOException whose message says what, where, why, and what to do
     */
    public static DumpFiles open(Settings settings, HandlerContext context, Thread.Builder threads)
            throws IOException, InterruptedException {
        RecordCounts counts = new RecordCounts(
                context.counter("written", "frames"),
                context.counter("written", "bytes"),
                context.counter("written", "files"),
                new Counter(), // nothing is refused
                context.counter("lost", "frames"),
                context.counter("paused", "times"),
                context.counter("removed", "files"),
                context.counter("recovered", "files"),
                new Counter(), // nothing is compressed, cut or forgotten
                new Counter(),
                new Counter(),
                new Counter());
        RecordFolder folder = Recording.openFolder(settings.folder().toAbsolutePath());
        Slot slot = Slot.of(Recording.base(settings.prefix(), context), 0, 1);
        NameLock lock = Recording.lock(folder, slot, settings.prefixKey());
        try {
            return new DumpFiles(context, settings, folder, slot, lock, counts, threads);
        } catch (IOException e) {
            lock.close();
            throw Recording.cannotRecord(folder.path(), e);
        } catch (RuntimeException | Error e) { // there may be no memory for a thread
            lock.close();
            throw e;
        }
    }

    /** Begins a file, under a hidden name. */
    public DumpFile create(String comment) throws IOException {
        lock.renew();
        PcapngFormat format = new PcapngFormat(context.capture(), comment);
        return new DumpFile(this, kept.create(format, Compression.NONE), format);
    }

    /** Frames were written; for one thread. */
    void wrote(long frames, long bytes) {
        counts.frames().add(frames);
        counts.bytes().add(bytes);
    }

    /** The disk has begun to refuse; for one thread. */
    public void refused() {
        counts.pauses().add(1);
    }

    /** Frames that were to be written are in no file; any thread. */
    public void lost(long frames) {
        counts.lose(frames);
    }

    /** Gives a file that has ended its name. */
    Path name(LiveFile file, byte[] trailer) throws IOException {
        file.end(trailer);
        if (settings.sync()) {
            file.sync();
        }
        file.close();
        if (file.torn()) {
            throw new IOException("it could not be cut to its last whole record");
        }
        Path name = kept.name(file.part(), file.firstNanos());
        synchronized (counts) {
            counts.files().add(1);
        }
        if (settings.sync()) {
            folder.sync();
        }
        return name;
    }

    /** Returns what the capture's interface has counted, as the last block of a file. */
    byte[] trailer(PcapngFormat format) {
        return format.trailer(context.capture().counts().get(), context.epochNanos());
    }

    /** Returns why a disk refused, in words. */
    public static String reason(IOException e) {
        return DiskFault.reason(e);
    }

    /** Gives the names free for others; no file may be under way. */
    @Override
    public void close() {
        boolean interrupted = false;
        while (recovery.isAlive()) {
            try {
                recovery.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        lock.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
