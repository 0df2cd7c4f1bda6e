package io.ringtap.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFileLockTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("file");
    }

    @Test
    void shouldBeHeldOnceThoughOthersInTheProcessOpenAndCloseTheFile() throws Exception {
        try (OpenFileLock held = OpenFileLock.tryTake(file).orElseThrow()) {
            FileChannel.open(file, StandardOpenOption.WRITE).close();
            Path link = Files.createLink(folder.resolve("link"), file);
            assertTrue(OpenFileLock.tryTake(file).isEmpty());
            assertTrue(OpenFileLock.tryTake(link).isEmpty());
            assertTrue(held.hasItsName());
        }
        OpenFileLock.tryTake(file).orElseThrow().close();
    }

    @Test
    void shouldKeepOutOtherProcesses() throws Exception {
        try (OpenFileLock _ = OpenFileLock.take(file)) {
            assertFalse(isFreeForOthers());
        }
        assertTrue(isFreeForOthers());
    }

    /** By a lock of lockf(3), which is one of the same kind. */
    private boolean isFreeForOthers() throws Exception {
        String program = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)";
        return new ProcessBuilder("python3", "-c", program, file.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void shouldTellThatTheFileHasLostItsNameAndBeTakenAnew() throws Exception {
        try (OpenFileLock held = OpenFileLock.take(file)) {
            Files.move(file, folder.resolve("moved"));
            assertFalse(held.hasItsName());
            try (OpenFileLock next = OpenFileLock.tryTake(file).orElseThrow()) {
                assertTrue(next.hasItsName());
                assertFalse(held.hasItsName());
            }
        }
    }

    @Test
    void shouldWaitUntilItIsGivenBackAndThenLockTheFileOfThatName() throws Exception {
        OpenFileLock held = OpenFileLock.take(file);
        Thread waiting = Thread.ofPlatform().daemon().start(() -> {
            try (OpenFileLock next = OpenFileLock.take(file)) {
                Files.writeString(next.file(), "next");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        VethPair.await(this::isWaitedFor);
        Path moved = Files.move(file, folder.resolve("moved"));
        held.close();
        waiting.join();
        assertEquals("next", Files.readString(file));
        assertEquals("", Files.readString(moved));
    }

    /** By the kernel's list of locks, see proc_locks(5). */
    private boolean isWaitedFor() {
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
            return Files.readString(Path.of("/proc/locks"))
                    .lines()
                    .anyMatch(line -> line.contains("->") && line.contains(inode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldSayWhyAFileCannotBeOpened() {
        assertThrows(NoSuchFileException.class, () -> OpenFileLock.take(folder.resolve("none/file")));
        FileSystemException refused = assertThrows(FileSystemException.class, () -> OpenFileLock.take(folder));
        assertEquals(folder + ": Is a directory", refused.getMessage());
    }
}
