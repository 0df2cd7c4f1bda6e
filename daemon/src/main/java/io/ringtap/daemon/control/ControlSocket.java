package io.ringtap.daemon.control;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.gson.JsonElement;
import io.ringtap.daemon.control.ControlException.Reason;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket and its place in the file system. Two daemons that start at the same time look, remove and bind
 * one after the other, under a lock on {@code .NAME.lock} next to the socket; the lock file stays, because removing it
 * would let two of them hold a lock on different files of that name.
 */
final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.control");
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    private static final long LOCK_RETRY_MILLIS = 20;
    private static final Duration PING_PATIENCE = Duration.ofSeconds(1);
    private static final int BACKLOG = 128;
    private static final int FILE_TYPE = 0170000; // S_IFMT, inode(7)
    private static final int SOCKET_TYPE = 0140000; // S_IFSOCK

    private final Path path;
    private final ServerSocketChannel channel;
    private final Object fileKey;

    private ControlSocket(Path path, ServerSocketChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.fileKey = fileKey(path);
    }

    /** Makes the folder (mode 0750) if it is missing, replaces a socket that nobody listens on, and listens. */
    static ControlSocket open(Path path) throws ControlException {
        return open(path, PING_PATIENCE);
    }

    /** The same; whoever listens there already has so long to say that it is ringtap. */
    static ControlSocket open(Path path, Duration patience) throws ControlException {
        UnixDomainSocketAddress address = SocketPath.address(path);
        try {
            Path folder = makeFolder(path.toAbsolutePath().getParent());
            try (FileChannel _ = lock(folder.resolve("." + path.getFileName() + ".lock"), path)) {
                removeStale(path, address, patience);
                return listen(path, address);
            }
        } catch (AccessDeniedException e) {
            throw new ControlException(
                    Reason.NOT_PERMITTED,
                    "control socket " + path + ": not permitted at " + e.getFile()
                            + ": run as a user who may write there, or choose another place (control.socket)");
        } catch (IOException e) {
            throw new ControlException(
                    Reason.FAILED, "control socket " + path + ": " + e + ": choose another place (control.socket)");
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Takes the socket out of the file system, if it is still this one; while it listens nobody replaces it. */
    void remove() {
        try {
            if (fileKey.equals(fileKey(path))) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("control socket {} is gone already", path);
        } catch (IOException e) {
            LOG.warn("control socket {} could not be removed: {}", path, e.toString());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the control socket", e);
        }
    }

    private static Path makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        }
        return folder;
    }

    private static FileChannel lock(Path file, Path socket) throws IOException, ControlException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            long giveUp = System.nanoTime() + LOCK_PATIENCE.toNanos();
            while (tryLock(channel) == null) {
                if (System.nanoTime() - giveUp > 0) {
                    throw new ControlException(
                            Reason.IN_USE,
                            "control socket " + socket + ": another process has held " + file + " for "
                                    + ControlLimits.text(LOCK_PATIENCE) + ": end it (fuser " + file + " names it)");
                }
                Thread.sleep(LOCK_RETRY_MILLIS);
            }
            return channel;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new IOException("interrupted while waiting for " + file, e);
        } catch (IOException | ControlException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process
        }
    }

    private static void removeStale(Path path, UnixDomainSocketAddress address, Duration patience)
            throws IOException, ControlException {
        if (!Files.exists(path, NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (int) Files.getAttribute(path, "unix:mode", NOFOLLOW_LINKS);
        if ((mode & FILE_TYPE) != SOCKET_TYPE) {
            throw new ControlException(
                    Reason.IN_USE,
                    "control socket " + path + ": something that is no socket is there: move it away, or choose another"
                            + " place (control.socket)");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // a hung daemon's full backlog does not hold this one up
            probe.connect(address);
            throw new ControlException(
                    Reason.IN_USE,
                    "control socket " + path + ": " + owner(path, probe, patience)
                            + " listens there: stop it, or choose another place (control.socket)");
        } catch (ConnectException e) {
            LOG.info("control socket {} was left behind by a daemon that is gone: replacing it", path);
            Files.deleteIfExists(path);
        }
    }

    private static String owner(Path path, SocketChannel probe, Duration patience) throws IOException {
        try {
            JsonElement answer = new ControlClient(path, patience).call("ping");
            return "ringtap, process " + answer.getAsJsonObject().get("pid").getAsLong() + ",";
        } catch (ControlException | RuntimeException e) {
            return silentOwner(path, probe) + ", which does not answer as ringtap does,";
        }
    }

    private static String silentOwner(Path path, SocketChannel probe) throws IOException {
        OptionalLong pid = ListenerProcess.pid(path);
        if (pid.isPresent()) {
            return "process " + pid.getAsLong();
        }
        return "a process of user "
                + (probe.isConnected()
                        ? probe.getOption(ExtendedSocketOptions.SO_PEERCRED).user()
                        : Files.getOwner(path));
    }

    private static ControlSocket listen(Path path, UnixDomainSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            channel.bind(address, BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
            return new ControlSocket(path, channel);
        } catch (BindException e) {
            channel.close();
            throw denied(path, e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileSystemException denied(Path path, IOException cause) {
        return Files.isWritable(path.toAbsolutePath().getParent())
                ? new FileSystemException(path.toString(), null, cause.getMessage())
                : new AccessDeniedException(path.toString(), null, cause.getMessage());
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS)
                .fileKey();
    }
}
