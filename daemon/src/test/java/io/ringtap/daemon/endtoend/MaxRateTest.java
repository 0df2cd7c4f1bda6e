package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two streams at top speed, by two engines, on an interface that has a limit; and what they report. */
@Tag("live")
class MaxRateTest {
    private static final String CONFIG = """
            [[interface]]
            name = "rt0"
            max-rate = "500 pps"
            [[inject]]
            name = "one"
            interface = "rt0"
            rate = "max"
            start = "manual"
            duration = "2 s"
            frame.destination = "aa:bb:cc:dd:ee:ff"
            [[inject]]
            name = "other"
            interface = "rt0"
            engine = "mmsg"
            rate = "1 Gbit/s"
            start = "manual"
            duration = "2 s"
            frame.destination = "aa:bb:cc:dd:ee:ff"
            [control]
            socket = "FOLDER/control.sock"
            """;

    @TempDir
    private Path folder;

    @Test
    void shouldKeepTheLimitOfAnInterfaceForStreamsOfAllEnginesAndReportTheirPace() throws Exception {
        Path config = folder.resolve("ringtap.toml");
        Files.writeString(config, CONFIG.replace("FOLDER", folder.toString()));
        try (VethPair _ = VethPair.open();
                RingtapProcess ringtap = RingtapProcess.start("run", "--config", config.toString())
                        .awaitReady()) {
            long begin = System.nanoTime();
            start("one");
            start("other");
            VethPair.await(() -> streams().stream()
                    .allMatch(stream -> stream.get("state").getAsString().equals("ended")));
            double most = 500 * (System.nanoTime() - begin) / 1e9 + 2 + 1; // each may be late with one, and the first
            List<JsonObject> streams = streams();
            long sent = streams.stream()
                    .mapToLong(stream -> stream.get("sent").getAsLong())
                    .sum();
            assertTrue(sent <= most, sent + " of " + most);
            for (JsonObject stream : streams) {
                assertTrue(stream.get("sent").getAsLong() > 0, streams.toString());
                assertTrue(stream.get("achieved_pps").getAsDouble() <= 502, streams.toString());
            }
            assertFalse(streams.getFirst().has("asked_pps")); // nothing says when frames at top speed should go
            assertEquals(1e9, streams.getLast().get("asked_bps").getAsDouble(), 1e6);
            assertTrue(streams.getLast().has("deviation_p99_seconds"), streams.toString());
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
    }

    @Test
    void shouldTakeAnotherLimitWithAReloadWhileTheStreamsGoOn() throws Exception {
        String stream = """
                [[inject]]
                name = "one"
                interface = "rt0"
                rate = "max"
                frame.destination = "aa:bb:cc:dd:ee:ff"
                """;
        String limited = stream + "[[interface]]\nname = \"rt0\"\nmax-rate = \"0.1 pps\"\n";
        try (VethPair _ = VethPair.open();
                RunningDaemon daemon = RunningDaemon.start(folder, limited)) {
            daemon.await("injects", "one", "sent", 1);
            long before = System.nanoTime();
            assertEquals("interface.max-rate is changed", daemon.reload(limited.replace("0.1 pps", "1 kpps")));
            VethPair.await(() -> daemon.count("injects", "one", "sent") >= 200);
            long sent = daemon.count("injects", "one", "sent");
            double most = (System.nanoTime() - before) / 1e6 + 1 + 2;
            assertTrue(sent <= most, sent + " of " + most);
            assertEquals("interface.max-rate is changed", daemon.reload(stream));
            VethPair.await(() -> daemon.count("injects", "one", "sent") >= 50_000);
            assertEquals(1, streams().getFirst().get("starts").getAsLong());
        }
    }

    /** The interface comes when the streams have begun: before, nobody can tell that both are of one. */
    @Test
    void shouldKeepTheLimitOfAnInterfaceWhateverItsNames() throws Exception {
        String streams = """
                [[interface]]
                name = "uplink-to-the-core"
                max-rate = "500 pps"
                [[inject]]
                name = "one"
                interface = "rt0"
                rate = "10 kpps"
                frame.destination = "aa:bb:cc:dd:ee:ff"
                [[inject]]
                name = "other"
                interface = "uplink-to-the-core"
                engine = "mmsg"
                rate = "10 kpps"
                frame.destination = "aa:bb:cc:dd:ee:ff"
                """;
        try (VethPair pair = VethPair.open()) {
            pair.remove();
            try (RunningDaemon daemon = RunningDaemon.start(folder, streams)) {
                pair.create();
                VethPair.run("ip", "link", "property", "add", "dev", VethPair.NEAR, "altname", "uplink-to-the-core");
                VethPair.await(() -> daemon.count("injects", "other", "sent") >= 100);
                long from = System.nanoTime(); // before the second name was there the first one had no limit
                long before = daemon.count("injects", "one", "sent") + daemon.count("injects", "other", "sent");
                VethPair.await(() -> daemon.count("injects", "one", "sent") + daemon.count("injects", "other", "sent")
                        >= before + 500);
                long after = daemon.count("injects", "one", "sent") + daemon.count("injects", "other", "sent");
                double most = 500 * (System.nanoTime() - from) / 1e9 + 2 + 1;
                assertTrue(after - before <= most, after - before + " of " + most);
            }
        }
    }

    private void start(String stream) throws ControlException {
        JsonObject named = new JsonObject();
        named.addProperty("stream", stream);
        new ControlClient(folder.resolve("control.sock"), VethPair.HANG).call("stream-start", named);
    }

    private List<JsonObject> streams() {
        try {
            return StreamSupport.stream(
                            new ControlClient(folder.resolve("control.sock"), VethPair.HANG)
                                    .call("streams")
                                    .getAsJsonObject()
                                    .getAsJsonArray("streams")
                                    .spliterator(),
                            false)
                    .map(JsonElement::getAsJsonObject)
                    .toList();
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }
}
