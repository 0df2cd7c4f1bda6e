package io.ringtap.daemon.control;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the process that listens on a Unix-domain socket without its help, by proc(5): it may hang, or be a stranger. */
final class ListenerProcess {
    /** {@code Num RefCount Protocol Flags Type St Inode Path} */
    private static final int FLAGS = 3;

    private static final int INODE = 6;
    private static final int PATH = 7;
    private static final String LISTENING = "00010000"; // __SO_ACCEPTCON, linux/net.h

    private ListenerProcess() {}

    /** The process, if this user may see it and it is in this network namespace. */
    static OptionalLong pid(Path socket) {
        try {
            Optional<String> inode = Files.readAllLines(Path.of("/proc/net/unix")).stream()
                    .map(line -> List.of(line.split(" +", PATH + 1)))
                    .filter(fields -> fields.size() > PATH
                            && fields.get(FLAGS).equals(LISTENING)
                            && fields.get(PATH).equals(socket.toString()))
                    .map(fields -> fields.get(INODE))
                    .findFirst();
            return inode.isPresent() ? holder(Path.of("socket:[" + inode.get() + "]")) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong holder(Path link) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, link)) {
                    return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return OptionalLong.empty();
    }

    private static boolean holds(Path process, Path link) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(link)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return false; // ended meanwhile, or not this user's
        }
        return false;
    }
}
