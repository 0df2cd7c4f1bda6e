package io.ringtap.handler.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to names in a folder, held by one handler of one process at a time: a lock on a hidden file, which the kernel gives
 * back however the process ends. The file stays; removed, it could be locked twice. For one thread.
 */
final class NameLock implements AutoCloseable {
    /**
     * Files this process has locked. It has to know all of them: a lock of fcntl(2) belongs to the process, and is lost as
     * soon as any other handler in it opens and closes the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private NameLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock; empty if somebody else has it. The path must be a real one: two names for a file are two here. */
    static Optional<NameLock> take(Path file) throws IOException {
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            return lock == null ? Optional.empty() : Optional.of(new NameLock(file, channel));
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // held through a second class loader
        } finally {
            if (lock == null) {
                if (channel != null) {
                    channel.close();
                }
                HELD.remove(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
