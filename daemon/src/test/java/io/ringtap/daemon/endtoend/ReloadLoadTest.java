package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty reloads, each of which restarts something else, while a capture that none of them changes has 350,000 frames a second and
 * more all the time.
 */
@Tag("live")
class ReloadLoadTest extends VethFixture {
    private static final int RELOADS = 50;
    private static final double PROMISED_RATE = 350_000;

    /** The source makes up for what it was late with: only what it is late with at its end is missing. */
    private static final String ASKED_RATE = "370 kpps";

    /** Where other work takes the source's time, it may have to try again. That nothing is lost holds every time. */
    private static final int ATTEMPTS = 3;

    private static final String FRAME = """
            destination = "02:00:5e:00:53:02"
            length = 200
            [ipv4]
            source = "192.0.2.1"
            destination = "198.51.100.1"
            [udp]
            source-port = 1024
            destination-port = 9
            [[vary]]
            field = "udp.source-port"
            kind = "random"
            from = 1024
            to = 65535
            """;

    /** The kernel ring outlasts any pause that a machine with other work makes. */
    private static final String CONFIG = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            buffer = "256 MiB"
            [[capture]]
            name = "inner"
            interface = "lo"
            buffer = "BUFFER MiB"
            [[worker]]
            name = "analysis"
            [[worker.handler]]
            type = "count"
            [[worker]]
            name = "apart"
            delivery = "detach"
            queue = "64 MiB"
            captures = ["uplink"]
            [[worker.handler]]
            type = "count"
            [[inject]]
            name = "beacon"
            interface = "lo"
            every = "EVERY ms"
            [inject.frame]
            destination = "ff:ff:ff:ff:ff:ff"
            """;

    @TempDir
    private Path folder;

    /** No two that follow one another are alike. */
    private static String config(int reload) {
        return CONFIG.replace("BUFFER", "" + (16 + reload % 2)).replace("EVERY", "" + (5 + reload % 3));
    }

    /** What the source says of itself, after a round of reloads. */
    private record Round(long sent, double rate) {}

    @Test
    void shouldLoseNothingOfACaptureThatIsUnchanged() throws Exception {
        Path frame = Files.writeString(folder.resolve("frame.toml"), FRAME);
        try (RunningDaemon daemon = RunningDaemon.start(folder, config(0))) {
            long frames = 0;
            Round round = new Round(0, 0);
            for (int i = 0; i < ATTEMPTS && round.rate < PROMISED_RATE; i++) {
                round = reloadUnderLoad(daemon, frame, frames, i * RELOADS);
                frames += round.sent;
                daemon.await("workers", "apart", "delivered", frames);
            }
            assertTrue(round.rate >= PROMISED_RATE, "the source kept no more than " + round.rate + " frames a second");
            List<String> ledger = daemon.ledger();
            String counts = "received=" + frames + " kernel_dropped=0 published=" + frames;
            assertEquals("capture=uplink interface=rt0 " + counts, ledger.getFirst());
            String delivered = " capture=uplink delivered=" + frames + " failed=0 shed=0";
            assertTrue(ledger.contains("worker=analysis" + delivered), ledger.toString());
            assertTrue(ledger.contains("worker=apart" + delivered + " shed_share=0.0000"), ledger.toString());
            assertEquals("ledger lost=0 unaccounted=0", ledger.getLast());
        }
    }

    private static Round reloadUnderLoad(RunningDaemon daemon, Path frame, long before, int former) throws Exception {
        try (RingtapProcess source = source(frame)) {
            VethPair.await(() -> daemon.count("captures", "uplink", "received") > before);
            long start = System.nanoTime();
            for (int reload = former + 1; reload <= former + RELOADS; reload++) {
                assertEquals("capture inner is restarted; stream beacon is restarted", daemon.reload(config(reload)));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            source.signal("TERM");
            assertEquals(0, source.exitCode(), source.toString());
            JsonObject report = JsonParser.parseString(source.out().getLast()).getAsJsonObject();
            Round round = new Round(
                    report.get("sent").getAsLong(), report.get("achieved_pps").getAsDouble());
            System.out.printf(
                    "%d reloads in %.1f s; sent to the capture that they leave alone: %,d frames, %,.0f a second%n",
                    RELOADS, seconds, round.sent, round.rate);
            return round;
        }
    }

    private static RingtapProcess source(Path frame) {
        List<String> pace = List.of("--engine", "mmsg", "--rate", ASKED_RATE, "--count", "0");
        List<String> what = List.of("inject", "-i", VethPair.FAR, "--frame", frame.toString(), "--json");
        return RingtapProcess.start(Stream.concat(what.stream(), pace.stream()).toArray(String[]::new));
    }
}
