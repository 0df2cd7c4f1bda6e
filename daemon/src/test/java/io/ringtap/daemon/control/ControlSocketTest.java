package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.control.ControlException.Reason;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    private Path folder;

    private static ControlServer open(Path socket) throws ControlException {
        return ControlServer.open(socket, Map.of());
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void shouldMakeTheFolderAndKeepOthersOut() throws Exception {
        Path socket = folder.resolve("run/ringtap/c.sock");
        ControlServer server = open(socket);
        assertEquals("rw-rw----", mode(socket));
        assertEquals("rwxr-x---", mode(socket.getParent()));
        server.close();
        server.close();
        assertFalse(Files.exists(socket));
    }

    @Test
    void shouldListenOnARelativePath() throws Exception {
        Path socket = Path.of("target/relative-" + ProcessHandle.current().pid() + ".sock");
        try (ControlServer _ = open(socket)) {
            assertTrue(ControlServerFixture.client(socket).call("ping").isJsonObject());
        }
        assertFalse(Files.exists(socket));
        Files.delete(socket.resolveSibling("." + socket.getFileName() + ".lock"));
    }

    @Test
    void shouldReplaceASocketThatNobodyListensOn() throws Exception {
        Path socket = folder.resolve("c.sock");
        leaveBehind(socket);
        try (ControlServer _ = open(socket)) {
            assertTrue(ControlServerFixture.client(socket).call("ping").isJsonObject());
        }
    }

    private static void leaveBehind(Path socket) throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertTrue(Files.exists(socket));
    }

    @Test
    void shouldNameTheProcessThatListensThere() throws Exception {
        Path socket = folder.resolve("c.sock");
        Process other = ControlServerProcess.start(socket, 256);
        try {
            ControlException refused =
                    assertThrows(ControlException.class, () -> ControlSocket.open(socket, Duration.ofHours(1)));
            assertEquals(Reason.IN_USE, refused.reason());
            assertEquals(
                    "control socket " + socket + ": ringtap, process " + other.pid()
                            + ", listens there: stop it, or choose another place (control.socket)",
                    refused.getMessage());
            assertTrue(ControlServerFixture.client(socket).call("ping").isJsonObject());
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (ControlServer _ = open(socket)) {
            assertEquals(
                    ProcessHandle.current().pid(),
                    ControlServerFixture.client(socket)
                            .call("ping")
                            .getAsJsonObject()
                            .get("pid")
                            .getAsLong());
        }
    }

    @Test
    void shouldNameTheProcessOfAListenerThatDoesNotAnswer() throws Exception {
        Path socket = folder.resolve("c.sock");
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(socket));
            ControlException refused =
                    assertThrows(ControlException.class, () -> ControlSocket.open(socket, Duration.ofMillis(50)));
            assertEquals(
                    "control socket " + socket + ": process "
                            + ProcessHandle.current().pid()
                            + ", which does not answer as ringtap does, listens there: stop it, or choose another place"
                            + " (control.socket)",
                    refused.getMessage());
        }
    }

    @Test
    void shouldNotTouchAFileThatIsNoSocket() throws Exception {
        Path file = Files.writeString(folder.resolve("c.sock"), "precious");
        ControlException refused = assertThrows(ControlException.class, () -> open(file));
        assertEquals(Reason.IN_USE, refused.reason());
        assertEquals("precious", Files.readString(file));
    }

    @Test
    void shouldRefuseAPathThatNoSocketCanHave() throws Exception {
        String name = "s".repeat(106 - folder.toString().length() - 1);
        try (ControlServer _ = open(folder.resolve(name))) {
            assertTrue(ControlServerFixture.client(folder.resolve(name))
                    .call("ping")
                    .isJsonObject());
        }
        Path socket = folder.resolve(name + "s");
        ControlException refused = assertThrows(ControlException.class, () -> open(socket));
        assertEquals(
                "control socket " + socket + ": the path has 107 bytes, at most 106 are possible: choose a shorter one",
                refused.getMessage());
        assertThrows(
                ControlException.class,
                () -> ControlServerFixture.client(socket).call("ping"));
    }

    @Test
    void shouldLeaveASocketThatIsNotItsOwn() throws Exception {
        Path socket = folder.resolve("c.sock");
        ControlServer first = open(socket);
        Files.delete(socket);
        ControlServer second = open(socket);
        first.close();
        assertTrue(ControlServerFixture.client(socket).call("ping").isJsonObject());
        second.close();
        assertFalse(Files.exists(socket));
    }

    @RepeatedTest(10)
    void shouldLetOneOfManyWinThatStartAtTheSameTime() throws Exception {
        Path socket = folder.resolve("c.sock");
        leaveBehind(socket);
        int many = 6;
        CyclicBarrier together = new CyclicBarrier(many);
        Callable<ControlServer> start = () -> {
            together.await();
            try {
                return open(socket);
            } catch (ControlException e) {
                assertEquals(Reason.IN_USE, e.reason(), e.getMessage());
                return null;
            }
        };
        int winners = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            for (Future<ControlServer> each : threads.invokeAll(List.of(start, start, start, start, start, start))) {
                if (each.get() != null) {
                    winners++;
                    assertTrue(ControlServerFixture.client(socket).call("ping").isJsonObject());
                    each.get().close();
                }
            }
        }
        assertEquals(1, winners);
    }
}
