package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("live")
class DemoTest {
    @TempDir
    private Path folder;

    private String interfaces;

    @BeforeEach
    void lookAround() {
        interfaces = VethPair.run("ip", "-o", "link");
    }

    @AfterEach
    void shouldLeaveNothingBehind() throws IOException {
        assertEquals(interfaces, VethPair.run("ip", "-o", "link"));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(f -> f.toString().contains("ringtap-demo")).toList());
        }
    }

    private RingtapProcess demo(List<String> becoming, String... arguments) {
        return demo(becoming, Installation.here(), arguments);
    }

    private RingtapProcess demo(List<String> becoming, Installation installation, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "demo";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return RingtapProcess.startAs(becoming, installation.with("-Djava.io.tmpdir=" + folder), all);
    }

    private static String verdict(RingtapProcess demo) {
        return demo.out().getLast();
    }

    /** The kernel ring holds all of the frames: no machine is too busy for it. */
    @Test
    void shouldPass() {
        // Takes some seconds: two JVM starts, a warm-up, and two seconds of traffic.
        try (RingtapProcess demo =
                demo(List.of(), "--seconds", "2", "--rate", "100kpps", "--set", "capture.buffer=128 MiB")) {
            assertEquals(0, demo.exitCode(), demo.toString());
            assertTrue(verdict(demo).startsWith("verdict: PASS, 0 lost at "), demo.toString());
            assertTrue(
                    demo.out().stream().anyMatch(l -> l.startsWith("arrived: 200,000 of 200,000 frames")),
                    demo.toString());
            assertTrue(demo.out().contains("injected: 2 of 2 frames came back"), demo.toString());
            assertTrue(demo.out().contains("ledger: lost 0; unaccounted 0"), demo.toString());
            assertTrue(demo.err().stream().noneMatch(l -> l.contains("are lost when")), demo.toString());
        }
    }

    /** The kernel ring holds all of the frames here, too. */
    @Test
    void shouldLoseNothingBesideDetachedWorkersThatDoNotKeepUp() {
        // Takes some seconds: three JVM starts, two seconds of traffic, and the five for workers that do not end.
        try (RingtapProcess demo = demo(
                List.of(), "--detached", "--rate", "100kpps", "--seconds", "2", "--set", "capture.buffer=128 MiB")) {
            assertEquals(0, demo.exitCode(), demo.toString());
            assertTrue(verdict(demo).startsWith("verdict: PASS, 0 lost at "), demo.toString());
            String arrived = "arrived: 200,000 of 200,000 frames";
            assertTrue(demo.out().stream().anyMatch(l -> l.startsWith(arrived)), demo.toString());
            // what a queue of 16 MiB holds, but for the one that the end has interrupted
            assertTrue(
                    demo.out()
                            .contains("detached worker blocked: 0 delivered, 1 failed, 134,464 shed (67.2 %),"
                                    + " 65,535 left in its queue, of 200,000"),
                    demo.toString());
            for (String worker : List.of("throwing", "slow")) {
                String line = demo.out().stream()
                        .filter(l -> l.startsWith("detached worker " + worker))
                        .findFirst()
                        .orElseThrow();
                assertTrue(line.endsWith(" of 200,000"), line);
            }
            assertTrue(demo.out().get(demo.out().size() - 2).endsWith("unaccounted 0"), demo.toString());
        }
    }

    @Test
    void shouldKeepBothDirectionsOfEveryFlowInOrderOnOneOfFourThreads() {
        // Takes some seconds: two JVM starts, a warm-up, and two seconds of traffic.
        try (RingtapProcess demo = demo(
                List.of(),
                "--threads",
                "4",
                "--rate",
                "100kpps",
                "--seconds",
                "2",
                "--set",
                "capture.buffer=128 MiB")) {
            assertEquals(0, demo.exitCode(), demo.toString());
            assertTrue(
                    demo.out().stream()
                            .anyMatch(l -> l.matches("arrived: 200,000 of 200,000 frames sent at [0-9,]+/s, 0 lost,"
                                    + " 0 reordered within a flow, 0 damaged")),
                    demo.toString());
            assertTrue(
                    demo.out().contains("flows: 64 conversations, both directions, 0 split between threads (of 4)"),
                    demo.toString());
        }
    }

    @Test
    void shouldPassForAUserWhoIsNotRoot() throws Exception {
        // Takes some seconds: copies the program and all its jars, and starts two JVMs.
        Path all = Files.createDirectory(folder.resolve("installed"));
        Installation installed = Installation.copiedTo(all);
        VethPair.run("chmod", "777", folder.toString());
        try (RingtapProcess demo = demo(Privileges.ordinaryUser(), installed, "--seconds", "1", "--rate", "20kpps")) {
            if (Privileges.ordinaryUserMayMakeANetwork()) {
                assertEquals(0, demo.exitCode(), demo.toString());
                assertTrue(verdict(demo).startsWith("verdict: PASS, 0 lost at "), demo.toString());
            } else {
                assertNeedsANetwork(demo);
            }
        }
    }

    @Test
    void shouldSayHowManyWereLostWhereAndWhyWhenBrokenOnPurpose() {
        // Takes some seconds: two JVM starts, two seconds of traffic, and 4,096 frames of a millisecond each.
        try (RingtapProcess demo = demo(
                List.of(),
                "--set",
                "capture.buffer=64 KiB",
                "--worker-sleep",
                "1ms",
                "--seconds",
                "2",
                "--rate",
                "100kpps")) {
            assertEquals(1, demo.exitCode(), demo.toString());
            assertTrue(verdict(demo).matches("verdict: FAIL, [1-9][0-9,]+ lost at .*"), demo.toString());
            String ledger = demo.out().get(demo.out().size() - 2);
            assertTrue(
                    ledger.contains("in the kernel ring of rtdemo0, which was full, because worker check held the"
                            + " capture up for"),
                    ledger);
            assertTrue(ledger.endsWith("unaccounted 0"), ledger);
        }
    }

    @Test
    void shouldEndWithAVerdictOnCtrlC() {
        // Takes some seconds: two JVM starts and a warm-up before the first second of traffic.
        try (RingtapProcess demo = demo(List.of("setsid"), "--rate", "20kpps")) {
            demo.awaitOutputLine("  1 s  sent");
            List<ProcessHandle> children = demo.children();
            assertEquals(1, children.size());
            demo.signalGroup("INT");
            assertEquals(0, demo.exitCode(), demo.toString());
            assertTrue(verdict(demo).startsWith("verdict: PASS, 0 lost at "), demo.toString());
            assertFalse(children.getFirst().isAlive());
        }
    }

    @Test
    void shouldEndWithAVerdictWhenTerminatedWithALotStillToHandle() {
        // Takes some seconds: a second of traffic, and the five that a stop may take.
        try (RingtapProcess demo = demo(List.of(), "--worker-sleep", "1ms", "--rate", "20kpps")) {
            demo.awaitOutputLine("  1 s  sent");
            List<ProcessHandle> children = demo.children();
            demo.signal("TERM");
            assertEquals(1, demo.exitCode(), demo.toString());
            assertTrue(verdict(demo).startsWith("verdict: FAIL, "), demo.toString());
            assertFalse(children.getFirst().isAlive());
        }
    }

    @Test
    void shouldEndTheChildWhenTheParentIsKilled() {
        // Takes some seconds: two JVM starts and a warm-up before the first second of traffic.
        try (RingtapProcess demo = demo(List.of(), "--rate", "20kpps")) {
            demo.awaitOutputLine("  1 s  sent");
            ProcessHandle child = demo.children().getFirst();
            try {
                demo.signal("KILL");
                VethPair.await(() -> !child.isAlive());
            } finally {
                child.destroyForcibly();
            }
        }
    }

    @Test
    void shouldSayWhatItNeedsWhereItMayNotMakeANetwork() throws Exception {
        Installation installed = Installation.copiedTo(Files.createDirectory(folder.resolve("installed")));
        VethPair.run("chmod", "777", folder.toString());
        try (RingtapProcess demo = demo(Privileges.noneAndNoNamespaces(), installed, "--seconds", "1")) {
            assertNeedsANetwork(demo);
        }
    }

    private static void assertNeedsANetwork(RingtapProcess demo) {
        assertEquals(3, demo.exitCode(), demo.toString());
        assertEquals(1, demo.err().size(), demo.toString());
        assertTrue(
                demo.err().getFirst().startsWith("ringtap: demo: cannot make a network namespace: "), demo.toString());
        assertTrue(demo.err().getFirst().contains("run it as root"), demo.toString());
    }
}
