package io.ringtap.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.daemon.config.ConfigReader;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.control.ReloadReport;
import io.ringtap.handler.BuiltInHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one file changes in another. */
class ConfigChangeTest {
    private static final String FILE = """
            [[capture]]
            name = "uplink"
            interface = "ens192"
            filter = "udp"
            [[capture]]
            interface = "ens224"
            [[worker]]
            name = "analysis"
            captures = ["uplink"]
            [[worker.handler]]
            type = "watch"
            absent = "5 s"
            stream = "beacon"
            [[worker.handler]]
            type = "io.ringtap.daemon.endtoend.ThrowingHandler"
            [[worker]]
            name = "recorder"
            delivery = "detach"
            [[worker.handler]]
            type = "record"
            folder = "/var/lib/ringtap"
            [[inject]]
            name = "beacon"
            interface = "ens192"
            every = "1 s"
            [inject.frame]
            destination = "ff:ff:ff:ff:ff:ff"
            ethertype = 0x88b6
            payload-file = "payload"
            [[inject]]
            name = "mark"
            interface = "ens192"
            every-frames = 1000
            capture = "uplink"
            [inject.frame]
            destination = "ff:ff:ff:ff:ff:ff"
            ethertype = 0x88b5
            [control]
            socket = "/run/ringtap/a.sock"
            admin-group = "adm"
            """;
    private static final String NOTHING = "nothing has changed";

    @TempDir
    private Path folder;

    private DaemonConfig read(String toml, String... settings) throws Exception {
        Path payload = folder.resolve("payload");
        if (!Files.exists(payload)) {
            Files.write(payload, new byte[] {1});
        }
        Path file = Files.writeString(folder.resolve("c.toml"), toml.replace("\"payload\"", "\"" + payload + "\""));
        try {
            return new ConfigReader((_, _) -> Optional.empty(), BuiltInHandlers.BY_TYPE)
                    .read(ConfigSource.file(file, settings));
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private String change(String before, String after) throws Exception {
        return new ConfigChange(read(before), read(after)).report().text();
    }

    @Test
    void shouldFindNothingChangedInTheSameFileReadAgain() throws Exception {
        assertEquals(NOTHING, change(FILE, FILE));
        assertEquals(List.of(), new ConfigChange(read(FILE), read(FILE)).problems());
    }

    @Test
    void shouldNotMindCommentsNorTheOrderOfKeysAndTables() throws Exception {
        String moved = "# a comment\n\n" + FILE.replace("""
                interface = "ens192"
                filter = "udp"
                """, """
                # the same
                filter = 'udp'
                interface = "ens192"
                buffer = "64 MiB"
                """);
        assertEquals(NOTHING, change(FILE, moved));
        int first = FILE.indexOf("[[worker]]");
        int second = FILE.indexOf("[[worker]]", first + 1);
        int end = FILE.indexOf("[[inject]]");
        String turned = FILE.substring(0, first)
                + FILE.substring(second, end)
                + FILE.substring(first, second)
                + FILE.substring(end);
        assertEquals(NOTHING, change(FILE, turned));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "filter = \"udp\"    | filter = \"tcp\"      | capture uplink has another filter",
                "filter = \"udp\"    | snaplen = 100         | capture uplink is restarted",
                "interface = \"ens192\" | interface = \"ens256\" | capture uplink is restarted; stream beacon is restarted; stream mark is restarted",
                "absent = \"5 s\"    | absent = \"6 s\"      | capture uplink is restarted",
                "absent = \"5 s\"    | absent = \"5000 ms\"  | capture uplink is restarted",
                "ThrowingHandler     | SleepingHandler       | capture uplink is restarted",
                "delivery = \"detach\" | threads = 2         | capture uplink is restarted; capture ens224 is restarted",
                "delivery = \"detach\" | captures = [\"ens224\"] | capture uplink is restarted; capture ens224 is restarted",
                "captures = [\"uplink\"] | captures = [\"uplink\", \"ens224\"] | capture ens224 is restarted",
                "name = \"analysis\" | name = \"analyses\"   | capture uplink is restarted",
                "every = \"1 s\"     | every = \"2 s\"       | stream beacon is restarted",
                "0x88b5              | 0x88b7                | stream mark is restarted",
                "0x88b5              | 34997                 | " + NOTHING,
                "filter = \"udp\"    | direction = \"both\"  | capture uplink is restarted; stream mark is restarted",
                "admin-group = \"adm\" | admin-group = \"\"  | control.admin-group is changed",
                "[control]           | [metrics]\\nlisten = \"127.0.0.1:9464\"\\n[daemon]\\nstop-timeout = \"6 s\"\\n[control] | metrics.listen is changed; daemon.stop-timeout is changed",
            })
    void shouldRestartWhatAChangeConcernsAndNothingElse(String part, String other, String expected) throws Exception {
        assertEquals(expected, change(FILE, FILE.replace(part, other.replace("\\n", "\n"))));
    }

    @Test
    void shouldStartWhatIsNewAndEndWhatIsGone() throws Exception {
        String other =
                FILE.replace("interface = \"ens224\"", "interface = \"ens160\"").replace("\"mark\"", "\"sign\"");
        assertEquals(
                "capture ens160 is started; capture ens224 has ended; stream sign is started; stream mark has ended",
                change(FILE, other));
        ReloadReport report = new ConfigChange(read(FILE), read(other)).report();
        assertEquals(
                "[Part[name=uplink, change=UNCHANGED], Part[name=ens160, change=STARTED], Part[name=ens224, change=ENDED]]",
                report.captures().toString());
    }

    @Test
    void shouldRestartAStreamWhoseFileHoldsSomethingElse() throws Exception {
        DaemonConfig before = read(FILE);
        Files.write(folder.resolve("payload"), new byte[] {2});
        assertEquals(
                "stream beacon is restarted",
                new ConfigChange(before, read(FILE)).report().text());
    }

    @Test
    void shouldApplyTheOptionsOfTheCommandLineToBoth() throws Exception {
        DaemonConfig before = read(FILE, "capture.filter=arp");
        DaemonConfig after = read(FILE.replace("filter = \"udp\"", "filter = \"tcp\""), "capture.filter=arp");
        assertEquals(NOTHING, new ConfigChange(before, after).report().text());
    }

    @Test
    void shouldReadACaptureFileAgainForAnotherFilter() throws Exception {
        String file = "[[capture]]\nfile = \"trace.pcap\"\nfilter = \"udp\"\n";
        assertEquals("capture trace.pcap is restarted", change(file, file.replace("udp", "tcp")));
    }

    @Test
    void shouldSayThatAnInterfaceSendsAnotherRateAtMost() throws Exception {
        String limit = "\n[[interface]]\nname = \"ens192\"\nmax-rate = \"10 kpps\"\n";
        assertEquals(NOTHING, change(FILE + limit, FILE + limit));
        assertEquals("interface.max-rate is changed", change(FILE + limit, FILE + limit.replace("10", "20")));
        assertEquals("interface.max-rate is changed", change(FILE + limit, FILE));
    }

    @Test
    void shouldSayThatTheControlSocketTakesARestart() throws Exception {
        assertEquals(
                List.of(
                        "control.socket: the socket is /run/ringtap/a.sock as long as the daemon runs: restart it to have it"
                                + " at /run/ringtap/b.sock"),
                new ConfigChange(read(FILE), read(FILE.replace("a.sock", "b.sock"))).problems());
    }
}
