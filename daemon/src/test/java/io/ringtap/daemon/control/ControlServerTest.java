package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.sun.management.ThreadMXBean;
import io.ringtap.ledger.Progress;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ControlServerTest {
    private static final String ECHO = "{\"version\":1,\"call\":\"echo\",\"text\":\"%s\"}";
    private static final ControlLimits SHORT = new ControlLimits(
            3,
            1000,
            2_000_000,
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(100));
    private static final Map<String, Function<JsonObject, JsonElement>> CALLS = Map.of(
            "echo",
            request -> request.get("text"),
            "big",
            request -> new JsonPrimitive("x".repeat(1_500_000)),
            "huge",
            request -> new JsonPrimitive("x".repeat(2_000_000)),
            "broken",
            request -> {
                throw new IllegalStateException("on purpose");
            });

    @TempDir
    private Path folder;

    private ControlServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private Path open(ControlLimits limits) throws ControlException {
        Path socket = folder.resolve("c.sock");
        server = ControlServer.open(socket, CALLS, Map.of(), new ControlRights(Optional.empty()), limits);
        return socket;
    }

    @Test
    void shouldAnswerOnALineOfItsOwn() throws Exception {
        try (RawClient client = new RawClient(open(ControlLimits.STANDARD))) {
            assertEquals("{\"version\":1,\"ok\":true,\"result\":\"hello\"}", client.ask(ECHO.formatted("hello")));
            assertEquals("{\"version\":1,\"ok\":true,\"result\":\"again\"}", client.ask(ECHO.formatted("again")));
        }
    }

    @Test
    void shouldMoveWheneverItIsLookedAtUnlessACallHangs() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Path socket = folder.resolve("c.sock");
        server = ControlServer.open(socket, Map.of("hang", request -> {
            hanging.countDown();
            awaitUninterruptibly(over);
            return request.get("text");
        }));
        awaitMove();
        awaitMove();
        try (RawClient client = new RawClient(socket)) {
            client.send("{\"version\":1,\"call\":\"hang\"}\n");
            hanging.await();
            Progress hung = server.progress();
            assertTrue(hung.busy());
            assertEquals(hung, server.progress());
            over.countDown();
            awaitMove();
        }
        server.close();
        assertFalse(server.progress().busy());
    }

    private void awaitMove() {
        long before = server.progress().position();
        VethPair.await(() -> server.progress().position() > before);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldTellItsProcessAndItsAge() throws Exception {
        JsonObject answer =
                new ControlClient(open(ControlLimits.STANDARD)).call("ping").getAsJsonObject();
        assertEquals(ProcessHandle.current().pid(), answer.get("pid").getAsLong());
        assertTrue(answer.get("uptime_seconds").getAsDouble() > 0);
        assertTrue(answer.get("uptime_seconds").getAsDouble() < 60);
        assertEquals(2, answer.size());
    }

    @Test
    void shouldAnswerRequestsSentAtOnceInTheirOrder() throws Exception {
        try (RawClient client = new RawClient(open(ControlLimits.STANDARD))) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 3000; i++) {
                all.append(ECHO.formatted(i)).append('\n');
            }
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    client.send(all.toString());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 3000; i++) {
                assertEquals("{\"version\":1,\"ok\":true,\"result\":\"" + i + "\"}", client.line());
            }
            sender.join();
        }
    }

    @Test
    void shouldSayWhatIsWrongWithARequestAndGoOn() throws Exception {
        Map<String, String> wrong = Map.of(
                "garbage",
                "the request is not a JSON object",
                "",
                "the request is empty",
                "[1]",
                "the request is not a JSON object",
                "[".repeat(5000),
                "the request is not a JSON object",
                "{\"version\":1,\"call\":\"echo\"} x",
                "the request is not a JSON object",
                "{\"call\":\"echo\"}",
                "version must be 1, the one this daemon speaks",
                "{\"version\":2,\"call\":\"echo\"}",
                "version must be 1, the one this daemon speaks",
                "{\"version\":1,\"call\":7}",
                "call must be a string: one of big, broken, echo, huge, ping",
                "{\"version\":1,\"call\":\"x\"}",
                "no such call: x: there are big, broken, echo, huge, ping",
                "{\"version\":1,\"call\":\"broken\"}",
                "the call broken failed: java.lang.IllegalStateException: on purpose");
        try (RawClient client = new RawClient(open(ControlLimits.STANDARD))) {
            for (Map.Entry<String, String> each : wrong.entrySet()) {
                assertEquals(error(each.getValue()), client.ask(each.getKey()));
            }
            client.send(new byte[] {(byte) 0xff, 0, (byte) 0xc0, '\n'});
            assertEquals(error("the request is not UTF-8"), client.line());
            assertEquals("{\"version\":1,\"ok\":true,\"result\":\"yes\"}", client.ask(ECHO.formatted("yes")));
        }
    }

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

    private static boolean answers(Path socket) {
        try {
            return new ControlClient(socket).call("ping").isJsonObject();
        } catch (ControlException e) {
            return false;
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

    private static Thread control() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("control"))
                .findFirst()
                .orElseThrow();
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
    void shouldAnswerAClientThatHasEndedItsOutput() throws Exception {
        try (RawClient client = new RawClient(open(ControlLimits.STANDARD))) {
            client.send(ECHO.formatted("last") + "\n").endOutput();
            assertEquals("{\"version\":1,\"ok\":true,\"result\":\"last\"}\n", client.rest());
        }
    }

    @Test
    void shouldSayThatARequestWasCutShort() throws Exception {
        try (RawClient client = new RawClient(open(ControlLimits.STANDARD))) {
            client.send(ECHO.formatted("last")).endOutput();
            assertEquals(error("the request was cut short: it ends with a newline") + "\n", client.rest());
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

    @Test
    void shouldOutliveAThousandConnectionsAndLeakNoDescriptor() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        assertTrue(answers(socket));
        long before = descriptors();
        for (int i = 0; i < 1000; i++) {
            new RawClient(socket).close();
        }
        VethPair.await(() -> answers(socket) && descriptors() <= before);
    }

    private static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldSleepWhileClientsHangAndAfterTheyWent() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        try (RawClient silent = new RawClient(socket);
                RawClient half = new RawClient(socket);
                RawClient blocked = new RawClient(socket);
                RawClient ended = new RawClient(socket)) {
            silent.send("");
            half.send("{\"version\":1,");
            blocked.send("{\"version\":1,\"call\":\"big\"}\n".repeat(5));
            blocked.endOutput();
            ended.send("{\"version\":1,\"call\":\"big\"}\n").endOutput();
            assertTrue(answers(socket));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getThreadCpuTime(control().threadId());
            Thread.sleep(1000);
            long millis = (threads.getThreadCpuTime(control().threadId()) - before) / 1_000_000;
            assertTrue(millis < 50, millis + " ms of processor in a second");
        }
    }

    @Test
    void shouldWaitAndRecoverWhenDescriptorsRunOut() throws Exception {
        Path socket = folder.resolve("p.sock");
        Process process = ControlServerProcess.start(socket, 100);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                clients.add(new RawClient(socket));
            }
            Duration before = process.info().totalCpuDuration().orElseThrow();
            Thread.sleep(2000);
            long millis = process.info()
                    .totalCpuDuration()
                    .orElseThrow()
                    .minus(before)
                    .toMillis();
            assertTrue(millis < 200, millis + " ms of processor in two seconds");
            assertEquals(100, descriptorsOf(process)); // or nothing was tested
            for (RawClient client : clients) {
                client.close();
            }
            VethPair.await(() -> answers(socket));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static long descriptorsOf(Process process) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return all.count();
        }
    }

    @Test
    void shouldEndItsClientsAndItsThreadOnClose() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        Thread thread = control();
        try (RawClient client = new RawClient(socket)) {
            assertTrue(client.ask(ECHO.formatted("")).contains("true"));
            server.close();
            assertEquals("", client.line());
        }
        assertEquals(Thread.State.TERMINATED, thread.getState());
    }

    private static String error(String text) {
        JsonObject error = new JsonObject();
        error.addProperty("version", 1);
        error.addProperty("ok", false);
        error.addProperty("error", text);
        return error.toString();
    }
}
