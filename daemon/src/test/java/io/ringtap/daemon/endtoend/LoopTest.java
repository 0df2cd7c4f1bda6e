package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that sends a frame for each that is captured, where its own frames are captured too. */
@Tag("live")
class LoopTest extends VethFixture {
    private static final String CONFIG = """
            [[capture]]
            interface = "rt0"
            direction = "both"
            own-frames = "OWN"
            [[inject]]
            name = "echo"
            interface = "rt0"
            every-frames = 1
            [inject.frame]
            destination = "aa:bb:cc:dd:ee:ff"
            [control]
            socket = "FOLDER/control.sock"
            """;

    @TempDir
    private Path folder;

    @Test
    void shouldStopAStreamThatItsOwnFramesSetOffAndSaySoOnce() throws Exception {
        try (RingtapProcess ringtap = start("deliver");
                FarSender far = new FarSender()) {
            for (int i = 0; i < 200; i++) { // so many go round, each once in a block's timeout
                far.send(FarSender.udp(60));
            }
            VethPair.await(() -> echo().get("state").getAsString().equals("looped"));
            assertEquals(1, echo().get("loops").getAsLong());
            long sent = echo().get("sent").getAsLong();
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertTrue(sent > 0, "sent " + sent);
            String counts = "received=" + (sent + 200) + " kernel_dropped=0 published=" + (sent + 200);
            assertEquals(
                    List.of(
                            "capture=rt0 interface=rt0 " + counts,
                            "worker=default capture=rt0 delivered=" + (sent + 200) + " failed=0 shed=0",
                            "inject=echo sent=" + sent + " failed=0",
                            "ledger lost=0 unaccounted=0"),
                    ringtap.ledger());
            assertEquals(
                    1,
                    ringtap.err().stream()
                            .filter(l -> l.contains("its own frames come back"))
                            .count(),
                    ringtap.toString());
        }
    }

    @Test
    void shouldNotSeeItsOwnFramesUnlessItIsToldTo() throws Exception {
        try (RingtapProcess ringtap = start("ignore");
                FarSender far = new FarSender()) {
            for (int i = 0; i < 50; i++) {
                far.send(FarSender.udp(60));
            }
            VethPair.await(() -> echo().get("sent").getAsLong() == 50);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of(
                            "capture=rt0 interface=rt0 received=50 kernel_dropped=0 published=50",
                            "worker=default capture=rt0 delivered=50 failed=0 shed=0",
                            "inject=echo sent=50 failed=0",
                            "ledger lost=0 unaccounted=0"),
                    ringtap.ledger());
        }
    }

    private RingtapProcess start(String ownFrames) throws Exception {
        Path config = folder.resolve("ringtap.toml");
        Files.writeString(config, CONFIG.replace("FOLDER", folder.toString()).replace("OWN", ownFrames));
        return RingtapProcess.start("run", "--config", config.toString()).awaitReady();
    }

    private JsonObject echo() {
        try {
            return new ControlClient(folder.resolve("control.sock"), VethPair.HANG)
                    .call("streams")
                    .getAsJsonObject()
                    .getAsJsonArray("streams")
                    .get(0)
                    .getAsJsonObject();
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }
}
