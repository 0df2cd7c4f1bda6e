package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.sun.management.ThreadMXBean;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
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
        ControlException refused =
                assertThrows(ControlException.class, () -> client(socket).call("ping"));
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
        allocatedFor(socket, 1); // once: what an error takes the first time
        long one = allocatedFor(socket, 1);
        long hundred = allocatedFor(socket, 100);
        assertTrue(hundred - one < 99_000_000 / 100, hundred + " bytes, in place of " + one);
        assertTrue(answers(socket));
    }

    /** What the server's thread allocates for a client that sends so much and is dropped. */
    private static long allocatedFor(Path socket, int megabytes) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(control().threadId());
        try (RawClient client = new RawClient(socket)) {
            byte[] megabyte = new byte[1_000_000];
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < megabytes; i++) {
                    client.send(megabyte);
                }
            });
            assertEquals(error("a request is at most 65536 bytes"), client.line());
        }
        return threads.getThreadAllocatedBytes(control().threadId()) - before;
    }

    @Test
    void shouldDropAClientThatSendsAByteAtATime() throws Exception {
        try (RawClient client = new RawClient(open(SHORT))) {
            client.send(" ");
            turn();
            for (int i = 0; i < 29; i++) {
                pass(Duration.ofMillis(10));
                client.send(" ");
                turn();
            }
            pass(Duration.ofMillis(10).minus(INSTANT));
            client.send(" ");
            turn();
            assertTrue(client.hasHeardNothing());
            pass(INSTANT);
            assertThrows(IOException.class, () -> client.send(" "));
            assertEquals(error("a request must be complete 300 ms after its first byte"), client.line());
        }
    }

    @Test
    void shouldDropAClientThatSaysNothing() throws Exception {
        try (RawClient client = new RawClient(open(SHORT))) {
            turn();
            pass(Duration.ofMillis(600).minus(INSTANT));
            assertTrue(client.hasHeardNothing());
            pass(INSTANT);
            assertEquals(error("idle for 600 ms: connect again"), client.line());
            assertEquals("", client.line());
        }
    }

    @Test
    void shouldCountAClientsSilenceFromItsLastAnswer() throws Exception {
        try (RawClient client = new RawClient(open(SHORT))) {
            turn();
            pass(Duration.ofMillis(599));
            assertTrue(client.ask(ECHO.formatted("still here")).contains("still here"));
            pass(Duration.ofMillis(600).minus(INSTANT));
            assertTrue(client.hasHeardNothing());
            pass(INSTANT);
            assertEquals(error("idle for 600 ms: connect again"), client.line());
        }
    }

    @Test
    void shouldDropAClientThatDoesNotReadAndServeTheOthersMeanwhile() throws Exception {
        Path socket = open(SHORT);
        try (RawClient slow = new RawClient(socket)) {
            slow.send("{\"version\":1,\"call\":\"big\"}\n".repeat(20));
            turn();
            assertTrue(answers(socket));
            pass(Duration.ofMillis(300).minus(INSTANT));
            assertTrue(answers(socket));
            slow.send(" "); // as one that is not dropped can
            pass(INSTANT);
            assertThrows(IOException.class, () -> slow.send(" "));
            assertTrue(answers(socket));
            String got = slow.rest();
            assertTrue(got.startsWith("{\"version\":1,\"ok\":true,\"result\":\"xxx"));
            assertTrue(got.length() < 1_500_000, got.length() + " bytes");
            assertEquals(-1, got.indexOf('\n'));
        }
    }

    @Test
    void shouldWaitSoLongForACallAndServeTheOthersMeanwhile() throws Exception {
        Path socket = open(SHORT, Map.of("never", new SlowCall(_ -> forEver())), Map.of());
        try (RawClient client = new RawClient(socket)) {
            client.send("{\"version\":1,\"call\":\"never\"}\n");
            turn();
            pass(Duration.ofMillis(300).minus(INSTANT));
            assertTrue(answers(socket));
            assertTrue(client.hasHeardNothing());
            pass(INSTANT);
            assertEquals(error("a call must end within 300 ms"), client.line());
            assertEquals("", client.line());
        }
    }

    private static JsonElement forEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) { // the server ends
            Thread.currentThread().interrupt();
        }
        return JsonNull.INSTANCE;
    }
}
