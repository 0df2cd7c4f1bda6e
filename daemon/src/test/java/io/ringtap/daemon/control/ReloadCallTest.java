package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import io.ringtap.daemon.control.ReloadReport.Change;
import io.ringtap.daemon.control.ReloadReport.Part;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls {@code reload} and {@code stop}, asked for over the socket. */
class ReloadCallTest {
    private static final ReloadReport REPORT = new ReloadReport(
            List.of(new Part("uplink", Change.UNCHANGED), new Part("lan", Change.FILTERED)),
            List.of(new Part("beacon", Change.ENDED)),
            List.of("daemon.stop-timeout"));

    @TempDir
    private Path folder;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile ReloadCall.Reloading reloading = () -> REPORT;
    private ControlServer server;

    @AfterEach
    void close() {
        server.close();
    }

    private Path open(ControlLimits limits) throws ControlException {
        Path socket = folder.resolve("c.sock");
        Map<String, Function<JsonObject, JsonElement>> changes = Map.of(
                "reload",
                ReloadCall.call(() -> reloading.reload()),
                "stop",
                StopCall.call(stopped::countDown, () -> Duration.ofMillis(2_500)));
        server = ControlServer.open(socket, Map.of(), changes, new ControlRights(Optional.empty()), limits);
        return socket;
    }

    @Test
    void shouldTellWhatBecameOfEachPart() throws Exception {
        assertEquals(
                "{\"captures\":[{\"name\":\"uplink\",\"change\":\"unchanged\"},{\"name\":\"lan\",\"change\":\"filtered\"}],"
                        + "\"streams\":[{\"name\":\"beacon\",\"change\":\"ended\"}],\"keys\":[\"daemon.stop-timeout\"],"
                        + "\"text\":\"capture lan has another filter; stream beacon has ended; daemon.stop-timeout is"
                        + " changed\"}",
                new ControlClient(open(ControlLimits.STANDARD)).call("reload").toString());
    }

    @Test
    void shouldTellEverythingThatIsWrongWithAConfiguration() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        reloading = () -> {
            throw new ReloadRefusedException(Reason.BAD_CONFIGURATION, List.of("f:1:2: a", "f:3:4: b"));
        };
        try (RawClient raw = new RawClient(socket)) {
            assertEquals(
                    "{\"version\":1,\"ok\":false,\"error\":\"f:1:2: a\",\"reason\":\"bad_configuration\",\"problems\":"
                            + "[\"f:1:2: a\",\"f:3:4: b\"]}",
                    raw.ask("{\"version\":1,\"call\":\"reload\"}"));
        }
        ControlException bad = assertThrows(ControlException.class, () -> new ControlClient(socket).call("reload"));
        assertEquals(ControlException.Reason.BAD_CONFIGURATION, bad.reason());
        assertEquals(List.of("f:1:2: a", "f:3:4: b"), bad.problems());
        reloading = () -> {
            throw new ReloadRefusedException(Reason.FAILED, List.of("capture lan: cannot open rt9"));
        };
        ControlException failed = assertThrows(ControlException.class, () -> new ControlClient(socket).call("reload"));
        assertEquals(ControlException.Reason.FAILED, failed.reason());
        assertEquals("the daemon at " + socket + " refused: capture lan: cannot open rt9", failed.getMessage());
    }

    @Test
    void shouldTakeLongerThanOtherCallsMayAndServeOthersMeanwhile() throws Exception {
        ControlLimits shortCalls = new ControlLimits(
                32,
                1_000,
                10_000,
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofMillis(100));
        Path socket = open(shortCalls);
        CountDownLatch over = new CountDownLatch(1);
        reloading = () -> {
            try {
                over.await();
                return REPORT;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        try (RawClient raw = new RawClient(socket)) {
            raw.send("{\"version\":1,\"call\":\"reload\"}\n");
            long until = System.nanoTime() + 500_000_000;
            while (System.nanoTime() < until) {
                new ControlClient(socket).call("ping");
            }
            over.countDown();
            assertTrue(raw.line().startsWith("{\"version\":1,\"ok\":true,\"result\":{\"captures\":"));
        }
    }

    @Test
    void shouldHaveTheDaemonStopAndTellHowLongThatTakes() throws Exception {
        JsonObject told =
                new ControlClient(open(ControlLimits.STANDARD)).call("stop").getAsJsonObject();
        assertEquals(2.5, told.get("stop_timeout_seconds").getAsDouble());
        assertEquals(ProcessHandle.current().pid(), told.get("pid").getAsLong());
        VethPair.await(() -> stopped.getCount() == 0);
    }
}
