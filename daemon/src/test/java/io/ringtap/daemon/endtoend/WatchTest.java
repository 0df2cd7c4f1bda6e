package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames that are watched for start a stream of frames, with no code; and a person starts and stops it by hand. */
@Tag("live")
class WatchTest extends SenderFixture {
    private static final String CONFIG = """
            [[capture]]
            interface = "rt0"
            filter = "udp port 53"
            [[worker]]
            name = "dns"
            threads = 2
            [[worker.handler]]
            type = "watch"
            frames = 100
            within = "60 s"
            stream = "alarm"
            [[inject]]
            name = "alarm"
            interface = "rt0"
            every = "5 ms"
            count = 7
            start = "manual"
            [inject.frame]
            destination = "aa:bb:cc:dd:ee:ff"
            source = "00:11:22:33:44:55"
            payload = "a1 a2"
            [control]
            socket = "FOLDER/control.sock"
            """;
    private static final String ALARM = "aa:bb:cc:dd:ee:ff 00:11:22:33:44:55 0x88b5 a1a2";

    @TempDir
    private Path folder;

    @Test
    void shouldStartAStreamWhenSoManyFramesThatMatchHaveComeInTime() throws Exception {
        try (FarFrames arriving = FarFrames.open(folder);
                RingtapProcess ringtap = start()) {
            send(53, 99);
            send(80, 500);
            VethPair.await(() -> delivered() == 99);
            assertEquals("waiting", state());
            send(53, 1);
            assertEquals(Collections.nCopies(7, ALARM), arriving.decoded(7));
            send(53, 300); // the alarm lasts: it is not raised again
            VethPair.await(() -> delivered() == 400);
            VethPair.await(() -> state().equals("ended"));
            assertEquals(
                    "{\"100 in 60 s\":{\"ended\":0,\"frames\":400,\"on\":1,\"own frames\":0,\"raised\":1,\"stream refused\":0,"
                            + "\"stream started\":1}}",
                    ask("stats")
                            .getAsJsonArray("handlers")
                            .get(0)
                            .getAsJsonObject()
                            .get("table")
                            .toString());
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of(
                            "capture=rt0 interface=rt0 received=400 kernel_dropped=0 published=400",
                            "worker=dns capture=rt0 delivered=400 failed=0 shed=0",
                            "inject=alarm sent=7 failed=0",
                            "ledger lost=0 unaccounted=0"),
                    ringtap.ledger());
            assertEquals(
                    1,
                    ringtap.err().stream()
                            .filter(l -> l.contains("alarm: 100 in 60 s") && l.contains("stream alarm is started"))
                            .count(),
                    ringtap.toString());
        }
    }

    @Test
    void shouldStartStopAndReRateAStreamByHand() throws Exception {
        // Takes some seconds: a JVM for each of six commands.
        try (RingtapProcess ringtap = start()) {
            assertEquals("running", stream("start", "alarm").get("state").getAsString());
            VethPair.await(() -> state().equals("ended"));
            JsonObject rated = stream("rate", "alarm", "0.001 pps");
            assertEquals(0.001, rated.get("rate_pps").getAsDouble());
            assertEquals(7, rated.get("sent").getAsLong());
            assertEquals("running", stream("start", "alarm").get("state").getAsString());
            assertEquals("stopped", stream("stop", "alarm").get("state").getAsString());
            JsonObject listed = stream("list");
            assertEquals("stopped", listed.get("state").getAsString());
            assertEquals(2, listed.get("starts").getAsLong());
            assertEquals(7, listed.get("sent").getAsLong());
            assertTrue(
                    ringtap.err().stream().anyMatch(l -> l.contains("stream-stop \"alarm\" by user root")),
                    ringtap.toString());
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertTrue(ringtap.ledger().contains("inject=alarm sent=7 failed=0"), ringtap.toString());
        }
    }

    @Test
    void shouldLetAStrangerLookButChangeNothing() throws Exception {
        // Takes some seconds: copies the program, and starts a JVM for each of four commands.
        Installation copied = Installation.copiedTo(folder);
        try (RingtapProcess _ = start()) {
            VethPair.run("chmod", "666", folder.resolve("control.sock").toString());
            try (RingtapProcess nobody = RingtapProcess.startAs(Privileges.ordinaryUser(), copied, words("list"))) {
                assertEquals(0, nobody.exitCode(), nobody.toString());
            }
            // In a namespace without other users a stranger is nobody but the daemon's own user.
            boolean stranger = Privileges.hasOtherUsers();
            for (String[] change : List.of(words("start", "alarm"), words("rate", "alarm", "1pps"))) {
                try (RingtapProcess nobody = RingtapProcess.startAs(Privileges.ordinaryUser(), copied, change)) {
                    assertEquals(stranger ? 3 : 0, nobody.exitCode(), nobody.toString());
                    String refusal = "refused: stream-" + change[1] + " is for root or the daemon's own user";
                    assertEquals(stranger, nobody.err().toString().contains(refusal), nobody.toString());
                }
            }
            assertEquals(stranger ? 0 : 1, alarm().get("starts").getAsLong());
        }
    }

    private RingtapProcess start() throws Exception {
        Path config = folder.resolve("ringtap.toml");
        Files.writeString(config, CONFIG.replace("FOLDER", folder.toString()));
        return RingtapProcess.start("run", "--config", config.toString()).awaitReady();
    }

    private void send(int port, int frames) {
        byte[] frame = FarSender.udp(80);
        frame[36] = 0;
        frame[37] = (byte) port;
        for (int i = 0; i < frames; i++) {
            frame[29] = (byte) i; // of the source address: many flows, so that both threads have their share
            far.send(frame);
        }
    }

    private List<String> command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("stream"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--socket", folder.resolve("control.sock").toString()));
        return all;
    }

    private String[] words(String... arguments) {
        return command(arguments).toArray(String[]::new);
    }

    /** Runs a command, and gives the one stream that it tells of. */
    private JsonObject stream(String... arguments) {
        List<String> all = command(arguments);
        all.add("--json");
        JsonObject told = json(all);
        return told.has("streams") ? told.getAsJsonArray("streams").get(0).getAsJsonObject() : told;
    }

    /** What the daemon answers, asked from here: a process for each look takes its time. */
    private JsonObject ask(String call) {
        try {
            return new ControlClient(folder.resolve("control.sock"), VethPair.HANG)
                    .call(call)
                    .getAsJsonObject();
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonObject alarm() {
        return ask("streams").getAsJsonArray("streams").get(0).getAsJsonObject();
    }

    private String state() {
        return alarm().get("state").getAsString();
    }

    private static JsonObject json(List<String> arguments) {
        try (RingtapProcess process = RingtapProcess.start(arguments.toArray(String[]::new))) {
            assertEquals(0, process.exitCode(), process.toString());
            return JsonParser.parseString(process.out().getFirst()).getAsJsonObject();
        }
    }

    private long delivered() {
        JsonElement worker = ask("stats").getAsJsonArray("workers").get(0);
        return worker.getAsJsonObject().get("delivered").getAsLong();
    }
}
