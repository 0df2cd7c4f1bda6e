package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capture.HandlerReply;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.pcap4j.util.MacAddress;

/** What a client of the control socket may send: all the daemon's calls are there, over a stream and a handler that are not. */
class ControlFuzzTest {
    private static final int REQUEST_BYTES = 256;
    private static final ControlLimits LIMITS = new ControlLimits(
            32,
            REQUEST_BYTES,
            4_096,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofMillis(500));

    private static Path folder;
    private static Path socket;
    private static ControlServer server;

    @BeforeAll
    static void open() throws Exception {
        folder = Files.createTempDirectory("ringtap-fuzz");
        socket = folder.resolve("c.sock");
        StreamCalls streams = new StreamCalls(new OneStream());
        Map<String, Function<JsonObject, JsonElement>> reads = new HashMap<>(streams.reads());
        Ledger empty = new Ledger(List.of(), List.of(), List.of(), List.of(), false);
        reads.put("stats", StatsJson.call(() -> new StatsLook(empty, Instant.EPOCH, Duration.ZERO)));
        reads.put("handlers", HandlersCall.call(ControlFuzzTest::ask));
        ControlRights all = new ControlRights(Optional.empty());
        server = ControlServer.open(socket, reads, streams.changes(), all, LIMITS, () -> 0); // nobody is late
    }

    @AfterAll
    static void close() throws IOException {
        server.close();
        Files.deleteIfExists(folder.resolve(".c.sock.lock"));
        Files.delete(folder);
    }

    private static List<HandlerReply> ask(String name, Map<String, String> parameters) {
        if (name.isEmpty()) {
            return List.of();
        }
        String json = "{\"parameters\": " + parameters.size() + "}";
        return List.of(new HandlerReply("w", "c", name, 0, CompletableFuture.completedFuture(json)));
    }

    @MethodSource("conversations")
    @DictionaryFile(resourcePath = "ControlFuzzTest.dict")
    @FuzzTest(maxDuration = "1m")
    void shouldAnswerEachLineOnceAndNothingElse(byte[] sent) throws IOException {
        int lines = 0;
        int start = 0;
        boolean tooLong = false;
        for (int at = 0; at < sent.length && !tooLong; at++) {
            if (sent[at] == '\n') {
                lines++;
                start = at + 1;
            }
            tooLong = at - start >= REQUEST_BYTES;
        }
        boolean rest = start < sent.length; // a beginning that is too long, or cut short
        List<String> answers = answers(sent);
        assertEquals(lines + (rest ? 1 : 0), answers.size(), answers::toString);
        answers.forEach(ControlFuzzTest::check);
        if (tooLong) {
            String last = "a request is at most " + REQUEST_BYTES + " bytes";
            assertEquals(last, error(answers.getLast()));
        } else if (rest) {
            assertEquals("the request was cut short: it ends with a newline", error(answers.getLast()));
        }
    }

    private static List<String> answers(byte[] sent) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send(sent);
            client.endOutput();
            return client.rest().lines().toList();
        }
    }

    private static void check(String line) {
        JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
        assertEquals(1, answer.get("version").getAsInt(), line);
        boolean ok = answer.get("ok").getAsBoolean();
        assertEquals(ok, answer.has("result"), line);
        assertEquals(!ok, answer.has("error"), line);
        assertTrue(line.getBytes(StandardCharsets.UTF_8).length <= LIMITS.answerBytes(), line);
    }

    private static String error(String line) {
        return JsonParser.parseString(line).getAsJsonObject().get("error").getAsString();
    }

    static Stream<byte[]> conversations() {
        String call = "{\"version\":1,\"call\":\"%s\"%s}\n";
        return Stream.of(
                        call.formatted("ping", "") + call.formatted("stats", ""),
                        call.formatted("streams", ""),
                        call.formatted("handlers", ",\"ask\":\"top\",\"count\":10,\"worker\":\"w\""),
                        call.formatted("stream-start", ",\"stream\":\"s\""),
                        call.formatted("stream-stop", ",\"stream\":\"t\""),
                        call.formatted("stream-rate", ",\"stream\":\"s\",\"rate_pps\":1e3"),
                        "[]\n\nnull\n{\"version\":2}\n{\"version\":1}\n\u00e9\n",
                        "x".repeat(REQUEST_BYTES + 1),
                        "{")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** Does whatever it is told. */
    private static final class OneStream implements StreamCalls.Streams {
        private static final FrameTemplate FRAME =
                FrameTemplate.of(MacAddress.getByName("02:00:00:00:00:01"), Optional.empty(), 0x88b5, "");

        private static final StreamStatus STATUS = new StreamStatus(
                new InjectCounts("s", "a", 1, 0, new TreeMap<>()),
                StreamState.RUNNING,
                InjectConfig.builder("s", "a", new Schedule.Rate(1), FRAME).build(),
                1,
                0);

        @Override
        public List<StreamStatus> statuses() {
            return List.of(STATUS);
        }

        @Override
        public CompletableFuture<StreamStatus> command(String stream, StreamCommand command) {
            return CompletableFuture.completedFuture(STATUS);
        }
    }
}
