package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.FarSender;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a capture file, which end by themselves. */
@Tag("slow")
class RunFileTest {
    @TempDir
    private Path folder;

    private Path trace;

    @BeforeEach
    void nameFile() {
        trace = folder.resolve("trace.pcap");
    }

    private static PcapWriter frames(int count) {
        PcapWriter writer = new PcapWriter(ByteOrder.BIG_ENDIAN, false);
        for (int i = 0; i < count; i++) {
            writer.frame(i * 1_000_000L, FarSender.udp(100));
        }
        return writer;
    }

    private RingtapProcess run(String captureKey, String handlerKeys) throws Exception {
        Path config = Files.writeString(folder.resolve("ringtap.toml"), """
                [[capture]]
                name = "trace"
                file = "FILE"
                CAPTURE
                [[worker]]
                name = "w"
                [[worker.handler]]
                HANDLER
                [control]
                socket = "FOLDER/control.sock"
                """.replace("FILE", trace.toString())
                .replace("CAPTURE", captureKey)
                .replace("HANDLER", handlerKeys)
                .replace("FOLDER", folder.toString()));
        return RingtapProcess.start("run", "--config", config.toString());
    }

    private List<String> ledger(int frames) {
        return List.of(
                "capture=trace interface=" + trace + " received=" + frames + " kernel_dropped=0 published=" + frames,
                "worker=w capture=trace delivered=" + frames + " failed=0 shed=0",
                "ledger lost=0 unaccounted=0");
    }

    @Test
    void shouldEndWhenTheFileDoes() throws Exception {
        Files.write(trace, frames(10_000).bytes());
        try (RingtapProcess ringtap = run("", "type = \"count\"")) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals("ringtap ready: trace on " + trace, ringtap.out().getFirst());
            assertEquals(ledger(10_000), ringtap.ledger());
            assertEquals(List.of(), ringtap.err());
        }
    }

    @Test
    void shouldReadAllFilesOfAPattern() throws Exception {
        Files.write(folder.resolve("recorder-1.pcap"), frames(4_000).bytes());
        Files.write(folder.resolve("recorder-2.pcap"), frames(6_000).bytes());
        trace = folder.resolve("recorder-*.pcap");
        try (RingtapProcess ringtap = run("", "type = \"count\"")) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(ledger(10_000), ringtap.ledger());
        }
    }

    @Test
    void shouldSayThatAFileIsCutShortAndReadTheRest() throws Exception {
        Files.write(trace, frames(100).cutBy(30));
        try (RingtapProcess ringtap = run("", "type = \"count\"")) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(ledger(99), ringtap.ledger());
            assertEquals(1, ringtap.err().size(), ringtap.toString());
            assertTrue(ringtap.err().getFirst().contains("capture file " + trace + " is cut short after frame 99: "));
        }
    }

    @Test
    void shouldKeepThePace() throws Exception {
        Files.write(trace, frames(200).bytes());
        long start = System.nanoTime();
        try (RingtapProcess ringtap = run("pace = \"100 pps\"", "type = \"count\"")) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertEquals(ledger(200), ringtap.ledger());
            assertTrue(millis >= 1_990, millis + " ms for 199 intervals of 10 ms");
        }
    }

    /** The time-out is for stops that are asked for; here nobody waits. */
    @Test
    void shouldWaitForHandlersThatTakeLongerThanAStopMay() throws Exception {
        Files.write(trace, frames(20).bytes());
        String handler = "type = \"" + SleepingHandler.class.getName() + "\"\nsleep = \"100 ms\"\n";
        try (RingtapProcess ringtap = run("", handler + "[daemon]\nstop-timeout = \"1 s\"")) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(ledger(20), ringtap.ledger());
        }
    }

    /** What a detached worker has queued is its to handle, however long that takes; one that never does needs a stop. */
    @Test
    void shouldWaitForADetachedWorkerTooUntilItIsToldToStop() throws Exception {
        // Takes some seconds: 1.5 in which nothing may happen, and the one that a stop may take.
        Files.write(trace, frames(60).bytes());
        String blocked = """
                type = "count"
                [[worker]]
                name = "blocked"
                delivery = "detach"
                [[worker.handler]]
                type = "%s"
                [daemon]
                stop-timeout = "1 s\"""".formatted(SleepingHandler.class.getName());
        try (RingtapProcess ringtap = run("", blocked)) {
            ringtap.awaitReady();
            RingtapProcess.sleep(1_500);
            assertTrue(ringtap.isAlive(), ringtap.toString());
            ringtap.signal("TERM");
            assertEquals(1, ringtap.exitCode(), "not everything was handled");
            assertTrue(
                    ringtap.ledger().contains("worker=w capture=trace delivered=60 failed=0 shed=0"),
                    ringtap.toString());
            assertEquals(
                    "ledger lost=0 unaccounted=0 in_flight=60", ringtap.ledger().getLast());
        }
    }

    @Test
    void shouldRefuseAFileThatIsNone() throws Exception {
        Files.writeString(trace, "no capture file at all");
        try (RingtapProcess ringtap = run("", "type = \"count\"")) {
            assertEquals(1, ringtap.exitCode(), ringtap.toString());
            assertEquals(1, ringtap.err().size(), ringtap.toString());
            assertTrue(ringtap.err().getFirst().startsWith("ringtap: "), ringtap.toString());
            assertTrue(ringtap.err().getFirst().contains(trace.toString()), ringtap.toString());
        }
    }
}
