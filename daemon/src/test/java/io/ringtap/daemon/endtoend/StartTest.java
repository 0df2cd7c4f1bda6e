package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("live")
class StartTest extends VethFixture {
    @TempDir
    private Path folder;

    private String socketSetting() {
        return "control.socket=" + folder.resolve("control.sock");
    }

    /** Runs it to its end, which must come with that exit code, lines on standard error and nothing on standard output. */
    private static List<String> errorsOf(int exitCode, String... arguments) {
        try (RingtapProcess ringtap = RingtapProcess.start(arguments)) {
            assertEquals(exitCode, ringtap.exitCode(), ringtap.toString());
            assertEquals(List.of(), ringtap.out());
            return ringtap.err();
        }
    }

    @Test
    void shouldEndWithALineAboutBadUsage() {
        assertEquals(
                List.of("ringtap: Unknown option: '--nosuch'; see ringtap run --help"), errorsOf(2, "run", "--nosuch"));
    }

    @Test
    void shouldListTheInterfacesWhenTheOneAskedForIsNotThere() {
        List<String> errors = errorsOf(1, "run", "-i", "nosuch0", "--set", socketSetting());
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().startsWith("ringtap: capture nosuch0: cannot open nosuch0: "), errors.toString());
        assertTrue(errors.getFirst().endsWith("lo, rt0, rt1; to wait for it: missing = \"wait\""), errors.toString());
    }

    @Test
    void shouldFailWhereItsOutputGoesNowhereButNotWhereNobodyReadsIt() {
        List<String> full = List.of("sh", "-c", "exec \"$@\" >/dev/full", "sh");
        try (RingtapProcess ringtap = RingtapProcess.startAs(full, Installation.here(), "devices", "--json")) {
            assertEquals(1, ringtap.exitCode(), ringtap.toString());
            assertEquals(List.of("ringtap: standard output did not take all: No space left on device"), ringtap.err());
        }
        List<String> unread = List.of("bash", "-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "bash");
        try (RingtapProcess ringtap = RingtapProcess.startAs(unread, Installation.here(), "devices", "--json")) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(List.of(), ringtap.err());
        }
    }

    @Test
    void shouldSayThatThereIsNoDaemonToAsk() {
        List<String> errors =
                errorsOf(4, "stats", "--socket", folder.resolve("none.sock").toString());
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().startsWith("ringtap: no daemon at " + folder), errors.toString());
    }

    @Test
    void shouldSayInALineThatLibpcapIsMissing() {
        Installation without = Installation.here().with("-Dorg.pcap4j.core.pcapLibName=nosuch");
        try (RingtapProcess ringtap =
                RingtapProcess.startAs(List.of(), without, "run", "-i", "rt0", "--set", socketSetting())) {
            assertEquals(1, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of(
                            "ringtap: Unable to load library 'nosuch': libpcap is needed: apt install libpcap0.8, or dnf"
                                    + " install libpcap"),
                    ringtap.err());
        }
    }

    @Test
    void shouldNameTheMissingCapabilityAndItsCure() throws Exception {
        try (RingtapProcess ringtap =
                RingtapProcess.startAs(Privileges.none(), Installation.copiedTo(folder), "run", "-i", "rt0")) {
            assertEquals(3, ringtap.exitCode(), ringtap.toString());
            List<String> errors =
                    ringtap.err().stream().filter(l -> !l.contains("WARN")).toList();
            assertEquals(1, errors.size(), ringtap.toString());
            assertTrue(errors.getFirst().startsWith("ringtap: capture rt0: cannot open rt0: "), ringtap.toString());
            assertTrue(errors.getFirst().contains("CAP_NET_RAW is missing: run as root"), ringtap.toString());
        }
    }

    @Test
    void shouldSayWhatRealTimePriorityNeeds() throws Exception {
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                Privileges.onlyNetRaw(),
                Installation.copiedTo(folder),
                "run",
                "-i",
                "rt0",
                "--set",
                "capture.priority=realtime")) {
            assertEquals(3, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of(
                            "ringtap: capture rt0: priority = \"realtime\" is not permitted: it needs CAP_SYS_NICE or a limit"
                                    + " of real-time priority (ulimit -r) of 10; under systemd, allow it by LimitRTPRIO=10,"
                                    + " RestrictRealtime=no and SystemCallFilter=sched_setattr in a drop-in of the unit"),
                    ringtap.err().stream().filter(l -> !l.contains("WARN")).toList());
        }
    }

    @Test
    void shouldSayInALineThatNoDescriptorIsLeft() throws Exception {
        long few;
        try (RingtapProcess ringtap = RingtapProcess.start("run", "-i", "rt0", "--set", socketSetting())
                .awaitReady()) {
            few = ringtap.highestDescriptor() + 1 + 4; // what one ring takes, and some of the 19 more that are wanted
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
        List<String> limited = List.of("prlimit", "--nofile=" + few);
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                limited,
                Installation.here(),
                "run",
                "-i",
                "rt0",
                "--set",
                socketSetting(),
                "--set",
                "capture.threads=20",
                "--set",
                "capture.buffer=2 MiB")) {
            assertEquals(1, ringtap.exitCode(), ringtap.toString());
            assertEquals(1, ringtap.err().size(), ringtap.toString());
            String error = ringtap.err().getFirst();
            assertTrue(error.startsWith("ringtap: capture rt0: cannot open rt0: "), error);
            assertTrue(error.contains("Too many open files"), error);
            assertTrue(error.endsWith("; raise the limit, under systemd LimitNOFILE="), error);
        }
    }

    @Test
    void shouldNeedNoMoreThanCapNetRaw() throws Exception {
        try (RingtapProcess ringtap =
                RingtapProcess.startAs(Privileges.onlyNetRaw(), Installation.copiedTo(folder), "run", "-i", "rt0")) {
            ringtap.awaitReady();
            assertEquals("0000000000002000", effectiveCapabilities(ringtap));
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals("ledger lost=0 unaccounted=0", ringtap.out().getLast());
        }
    }

    private static String effectiveCapabilities(RingtapProcess ringtap) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + ringtap.pid() + "/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).trim())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldNameTheProcessThatHasTheSocketAndReplaceOneLeftBehind() {
        // Takes some seconds: three JVM starts, one after the other.
        String[] run = {"run", "-i", "rt0", "--set", socketSetting()};
        try (RingtapProcess first = RingtapProcess.start(run)) {
            first.awaitReady();
            List<String> errors = errorsOf(1, run);
            assertEquals(1, errors.size(), errors.toString());
            assertTrue(errors.getFirst().startsWith("ringtap: control socket " + folder), errors.toString());
            assertTrue(errors.getFirst().contains("process " + first.pid()), errors.toString());
            assertTrue(first.isAlive());
            first.signal("KILL");
            assertEquals(128 + 9, first.exitCode());
        }
        assertTrue(Files.exists(folder.resolve("control.sock")));
        try (RingtapProcess next = RingtapProcess.start(run)) {
            next.awaitReady();
            next.signal("TERM");
            assertEquals(0, next.exitCode());
        }
        assertTrue(Files.notExists(folder.resolve("control.sock")));
    }
}
