package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import io.ringtap.daemon.control.ReloadReport.Change;
import io.ringtap.daemon.control.ReloadReport.Part;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The calls {@code reload} and {@code stop}, asked for over the socket. */
class ReloadCallTest extends ControlServerFixture {
    private static final ReloadReport REPORT = new ReloadReport(
            List.of(new Part("uplink", Change.UNCHANGED), new Part("lan", Change.FILTERED)),
            List.of(new Part("beacon", Change.ENDED)),
            List.of("daemon.stop-timeout"));

    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile ReloadCall.Reloading reloading = () -> REPORT;

    private Path open() throws ControlException {
        return open(
                ControlLimits.STANDARD,
                Map.of(),
                Map.of(
                        "reload",
                        ReloadCall.call(() -> reloading.reload()),
                        "stop",
                        StopCall.call(stopped::countDown, () -> Duration.ofMillis(2_500))));
    }

    @Test
    void shouldTellWhatBecameOfEachPart() throws Exception {
        assertEquals(
                "{\"captures\":[{\"name\":\"uplink\",\"change\":\"unchanged\"},{\"name\":\"lan\",\"change\":\"filtered\"}],"
                        + "\"streams\":[{\"name\":\"beacon\",\"change\":\"ended\"}],\"keys\":[\"daemon.stop-timeout\"],"
                        + "\"text\":\"capture lan has another filter; stream beacon has ended; daemon.stop-timeout is"
                        + " changed\"}",
                client(open()).call("reload").toString());
    }

    @Test
    void shouldTellEverythingThatIsWrongWithAConfiguration() throws Exception {
        Path socket = open();
        reloading = () -> {
            throw new ReloadRefusedException(Reason.BAD_CONFIGURATION, List.of("f:1:2: a", "f:3:4: b"));
        };
        try (RawClient raw = new RawClient(socket)) {
            assertEquals(
                    "{\"version\":1,\"ok\":false,\"error\":\"f:1:2: a\",\"reason\":\"bad_configuration\",\"problems\":"
                            + "[\"f:1:2: a\",\"f:3:4: b\"]}",
                    raw.ask("{\"version\":1,\"call\":\"reload\"}"));
        }
        ControlException bad =
                assertThrows(ControlException.class, () -> client(socket).call("reload"));
        assertEquals(ControlException.Reason.BAD_CONFIGURATION, bad.reason());
        assertEquals(List.of("f:1:2: a", "f:3:4: b"), bad.problems());
        reloading = () -> {
            throw new ReloadRefusedException(Reason.FAILED, List.of("capture lan: cannot open rt9"));
        };
        ControlException failed =
                assertThrows(ControlException.class, () -> client(socket).call("reload"));
        assertEquals(ControlException.Reason.FAILED, failed.reason());
        assertEquals("the daemon at " + socket + " refused: capture lan: cannot open rt9", failed.getMessage());
    }

    @Test
    void shouldTakeLongerThanOtherCallsMayAndServeOthersMeanwhile() throws Exception {
        Path socket = open();
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
            turn();
            pass(ReloadCall.PATIENCE.minus(INSTANT));
            assertTrue(answers(socket));
            over.countDown();
            assertTrue(raw.line().startsWith("{\"version\":1,\"ok\":true,\"result\":{\"captures\":"));
        }
    }

    @Test
    void shouldHaveTheDaemonStopAndTellHowLongThatTakes() throws Exception {
        JsonObject told = client(open()).call("stop").getAsJsonObject();
        assertEquals(2.5, told.get("stop_timeout_seconds").getAsDouble());
        assertEquals(ProcessHandle.current().pid(), told.get("pid").getAsLong());
        VethPair.await(() -> stopped.getCount() == 0);
    }
}
