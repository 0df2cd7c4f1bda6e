package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.PcapFileFrames;
import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon holds becomes a file: when a person, a watch or a loss says so; whatever then happens. */
@Tag("live")
class FlightRecorderTest extends SenderFixture {
    private static final int SEQUENCE_OFFSET = 42;

    /** The kernel ring holds 900,000 frames, and the flight recorder 2 million: no machine is too busy for what is sent. */
    private static final String CONFIG = """
            [[capture]]
            name = "near"
            interface = "rt0"
            filter = "udp"
            buffer = "256 MiB"
            [[worker]]
            name = "keep"
            threads = THREADS
            [[worker.handler]]
            type = "flight-recorder"
            name = "incident"
            folder = "FOLDER"
            KEYS
            """;

    @TempDir
    private Path temporary;

    private Path path;
    private RecordedFolder folder;

    @BeforeEach
    void begin() throws Exception {
        path = Files.createDirectory(temporary.resolve("dumps"));
        folder = new RecordedFolder(path);
    }

    private String config(int threads, String... keys) {
        return CONFIG.replace("THREADS", "" + threads)
                .replace("FOLDER", path.toString())
                .replace("KEYS", String.join("\n", keys));
    }

    private static RingtapProcess dump(RunningDaemon daemon, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("dump", "--socket", daemon.socket().toString()));
        arguments.addAll(List.of(options));
        return RingtapProcess.start(arguments.toArray(String[]::new));
    }

    private static List<Long> sequences(Path file) throws OpenException {
        List<Long> sequences = new ArrayList<>();
        PcapFileFrames.forEach(file, "", frame -> sequences.add(Long.reverseBytes(frame.longAt(SEQUENCE_OFFSET))));
        return sequences;
    }

    private static List<Long> upTo(long end) {
        return LongStream.range(0, end).boxed().toList();
    }

    private static JsonArray dumps(RunningDaemon daemon) throws ControlException {
        return daemon.call("dumps").getAsJsonArray("dumps");
    }

    private static JsonObject awaitDone(RunningDaemon daemon, int place) throws Exception {
        VethPair.await(() -> {
            try {
                JsonArray dumps = dumps(daemon);
                return dumps.size() > place
                        && !dumps.get(place)
                                .getAsJsonObject()
                                .get("state")
                                .getAsString()
                                .equals("running");
            } catch (ControlException e) {
                throw new AssertionError(e);
            }
        });
        return dumps(daemon).get(place).getAsJsonObject();
    }

    /** Sends until told, at 350,000 a second if the machine can, while dumps are made; none may have a gap or a repeat. */
    private void seam(int threads, boolean inOrder) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (RunningDaemon daemon = RunningDaemon.start(temporary, config(threads, "after = \"200 ms\""))) {
            Thread sending = Thread.ofPlatform().start(() -> {
                for (int slice = 0; slice < 100 && !over.get(); slice++) {
                    far.sendUdp(7_000, 60, 350_000);
                }
            });
            try {
                VethPair.await(() -> daemon.count("captures", "near", "received") > 100_000);
                for (int i = 0; i < 3; i++) {
                    try (RingtapProcess dump = dump(daemon, "incident", "--reason", "look " + i)) {
                        assertEquals(0, dump.exitCode(), dump::toString);
                    }
                }
            } finally {
                over.set(true);
                sending.join();
            }
            List<Path> files = folder.whole();
            assertEquals(3, files.size());
            for (Path file : files) {
                List<Long> sequences = sequences(file);
                assertTrue(sequences.size() > 100_000, () -> "what was there before: " + sequences.size());
                List<Long> ordered =
                        inOrder ? sequences : sequences.stream().sorted().toList();
                assertEquals(upTo(sequences.size()), ordered);
            }
            assertEquals("ledger lost=0 unaccounted=0", daemon.ledger().getLast());
        }
    }

    @Test
    void shouldHaveNoGapAndNoRepeatBetweenWhatWasBeforeAndWhatCameAfter() throws Exception {
        seam(1, true);
    }

    /** How far one thread is ahead of another is the machine's: in which order their frames are is not told here. */
    @Test
    void shouldHaveAllFramesOfAllThreadsInOneFile() throws Exception {
        seam(3, false);
    }

    @Test
    void shouldDumpForAPersonAndSayWhereAndWhyAndRefuseWhatThereIsNot() throws Exception {
        try (RunningDaemon daemon = RunningDaemon.start(temporary, config(1, "after = \"0 s\""))) {
            far.sendUdp(1_000, 100, 0);
            daemon.await("workers", "keep", "delivered", 1_000);
            Path copy = temporary.resolve("copy.pcapng");
            try (RingtapProcess dump =
                    dump(daemon, "incident", "--before", "1h", "--reason", "the phone rang", "-w", copy.toString())) {
                assertEquals(0, dump.exitCode(), dump::toString);
                assertEquals(List.of(folder.whole().getFirst() + ": 1,000 frames"), dump.out());
            }
            assertEquals(upTo(1_000), sequences(folder.whole().getFirst()));
            assertEquals(-1, Files.mismatch(folder.whole().getFirst(), copy));
            String about = VethPair.run("capinfos", "-M", copy.toString());
            assertTrue(about.contains("flight recorder incident: the phone rang, by user root (uid 0), at 20"), about);
            daemon.process().awaitErrorLine("control: dump \"incident\" by user root (uid 0)");

            try (RingtapProcess dump = dump(daemon, "incident", "--before", "0 s", "--json")) {
                assertEquals(0, dump.exitCode(), dump::toString);
                JsonObject answer =
                        JsonParser.parseString(dump.out().getFirst()).getAsJsonObject();
                JsonObject only = answer.getAsJsonArray("dumps").get(0).getAsJsonObject();
                assertEquals("done", only.get("state").getAsString());
                assertEquals(0, only.get("frames").getAsLong(), "nothing came after it was asked for");
            }
            try (RingtapProcess names = RingtapProcess.start(
                    "names", "recorders", "--socket", daemon.socket().toString())) {
                assertEquals(0, names.exitCode(), names::toString);
                assertEquals(List.of("incident"), names.out());
            }
            try (RingtapProcess dump = dump(daemon, "accident")) {
                assertEquals(1, dump.exitCode());
                assertEquals(
                        List.of(
                                "ringtap: the daemon at " + daemon.socket()
                                        + " refused: there is no flight recorder \"accident\": there is incident (capture near)"),
                        dump.err());
            }
            try (RingtapProcess dump = dump(daemon, "incident", "--before", "long")) {
                assertEquals(2, dump.exitCode());
                assertTrue(dump.err().getFirst().contains("--before must be a time"), dump::toString);
            }
            try (RingtapProcess dump = dump(daemon, "incident", "-w", "/no-such-folder/copy")) {
                assertEquals(1, dump.exitCode());
                assertTrue(
                        dump.err().getFirst().endsWith("no such file or folder: the dump stays where it is"),
                        dump::toString);
            }
        }
    }

    @Test
    void shouldRefuseCallsThatMakeNoSense() throws Exception {
        try (RunningDaemon daemon = RunningDaemon.start(temporary, config(1))) {
            assertEquals("recorder must be a string: a flight recorder's name", refusal(daemon, "{}"));
            assertEquals(
                    "there is no flight recorder \"incident\" on a capture \"far\": there is incident (capture near)",
                    refusal(daemon, "{\"recorder\":\"incident\",\"capture\":\"far\"}"));
            for (String seconds : List.of("-1", "86401", "\"1 s\"", "[]")) {
                assertEquals(
                        "before_seconds must be a number from 0 to 86400",
                        refusal(daemon, "{\"recorder\":\"incident\",\"before_seconds\":" + seconds + "}"));
            }
            assertEquals(
                    "reason must be no longer than 1000 characters",
                    refusal(daemon, "{\"recorder\":\"incident\",\"reason\":\"" + "x".repeat(1_001) + "\"}"));
            assertEquals(0, dumps(daemon).size());
        }
    }

    private static String refusal(RunningDaemon daemon, String fields) {
        JsonObject request = JsonParser.parseString(fields).getAsJsonObject();
        ControlException refused =
                assertThrows(ControlException.class, () -> new ControlClient(daemon.socket()).call("dump", request));
        return refused.getMessage().replaceFirst(".* refused: ", "");
    }

    @Test
    void shouldDumpWhenAWatchRaisesItsAlarm() throws Exception {
        String watch = """
                [[worker]]
                name = "dns"
                [[worker.handler]]
                type = "watch"
                filter = "udp port 5001"
                frames = 100
                within = "60 s"
                record = "incident"
                """;
        try (RunningDaemon daemon = RunningDaemon.start(temporary, config(1, "after = \"0 s\"") + watch)) {
            far.sendUdp(99, 100, 0);
            daemon.await("workers", "dns", "delivered", 99);
            assertEquals(0, dumps(daemon).size());
            far.sendUdp(200, 100, 0); // the alarm lasts: it is raised once
            JsonObject dump = awaitDone(daemon, 0);
            assertTrue(
                    dump.get("event")
                            .getAsString()
                            .startsWith("alarm: 100 in 60 s, by worker dns on capture near, at "),
                    dump::toString);
            List<Long> sequences = sequences(Path.of(dump.get("file").getAsString()));
            assertEquals(upTo(100), sequences, "up to the frame that raised the alarm");
            daemon.process().awaitErrorLine("; flight recorder incident dumps");
            assertEquals(1, dumps(daemon).size());
        }
    }

    @Test
    void shouldDumpWhenFramesAreLost() throws Exception {
        String slow = """
                [[worker]]
                name = "slow"
                delivery = "detach"
                queue = "1 MiB"
                [[worker.handler]]
                type = "%s"
                sleep = "1 h"
                [daemon]
                stop-timeout = "1 s"
                """.formatted(SleepingHandler.class.getName());
        try (RunningDaemon daemon =
                RunningDaemon.start(temporary, config(1, "after = \"0 s\"", "on-loss = true") + slow)) {
            far.sendUdp(10_000, 1_000, 0);
            JsonObject dump = awaitDone(daemon, 0);
            assertTrue(dump.get("event").getAsString().matches(".*shed.*, by on-loss, at 20.*"), dump::toString);
            assertTrue(dump.get("frames").getAsLong() > 0, dump::toString);
        }
    }

    @Test
    void shouldEndADumpWithAReloadThatRestartsItAndWithAStop() throws Exception {
        try (RunningDaemon daemon = RunningDaemon.start(temporary, config(1, "after = \"1 h\"", "longest = \"1 h\""))) {
            far.sendUdp(1_000, 100, 0);
            daemon.await("workers", "keep", "delivered", 1_000);
            try (RingtapProcess dump = dump(daemon, "incident")) {
                VethPair.await(() -> !folder.parts().isEmpty());
                far.sendUdp(500, 100, 0);
                daemon.await("workers", "keep", "delivered", 1_500);
                assertEquals(
                        "capture near is restarted",
                        daemon.reload(config(1, "after = \"50 min\"", "longest = \"1 h\"")));
                assertEquals(0, dump.exitCode(), dump::toString);
            }
            assertEquals(upTo(1_500), sequences(folder.whole().getFirst()));
            far.sendUdp(700, 100, 0);
            daemon.await("workers", "keep", "delivered", 2_200);
            try (RingtapProcess dump = dump(daemon, "incident")) {
                VethPair.await(() -> !folder.parts().isEmpty());
                daemon.ledger();
                dump.exitCode();
            }
            assertEquals(2, folder.whole().size());
            assertEquals(
                    LongStream.range(1_500, 2_200).boxed().toList(),
                    sequences(folder.whole().getLast()));
            assertEquals(List.of(), folder.parts());
        }
    }

    @Test
    void shouldWaitForRoomOnADiskThatIsFull() throws Exception {
        Path config = Files.writeString(
                temporary.resolve("full.toml"),
                config(1, "after = \"0 s\"") + "[control]\nsocket = \"" + temporary.resolve("control.sock") + "\"\n");
        String mount = "mount -t tmpfs -o size=8m tmpfs '" + path + "' && dd if=/dev/zero of='" + path
                + "/ballast' bs=1M count=4 status=none && exec \"$@\"";
        List<String> inTmpfs = List.of("unshare", "--mount", "sh", "-c", mount, "sh");
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                        inTmpfs, Installation.here(), "run", "--config", config.toString())
                .awaitReady()) {
            Path there = Path.of("/proc/" + ringtap.pid() + "/root")
                    .resolve(path.toString().substring(1));
            far.sendUdp(6_000, 1_000, 0);
            try (RingtapProcess dump = RingtapProcess.start(
                    "dump",
                    "incident",
                    "--socket",
                    temporary.resolve("control.sock").toString())) {
                ringtap.awaitErrorLine("waits: cannot write to " + path + ": No space left on device");
                Files.delete(there.resolve("ballast"));
                ringtap.awaitErrorLine("goes on: the disk takes frames again");
                assertEquals(0, dump.exitCode(), dump::toString);
            }
            RecordedFolder full = new RecordedFolder(there);
            assertEquals(upTo(6_000), sequences(full.whole().getFirst()));
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
    }
}
