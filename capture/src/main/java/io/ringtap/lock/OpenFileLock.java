package io.ringtap.lock;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The exclusive right to a file, held by whoever opened it: an open file description lock, see fcntl(2). It keeps out threads
 * of this process and other processes alike, and the kernel gives it back however the process ends. The locks of {@link
 * java.nio.channels.FileLock} belong to the process: one is lost as soon as any other part of it opens and closes the file.
 * Linux; the numbers are those of x86-64 and AArch64.
 */
public final class OpenFileLock implements AutoCloseable {
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0x40;
    private static final int O_CLOEXEC = 0x80000;

    /** As Java's own files: what the umask leaves of it. */
    private static final int MODE = 0666;

    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    private static final short F_WRLCK = 1;

    /** Bytes of struct flock: from offset 0, to the end, of no process. */
    private static final int FLOCK_BYTES = 32;

    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = libc(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FCNTL = libc(
            "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = libc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private final Path path;
    private final int descriptor;
    private boolean closed;

    private OpenFileLock(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /** Opens a file, made if it is not there, and takes the lock, waiting for as long as somebody else has it. */
    public static OpenFileLock take(Path path) throws IOException {
        return taken(path, F_OFD_SETLKW).orElseThrow();
    }

    /** Opens a file, made if it is not there, and takes the lock; empty if somebody else has it. */
    public static Optional<OpenFileLock> tryTake(Path path) throws IOException {
        return taken(path, F_OFD_SETLK);
    }

    /** A file that was removed or renamed before the lock was there is no longer the one that others will lock. */
    private static Optional<OpenFileLock> taken(Path path, int command) throws IOException {
        while (true) {
            OpenFileLock file = open(path);
            boolean keep = false;
            try {
                boolean locked = file.lock(command);
                keep = locked && file.hasItsName();
                if (keep || !locked) {
                    return keep ? Optional.of(file) : Optional.empty();
                }
            } finally {
                if (!keep) {
                    file.close();
                }
            }
        }
    }

    private static OpenFileLock open(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment name = arena.allocateFrom(path.toString());
            int descriptor;
            do {
                descriptor = (int) OPEN.invokeExact(errno, name, O_WRONLY | O_CREAT | O_CLOEXEC, MODE);
            } while (descriptor < 0 && errno.get(JAVA_INT, 0) == EINTR);
            if (descriptor < 0) {
                throw failure(path, errno.get(JAVA_INT, 0));
            }
            return new OpenFileLock(path, descriptor);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("open", e);
        }
    }

    /** Locks the whole file. Returns false if somebody else has it. */
    private boolean lock(int command) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment flock = arena.allocate(FLOCK_BYTES, Long.BYTES);
            flock.set(JAVA_SHORT, 0, F_WRLCK);
            int result;
            do {
                result = (int) FCNTL.invokeExact(errno, descriptor, command, flock);
            } while (result < 0 && errno.get(JAVA_INT, 0) == EINTR);
            int error = errno.get(JAVA_INT, 0);
            if (result < 0 && error != EAGAIN && error != EACCES) {
                throw new FileSystemException(path.toString(), null, "it cannot be locked: " + text(error));
            }
            return result == 0;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("fcntl", e);
        }
    }

    private static IOException failure(Path path, int errno) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(path.toString());
            case EACCES -> new AccessDeniedException(path.toString());
            default -> new FileSystemException(path.toString(), null, text(errno));
        };
    }

    private static String text(int errno) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errno))
                    .reinterpret(Long.MAX_VALUE)
                    .getString(0);
        } catch (Throwable e) {
            throw new LinkageError("strerror", e);
        }
    }

    /** Returns whether the name that the file was opened by is still its own: it may have been removed or renamed. */
    public boolean hasItsName() throws IOException {
        try {
            return Files.isSameFile(file(), path);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Returns a path to the locked file itself, whatever it is called by now; valid until it is closed. */
    public Path file() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Gives the lock back. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(arena.allocate(Linker.Option.captureStateLayout()), descriptor);
        } catch (Throwable e) {
            throw new LinkageError("close", e);
        }
    }

    private static MethodHandle libc(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
    }
}
