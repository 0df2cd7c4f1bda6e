package io.ringtap.handler.record;

import io.ringtap.lock.OpenFileLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The right to names in a folder, held by one handler at a time: locks on hidden files, which the kernel gives back however the
 * process ends. The files stay; removed, they could be locked twice. Any thread.
 */
final class NameLock implements AutoCloseable {
    private final List<Path> files;
    private List<OpenFileLock> locks;

    private NameLock(List<Path> files, List<OpenFileLock> locks) {
        this.files = files;
        this.locks = locks;
    }

    /** Takes all of the locks; empty, and none is taken, if somebody else has one. */
    static Optional<NameLock> take(List<Path> files) throws IOException {
        return takeAll(files).map(locks -> new NameLock(files, locks));
    }

    private static Optional<List<OpenFileLock>> takeAll(List<Path> files) throws IOException {
        List<OpenFileLock> locks = new ArrayList<>();
        try {
            for (Path file : files) {
                OpenFileLock.tryTake(file).ifPresent(locks::add);
            }
            return locks.size() == files.size() ? Optional.of(locks) : Optional.empty();
        } finally {
            if (locks.size() < files.size()) {
                locks.forEach(OpenFileLock::close);
            }
        }
    }

    /** Takes the locks anew if one's file was removed, with its folder perhaps: others may have it by now. */
    synchronized void renew() throws IOException {
        if (!areHeld()) {
            close();
            locks = takeAll(files)
                    .orElseThrow(() -> new IOException("another handler or daemon records there under the same names"));
        }
    }

    /** None is held where it could not be taken anew before. */
    private boolean areHeld() throws IOException {
        for (OpenFileLock lock : locks) {
            if (!lock.hasItsName()) {
                return false;
            }
        }
        return !locks.isEmpty();
    }

    @Override
    public synchronized void close() {
        locks.forEach(OpenFileLock::close);
        locks = List.of();
    }
}
