package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlStream;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ringtap tap} beside a running daemon. */
@Tag("live")
class TapTest extends SenderFixture {
    /** Its kernel ring holds all that a test sends: no machine is too busy. */
    private static final String CONFIG = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            buffer = "BUFFER MiB"
            [[worker]]
            name = "analysis"
            [[worker.handler]]
            type = "count"
            """;

    @TempDir
    private Path folder;

    private static String config(int bufferMebibytes) {
        return CONFIG.replace("BUFFER", "" + bufferMebibytes);
    }

    private RunningDaemon start() {
        return RunningDaemon.start(folder, config(256));
    }

    private RingtapProcess tap(RunningDaemon daemon, String... options) throws ControlException {
        int before = taps(daemon).size();
        List<String> words = new ArrayList<>(List.of("tap", "-w", file().toString()));
        words.addAll(List.of("--socket", daemon.socket().toString()));
        words.addAll(List.of(options));
        RingtapProcess tap = RingtapProcess.start(words.toArray(String[]::new));
        awaitTaps(daemon, before + 1);
        VethPair.await(() -> Files.exists(file())); // it has the answer
        return tap;
    }

    private Path file() {
        return folder.resolve("tapped.pcapng");
    }

    private static JsonArray taps(RunningDaemon daemon) throws ControlException {
        return daemon.call("stats").getAsJsonArray("taps");
    }

    private static void awaitTaps(RunningDaemon daemon, int count) {
        VethPair.await(() -> {
            try {
                return taps(daemon).size() == count;
            } catch (ControlException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static void assertEnds(RingtapProcess tap, String report) {
        assertEquals(0, tap.exitCode(), tap.toString());
        assertEquals(List.of("ringtap: " + report), tap.err());
    }

    private static void assertNothingLost(RunningDaemon daemon, long frames) {
        daemon.await("workers", "analysis", "delivered", frames);
        List<String> ledger = daemon.ledger();
        assertEquals(
                "capture=uplink interface=rt0 received=" + frames + " kernel_dropped=0 published=" + frames,
                ledger.getFirst());
        assertEquals("ledger lost=0 unaccounted=0", ledger.getLast());
    }

    @Test
    void shouldWriteEveryFrameInOrderUntilItHasWhatItWasAskedFor() throws Exception {
        try (RunningDaemon daemon = start();
                RingtapProcess tap = tap(daemon, "uplink", "-c", "3000", "--snaplen", "60", "--filter", "udp")) {
            far.sendUdp(5_000, 200, 20_000);
            assertEnds(tap, "3,000 frames, 0 shed: it has all frames that it was to have");
            TappedFile file = TappedFile.of(file());
            assertEquals(numbers(0, 3_000), file.numbers());
            assertEquals(60, file.mostCaptured());
            assertEquals(0, file.dropped());
            awaitTaps(daemon, 0);
            assertNothingLost(daemon, 5_000);
            assertTrue(daemon.process().err().toString().contains("control: tap \"uplink\" by user root"));
        }
    }

    @Test
    void shouldCopyNothingThatDoesNotPass() throws Exception {
        try (RunningDaemon daemon = start();
                RingtapProcess tap = tap(daemon, "--filter", "tcp")) {
            far.sendUdp(1_000, 200, 0);
            daemon.await("workers", "analysis", "delivered", 1_000);
            tap.signal("INT");
            assertEnds(tap, "0 frames, 0 shed: its reader has ended it");
            assertEquals(0, TappedFile.of(file()).received());
        }
    }

    @Test
    void shouldShedAndNeverHoldTheCaptureUpWhenNobodyReads() throws Exception {
        // Takes some seconds: more frames than a tap's queue and a socket hold.
        long frames = 200_000;
        try (RunningDaemon daemon = start()) {
            ControlStream unread = new ControlClient(daemon.socket()).open("tap", new JsonObject());
            assertEquals(
                    16 << 20,
                    unread.result().getAsJsonObject().get("queue_bytes").getAsInt());
            far.sendUdp(frames, 500, 0);
            daemon.await("workers", "analysis", "delivered", frames);
            JsonObject counts = taps(daemon).get(0).getAsJsonObject();
            long shed = counts.get("shed").getAsLong();
            assertEquals(frames, shed + counts.get("passed").getAsLong());
            assertTrue(shed > frames / 2, counts.toString());
            unread.close();
            awaitTaps(daemon, 0); // at once, though there is much to write
            assertNothingLost(daemon, frames);
        }
    }

    @Test
    void shouldGoOnWithACaptureThatIsRestarted() throws Exception {
        try (RunningDaemon daemon = start();
                RingtapProcess tap = tap(daemon)) {
            far.sendUdp(1_000, 200, 0);
            assertEquals("capture uplink is restarted", daemon.reload(config(128)));
            far.sendUdp(1_000, 200, 0);
            daemon.await("workers", "analysis", "delivered", 2_000);
            assertEquals(1, taps(daemon).size());
            String none = CONFIG.replace("BUFFER", "8").replace("rt0", "lo").replace("uplink", "other");
            assertEquals("capture other is started; capture uplink has ended", daemon.reload(none));
            assertEnds(tap, "2,000 frames, 0 shed: capture uplink has ended");
            TappedFile file = TappedFile.of(file());
            assertEquals(numbers(0, 2_000), file.numbers());
            assertEquals(2_000, file.received());
        }
    }

    @Test
    void shouldHaveAllFramesWhenTheDaemonStops() throws Exception {
        try (RunningDaemon daemon = start();
                RingtapProcess tap = tap(daemon)) {
            far.sendUdp(10_000, 200, 0);
            daemon.ledger();
            assertEnds(tap, "10,000 frames, 0 shed: capture uplink has ended");
            assertEquals(numbers(0, 10_000), TappedFile.of(file()).numbers());
        }
    }

    @Test
    void shouldSayThatADaemonIsGoneThatWasKilled() throws Exception {
        try (RunningDaemon daemon = start();
                RingtapProcess tap = tap(daemon)) {
            daemon.process().signal("KILL");
            assertEquals(1, tap.exitCode(), tap.toString());
            assertTrue(tap.err().toString().contains("ended the connection early"), tap.toString());
        }
    }

    @Test
    void shouldEndWithTheClient() throws Exception {
        try (RunningDaemon daemon = start();
                RingtapProcess tap = tap(daemon, "--duration", "1 h")) {
            tap.signal("KILL");
            awaitTaps(daemon, 0);
        }
    }

    @Test
    void shouldRefuseWhatCannotBeHadBeforeAnythingIsAttached() throws Exception {
        try (RunningDaemon daemon = start()) {
            ControlClient client = new ControlClient(daemon.socket());
            assertRefused(client, "filter", "tcp port 99999", "bad filter \"tcp port 99999\": illegal port number");
            assertRefused(client, "filter", "inbound", "known to the kernel alone");
            assertRefused(client, "capture", "nono", "there is no capture \"nono\": there is uplink");
            List<ControlStream> most = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                most.add(client.open("tap", new JsonObject()));
            }
            assertRefused(client, "filter", "tcp", "there are 4 taps already: end one first");
            most.forEach(ControlStream::close);
            awaitTaps(daemon, 0);
        }
    }

    private static void assertRefused(ControlClient client, String field, String value, String part) {
        JsonObject request = new JsonObject();
        request.addProperty(field, value);
        ControlException refused = assertThrows(ControlException.class, () -> client.open("tap", request));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    @Test
    void shouldRefuseAStranger() throws Exception {
        Installation copied = Installation.copiedTo(folder);
        try (RunningDaemon daemon = start()) {
            VethPair.run("chmod", "666", daemon.socket().toString());
            String[] words = {
                "tap", "-c", "1", "--duration", "1", "--socket", daemon.socket().toString()
            };
            try (RingtapProcess nobody = RingtapProcess.startAs(Privileges.ordinaryUser(), copied, words)) {
                // In a namespace without other users a stranger is nobody but the daemon's own user.
                boolean stranger = Privileges.hasOtherUsers();
                assertEquals(stranger ? 3 : 0, nobody.exitCode(), nobody.toString());
                assertEquals(
                        stranger,
                        nobody.err().toString().contains("refused: tap is for root or the daemon's own user"),
                        nobody.toString());
                assertEquals(
                        stranger,
                        daemon.process().err().toString().contains("control: tap by user nobody"),
                        daemon.process().toString());
            }
        }
    }
}
