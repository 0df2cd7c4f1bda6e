package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.ledger.Progress;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ControlServerTest extends ControlServerFixture {
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
        Path socket = open(
                ControlLimits.STANDARD,
                Map.of("hang", request -> {
                    hanging.countDown();
                    awaitUninterruptibly(over);
                    return request.get("text");
                }),
                Map.of());
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

    @Test
    void shouldTellItsProcessAndItsAge() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        pass(Duration.ofMillis(2_500));
        JsonObject answer = client(socket).call("ping").getAsJsonObject();
        assertEquals(ProcessHandle.current().pid(), answer.get("pid").getAsLong());
        assertEquals(2.5, answer.get("uptime_seconds").getAsDouble());
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
    void shouldEndItsClientsAndItsThreadOnClose() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        Thread thread = control();
        try (RawClient client = new RawClient(socket)) {
            assertTrue(client.ask(ECHO.formatted("")).contains("true"));
            server.close();
            assertEquals("", client.line());
        }
        thread.join();
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
}
