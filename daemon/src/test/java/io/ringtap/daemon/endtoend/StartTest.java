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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void shouldReportEveryProblemOfAConfigurationAtItsPlace() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.toml"), """
                [[capture]]
                interface = "rt0"
                bufer = "64 MiB"
                mode = "fast"
                [[worker]]
                name = "w"
                threads = 0
                [[worker.handler]]
                type = "count"
                """);
        for (String[] arguments : List.of(
                new String[] {"run", "--config", file.toString()}, new String[] {"check-config", file.toString()})) {
            List<String> errors = errorsOf(2, arguments);
            assertEquals(3, errors.size(), errors.toString());
            assertTrue(errors.get(0).startsWith(file + ":3:1: capture.bufer: "), errors.toString());
            assertTrue(errors.get(0).contains("did you mean"), errors.toString());
            assertTrue(errors.get(1).startsWith(file + ":4:1: capture.mode: "), errors.toString());
            assertTrue(errors.get(2).startsWith(file + ":7:1: worker.threads: "), errors.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "run --nosuch, Unknown option: '--nosuch'; see ringtap run --help",
        "run -i, Missing required parameter for option '--interface' (INTERFACE); see ringtap run --help",
        "nosuch, 'there is no command \"nosuch\"; see ringtap --help'",
        "stat, 'there is no command \"stat\" (did you mean stats?); see ringtap --help'",
        "stream lst, 'there is no command \"lst\" (did you mean list?); see ringtap stream --help'",
        "stats --socket=, '--socket must not be empty; see ringtap stats --help'",
        "stats 3, 'there is one argument too many: \"3\"; see ringtap stats --help'",
        "inject --hex 00 --engine mmsq, 'Invalid value for option ''--engine'': must be \"sendpacket\" or \"mmsg\" or \"xdp\", not \"mmsq\" (did you mean mmsg?); see ringtap inject --help'",
        "demo --seconds 0, '--seconds: must be more than 0: there would be nothing to judge by; see ringtap demo --help'",
        "run, 'there is no /etc/ringtap/ringtap.toml: name a configuration with --config, or an interface with -i; see ringtap run --help'",
        "stats --interval x, Invalid value for option '--interval': 'x' is not a number; see ringtap stats --help",
        "demo --rate fast, '--rate: must be a rate such as \"350 kpps\", not \"fast\"; see ringtap demo --help'",
        "demo --set worker.threads=3, '--set worker.threads=3: a demonstration has keys of capture to set, such as capture.buffer; see ringtap demo --help'"
    })
    void shouldReportBadUsageInALine(String arguments, String error) {
        assertEquals(List.of("ringtap: " + error), errorsOf(2, arguments.split(" ", -1)));
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
    void shouldSayInALineThatNoDescriptorIsLeft() {
        long few;
        try (RingtapProcess ringtap = RingtapProcess.start("run", "-i", "rt0", "--set", socketSetting())
                .awaitReady()) {
            few = ringtap.nextDescriptor() + 4; // of the 19 rings more that are wanted, for two
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
