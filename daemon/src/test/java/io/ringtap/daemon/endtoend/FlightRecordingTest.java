package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.FarSender;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording of JDK Flight Recorder that is to be written when the daemon ends, is. */
@Tag("live")
class FlightRecordingTest {
    private static final String START = "-XX:StartFlightRecording:";

    @TempDir
    private Path folder;

    private FaultScene scene;

    @BeforeEach
    void open() {
        scene = FaultScene.open(folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static RingtapProcess run(String option, Path config) {
        Installation recording = Installation.here().with(option);
        return RingtapProcess.startAs(List.of(), recording, "run", "--config", config.toString());
    }

    /** The names of what ringtap told in it, but for stalls, which a busy machine has; fails if it is not whole. */
    private static List<String> told(Path file) throws Exception {
        return RecordingFile.readAllEvents(file).stream()
                .map(event -> event.getEventType().getName())
                .filter(name -> name.startsWith("io.ringtap.") && !name.equals("io.ringtap.Stall"))
                .toList();
    }

    @Test
    void shouldBeWrittenAtAStop() throws Exception {
        Path file = folder.resolve("ringtap.jfr");
        try (RingtapProcess ringtap =
                run(START + "filename=" + file, scene.config("", "")).awaitReady()) {
            scene.pair.remove();
            scene.awaitState("waiting");
            scene.pair.create();
            scene.awaitState("running");
            FaultScene.stop(ringtap, 0);
        }
        assertEquals(List.of("io.ringtap.Gap"), told(file));
    }

    @Test
    void shouldBeWrittenWhenTheDaemonEndsByItself() throws Exception {
        Path file = folder.resolve("ringtap.jfr");
        Path trace = folder.resolve("trace.pcap");
        PcapWriter frame = new PcapWriter(ByteOrder.BIG_ENDIAN, false).frame(0, FarSender.udp(100));
        Files.write(trace, frame.bytes());
        Path config = Files.writeString(
                folder.resolve("file.toml"),
                "[[capture]]\nfile = \"" + trace + "\"\n[control]\nsocket = \"" + scene.socket() + "\"\n");
        try (RingtapProcess ringtap = run(START + "filename=" + file, config)) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
        assertEquals(List.of(), told(file));
    }

    @Test
    void shouldNotBeWaitedForIfItHasNoFile() throws Exception {
        try (RingtapProcess ringtap =
                run(START + "maxsize=8M", scene.config("", "")).awaitReady()) {
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
    }

    @Test
    void shouldNotBeLookedForWhileNobodyRecords() throws Exception {
        Path loaded = folder.resolve("loaded");
        try (RingtapProcess ringtap =
                run("-Xlog:class+load:file=" + loaded, scene.config("", "")).awaitReady()) {
            FaultScene.stop(ringtap, 0);
        }
        List<String> classes = Files.readAllLines(loaded);
        assertTrue(classes.stream().anyMatch(line -> line.contains("io.ringtap.daemon.FlightRecordings ")));
        assertFalse(classes.stream().anyMatch(line -> line.contains("jdk.jfr.internal.PlatformRecorder ")));
    }
}
