package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client may take, and what becomes of one that takes more. */
class ControlLimitsTest extends ControlServerFixture {
    @Test
    void shouldRefuseAnAnswerThatIsTooLarge() throws Exception {
        try (RawClient client = new RawClient(open(SHORT))) {
            assertEquals(
                    error("the answer to huge takes 2000035 bytes, more than 2000000"),
                    client.ask("{\"version\":1,\"call\":\"huge\"}"));
        }
    }

    @Test
    void shouldTellTheClientThatIsOneTooManyAndTakeItOnceAnotherLeaves() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            clients.add(new RawClient(socket));
            assertEquals(
                    "{\"version\":1,\"ok\":true,\"result\":\"\"}",
                    clients.getLast().ask(ECHO.formatted("")));
        }
        try (RawClient late = new RawClient(socket)) {
            assertEquals(error("there are 32 clients already: try again later"), late.line());
            assertEquals("", late.line());
        }
        ControlException refused = assertThrows(ControlException.class, () -> new ControlClient(socket).call("ping"));
        assertEquals(
                "the daemon at " + socket + " refused: there are 32 clients already: try again later",
                refused.getMessage());
        clients.removeFirst().close();
        VethPair.await(() -> answers(socket));
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void shouldTakeARequestOfTheLargestSizeAndRefuseOneByteMore() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        String fitting = ECHO.formatted("x".repeat(65536 - ECHO.formatted("").length()));
        try (RawClient client = new RawClient(socket)) {
            assertEquals(65536, fitting.length());
            assertTrue(client.ask(fitting).startsWith("{\"version\":1,\"ok\":true,\"result\":\"xxx"));
            client.send(fitting + " ");
            assertEquals(error("a request is at most 65536 bytes"), client.line());
            assertEquals("", client.line());
        }
    }

    @Test
    void shouldNotHoldAHundredMegabytesThatAClientSends() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        assertTrue(answers(socket));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(control().threadId());
        try (RawClient client = new RawClient(socket)) {
            byte[] megabyte = new byte[1_000_000];
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    client.send(megabyte);
                }
            });
            assertEquals(error("a request is at most 65536 bytes"), client.line());
        }
        long allocated = threads.getThreadAllocatedBytes(control().threadId()) - before;
        assertTrue(allocated < 1_000_000, allocated + " bytes");
        assertTrue(answers(socket));
    }

    @Test
    void shouldDropAClientThatSendsAByteAtATime() throws Exception {
        Path socket = open(SHORT);
        try (RawClient client = new RawClient(socket)) {
            long start = System.nanoTime();
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    client.send(" ");
                    Thread.sleep(20);
                }
            });
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis >= 300 && millis < 1500, millis + " ms");
            assertEquals(error("a request must be complete 300 ms after its first byte"), client.line());
        }
    }

    @Test
    void shouldDropAClientThatSaysNothing() throws Exception {
        try (RawClient client = new RawClient(open(SHORT))) {
            assertEquals(error("idle for 600 ms: connect again"), client.line());
            assertEquals("", client.line());
        }
    }

    @Test
    void shouldDropAClientThatDoesNotReadAndServeTheOthersMeanwhile() throws Exception {
        Path socket = open(SHORT);
        try (RawClient slow = new RawClient(socket)) {
            slow.send("{\"version\":1,\"call\":\"big\"}\n".repeat(20));
            long deadline = System.nanoTime() + 1_000_000_000L;
            while (System.nanoTime() < deadline) {
                assertTrue(answers(socket));
            }
            String got = slow.rest();
            assertTrue(got.startsWith("{\"version\":1,\"ok\":true,\"result\":\"xxx"));
            assertTrue(got.length() < 1_500_000, got.length() + " bytes");
            assertEquals(-1, got.indexOf('\n'));
        }
    }
}
