package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.control.ControlException.Reason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlClientTest {
    @TempDir
    private Path folder;

    private Path socket;

    @BeforeEach
    void name() {
        socket = folder.resolve("c.sock");
    }

    private ControlException failure() {
        return failureWithin(Duration.ofHours(1));
    }

    private ControlException failureWithin(Duration patience) {
        return assertThrows(ControlException.class, () -> new ControlClient(socket, patience).call("ping"));
    }

    private ServerSocketChannel listen(int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), backlog);
        return server;
    }

    @Test
    void shouldSayThatThereIsNoSocket() {
        ControlException e = failure();
        assertEquals(Reason.NO_DAEMON, e.reason());
        assertEquals(
                "no daemon at " + socket + ": there is no such socket: start one (systemctl start ringtap), or name its"
                        + " socket with --socket",
                e.getMessage());
    }

    @Test
    void shouldSayThatNobodyListens() throws Exception {
        listen(1).close();
        ControlException e = failure();
        assertEquals(Reason.NO_DAEMON, e.reason());
        assertEquals(
                "no daemon at " + socket + ": nothing listens on that socket: start one (systemctl start ringtap), or"
                        + " name its socket with --socket",
                e.getMessage());
        socket = Files.createFile(folder.resolve("file"));
        assertEquals(Reason.NO_DAEMON, failure().reason());
    }

    @Test
    void shouldNotWaitForEverForADaemonThatHangs() throws Exception {
        try (ServerSocketChannel hung = listen(1)) {
            assertTrue(hung.isOpen());
            ControlException e = failureWithin(Duration.ofMillis(100));
            assertEquals(Reason.FAILED, e.reason());
            assertEquals(
                    "the daemon at " + socket
                            + " does not answer within 100 ms: see what it does (systemctl status ringtap)",
                    e.getMessage());
        }
    }

    @Test
    void shouldNotWaitForEverToConnect() throws Exception {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel hung = listen(1)) {
            assertTrue(hung.isOpen());
            for (int i = 0; i < 2; i++) { // a backlog of 1 holds two
                waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            }
            assertTrue(failureWithin(Duration.ofMillis(100)).getMessage().contains("does not answer within 100 ms"));
        }
        for (SocketChannel each : waiting) {
            each.close();
        }
    }

    @Test
    void shouldEndWhenItsThreadIsInterrupted() throws Exception {
        try (ServerSocketChannel hung = listen(1)) {
            assertTrue(hung.isOpen());
            Thread.currentThread().interrupt();
            assertThrows(
                    ControlException.class,
                    () -> ControlServerFixture.client(socket).call("ping"));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldRefuseAnAnswerThatMakesNoSense() throws Exception {
        for (String answer : List.of("hello\n", "[]\n", "{}\n", "{\"ok\":{}}\n", "{\"ok\":false}\n", "\n")) {
            assertEquals(
                    "the daemon at " + socket + " gave an answer that makes no sense: is it ringtap, of this version?",
                    afterAnswering(answer).getMessage(),
                    answer);
        }
        assertEquals(
                "the daemon at " + socket + " gave no whole answer: the connection ended",
                afterAnswering("{\"ok\":true,").getMessage());
    }

    private ControlException afterAnswering(String answer) throws Exception {
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = listen(1)) {
            Thread thread = Thread.ofPlatform().start(() -> {
                try (SocketChannel client = server.accept()) {
                    client.read(ByteBuffer.allocate(1000));
                    client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            ControlException e = failure();
            thread.join();
            return e;
        }
    }
}
