package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How frames come to workers: from a configuration to the ledger. */
@Tag("live")
class DeliveryTest extends SenderFixture {
    private static final String SLEEPING = SleepingHandler.class.getName();

    @TempDir
    private Path folder;

    private Path socket() {
        return folder.resolve("control.sock");
    }

    /** Its ring of 256 blocks holds what comes within 25 s, however few frames that are. */
    private RingtapProcess run(String workers) throws Exception {
        String config = "[[capture]]\ninterface = \"rt0\"\ntimeout = \"100 ms\"\n" + workers + "[control]\nsocket = \""
                + socket() + "\"\n";
        Path file = Files.writeString(folder.resolve("ringtap.toml"), config);
        return RingtapProcess.start("run", "--config", file.toString()).awaitReady();
    }

    private JsonObject stats() {
        try {
            return new ControlClient(socket(), VethPair.HANG).call("stats").getAsJsonObject();
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonObject worker(JsonObject stats, int index) {
        return stats.getAsJsonArray("workers").get(index).getAsJsonObject();
    }

    @Test
    void shouldShedWhatABlockedWorkersQueueCannotHoldAndHandOnAllToTheOthers() throws Exception {
        try (RingtapProcess ringtap = run("""
                [[worker]]
                name = "gate"
                [[worker.handler]]
                type = "count"
                [[worker]]
                name = "blocked"
                delivery = "detach"
                queue = "1 MiB"
                [[worker.handler]]
                type = "%s"
                [daemon]
                stop-timeout = "1 s"
                """.formatted(SLEEPING))) {
            far.sendUdp(10_000, 100, 50_000);
            VethPair.await(() -> worker(stats(), 0).get("delivered").getAsLong() == 10_000);
            VethPair.await(() -> worker(stats(), 1).get("shed").getAsLong() == 10_000 - 4_096);
            JsonObject blocked = worker(stats(), 1);
            assertEquals("detach", blocked.get("delivery").getAsString());
            assertEquals(0.5904, blocked.get("shed_share").getAsDouble());
            assertEquals(4_096, blocked.get("lag").getAsLong());
            assertTrue(blocked.get("lag_seconds").getAsDouble() > 0, blocked.toString());
            ringtap.signal("TERM");
            assertEquals(1, ringtap.exitCode(), "not everything was handled");
            assertEquals(
                    List.of(
                            "capture=rt0 interface=rt0 received=10000 kernel_dropped=0 published=10000",
                            "worker=gate capture=rt0 delivered=10000 failed=0 shed=0",
                            "worker=blocked capture=rt0 delivered=0 failed=0 shed=5904 shed_share=0.5904",
                            "ledger lost=5904 unaccounted=0 in_flight=4096"),
                    ringtap.ledger());
        }
    }

    @Test
    void shouldNameTheWorkerThatHoldsTheCaptureUpBeforeFramesAreLost() throws Exception {
        // Takes some seconds: sends 40,000 frames, some a millisecond apart for their worker.
        try (RingtapProcess ringtap = run("""
                [[worker]]
                name = "quick"
                [[worker.handler]]
                type = "count"
                [[worker]]
                name = "slow"
                [[worker.handler]]
                type = "%s"
                sleep = "1 ms"
                """.formatted(SLEEPING))) {
            far.sendUdp(
                    40_000, 200, 0); // 4,096 go into the ring, the others fill 40 of the kernel's 256 blocks, or more
            String verdict =
                    ".*worker slow is the bottleneck: ([89][0-9]|100) % busy, kernel ring of rt0 [1-9][0-9] % full: .*";
            AtomicReference<JsonObject> seen = new AtomicReference<>();
            VethPair.await(() -> {
                seen.set(stats());
                return seen.get()
                        .getAsJsonObject("ledger")
                        .get("verdict")
                        .getAsString()
                        .matches(verdict);
            });
            JsonObject now = seen.get();
            assertEquals(0, now.getAsJsonObject("ledger").get("lost").getAsLong());
            JsonObject slow = worker(now, 1);
            double busy = slow.get("busy_share").getAsDouble();
            assertTrue(busy > worker(now, 0).get("busy_share").getAsDouble(), now.toString());
            JsonObject handler = slow.getAsJsonArray("handlers").get(0).getAsJsonObject();
            assertTrue(handler.get("p50_seconds").getAsDouble() >= 0.00099, slow.toString());
            assertTrue(ringtap.isAlive());
        }
    }

    @Test
    void shouldGiveEachHandlerTheFramesThatPassItsFilterAndCountThem() throws Exception {
        try (RingtapProcess ringtap = run("""
                [[worker]]
                name = "w"
                threads = 2
                [[worker.handler]]
                type = "count"
                filter = "udp and greater 150"
                [[worker.handler]]
                type = "count"
                filter = "tcp"
                [[worker.handler]]
                type = "count"
                """)) {
            far.sendUdp(300, 200, 0);
            far.sendUdp(200, 100, 0);
            VethPair.await(() -> worker(stats(), 0).get("delivered").getAsLong() == 500);
            List<Long> frames = worker(stats(), 0).getAsJsonArray("handlers").asList().stream()
                    .map(h -> h.getAsJsonObject().get("frames").getAsLong())
                    .toList();
            assertEquals(List.of(300L, 0L, 500L), frames);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    "worker=w capture=rt0 delivered=500 failed=0 shed=0",
                    ringtap.ledger().get(1));
        }
    }
}
