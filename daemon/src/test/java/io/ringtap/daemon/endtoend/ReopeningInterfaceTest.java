package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon, whose interface is missing at the start, comes, goes and comes back; and what its users see of that. */
@Tag("live")
class ReopeningInterfaceTest {
    private static final String CONFIG = """
            [[capture]]
            interface = "rt0"
            filter = "udp"
            [[capture]]
            interface = "rt2"
            [[inject]]
            name = "beacon"
            interface = "rt0"
            rate = "200 pps"
            [inject.frame]
            destination = "aa:bb:cc:dd:ee:ff"
            [control]
            socket = "FOLDER/control.sock"
            """;

    @TempDir
    private Path folder;

    private VethPair pair;

    @BeforeEach
    void openPairs() {
        pair = VethPair.open();
        VethPair.run("ip", "link", "add", "rt2", "type", "veth", "peer", "name", "rt3");
        VethPair.run("ip", "link", "set", "rt2", "up");
        VethPair.run("ip", "link", "set", "rt3", "up");
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    private RingtapProcess start() throws Exception {
        Path config = folder.resolve("ringtap.toml");
        Files.writeString(config, CONFIG.replace("FOLDER", folder.toString()));
        return RingtapProcess.start("run", "--config", config.toString()).awaitReady();
    }

    private JsonObject stats(String list, int index) {
        try {
            return new ControlClient(folder.resolve("control.sock"), VethPair.HANG)
                    .call("stats")
                    .getAsJsonObject()
                    .getAsJsonArray(list)
                    .get(index)
                    .getAsJsonObject();
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitState(String state) {
        VethPair.await(() -> stats("captures", 0).get("state").getAsString().equals(state));
    }

    private static void send(String interfaceName, long frames) {
        try (FarSender far = new FarSender(interfaceName)) {
            far.sendUdp(frames, 100, 0);
        }
    }

    private static List<String> texts(JsonArray gaps, String field) {
        return StreamSupport.stream(gaps.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(gap -> gap.has(field))
                .map(gap -> gap.get(field).getAsString())
                .toList();
    }

    @Test
    void shouldCaptureAndSendAgainEachTimeTheInterfaceIsBackAndListTheGaps() throws Exception {
        pair.remove();
        try (RingtapProcess ringtap = start()) {
            assertEquals(
                    "ringtap ready: rt0 on rt0 (waiting: is missing), rt2 on rt2, beacon to rt0 (waiting: is missing)",
                    ringtap.out().getFirst());
            assertEquals("waiting", stats("captures", 0).get("state").getAsString());
            send("rt3", 500);
            for (int i = 1; i <= 3; i++) {
                pair.create();
                awaitState("running");
                send("rt1", 1_000);
                long received = i * 1_000L;
                VethPair.await(() -> stats("captures", 0).get("received").getAsLong() == received);
                long sent = stats("injects", 0).get("sent").getAsLong();
                VethPair.await(() -> stats("injects", 0).get("sent").getAsLong() > sent + 5);
                pair.remove();
                awaitState("waiting");
            }
            send("rt3", 500);
            JsonArray gaps = stats("captures", 0).getAsJsonArray("gaps");
            assertEquals(List.of("missing", "missing", "missing", "missing"), texts(gaps, "cause"));
            assertEquals(4, texts(gaps, "from").size());
            assertEquals(3, texts(gaps, "to").size());
            VethPair.await(() -> stats("injects", 0).get("gap_count").getAsLong() == 4);
            assertEquals(0, stats("captures", 1).get("gap_count").getAsLong());
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            List<String> ledger = ringtap.ledger();
            String counts = "received=3000 kernel_dropped=0 published=3000 gaps=4 gap_seconds=[0-9.]+";
            assertTrue(ledger.get(0).matches("capture=rt0 interface=rt0 " + counts), ringtap.toString());
            assertEquals("capture=rt2 interface=rt2 received=1000 kernel_dropped=0 published=1000", ledger.get(1));
            assertEquals("worker=default capture=rt0 delivered=3000 failed=0 shed=0", ledger.get(2));
            assertTrue(
                    ledger.get(4).matches("inject=beacon sent=[0-9]+ failed=[0-9]+ gaps=4 gap_seconds=[0-9.]+"),
                    ringtap.toString());
            assertEquals("ledger lost=0 unaccounted=0", ledger.getLast());
        }
    }

    @Test
    void shouldKeepWaitingAndSayWhyWhenNoDescriptorIsLeft() throws Exception {
        try (RingtapProcess ringtap = start()) {
            send("rt1", 100);
            VethPair.await(() -> stats("captures", 0).get("received").getAsLong() == 100);
            pair.remove();
            awaitState("waiting"); // its far end may have been seen to go first: then it had no carrier
            limitDescriptors(ringtap, 3); // new ones must be below: there is none left
            pair.create();
            ringtap.awaitErrorLine("capture rt0 on rt0: waits, and tries again: capture rt0: cannot open rt0");
            RingtapProcess.sleep(1_000);
            assertEquals(
                    1,
                    ringtap.err().stream()
                            .filter(line -> line.contains("capture rt0 on rt0: waits, and tries again"))
                            .count(),
                    ringtap.toString());
            send("rt3", 300); // the other capture goes on
            limitDescriptors(ringtap, 1_024);
            ringtap.awaitErrorLine("capture rt0 on rt0: goes on after");
            send("rt1", 100);
            VethPair.await(() -> stats("captures", 0).get("received").getAsLong() == 200);
            JsonArray gaps = stats("captures", 0).getAsJsonArray("gaps");
            assertEquals(List.of("refused"), texts(gaps, "cause"));
            assertTrue(texts(gaps, "detail").getFirst().contains("Too many open files"), gaps.toString());
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    "capture=rt2 interface=rt2 received=300 kernel_dropped=0 published=300",
                    ringtap.ledger().get(1));
            assertEquals("ledger lost=0 unaccounted=0", ringtap.ledger().getLast());
        }
    }

    private static void limitDescriptors(RingtapProcess ringtap, int limit) {
        VethPair.run("prlimit", "--pid", Long.toString(ringtap.pid()), "--nofile=" + limit + ":");
    }

    @Test
    void shouldEndWhenCapNetRawIsMissingThoughTheInterfaceIsToo() throws Exception {
        Path config = Files.writeString(folder.resolve("missing.toml"), "[[capture]]\ninterface = \"nosuch0\"\n");
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                Privileges.none(), Installation.copiedTo(folder), "run", "--config", config.toString())) {
            assertEquals(3, ringtap.exitCode(), ringtap.toString());
        }
    }
}
