package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.handler.BuiltInHandlers;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

/** The file that is installed as /etc/ringtap/ringtap.toml: it works as it is, and says the truth about defaults. */
class InstalledFileTest {
    private static final Path FILE = Path.of("../systemd/ringtap.toml");

    @Test
    void shouldBeReadWithoutAProblem() throws Exception {
        DaemonConfig config = ConfigText.reader().read(ConfigSource.file(FILE));
        assertDefaults(config);
        assertEquals(List.of(), config.injects());
    }

    @Test
    void shouldGiveEveryKeyItsTrueDefault() throws Exception {
        String text = Files.readString(FILE);
        DaemonConfig config = ConfigText.read(text.replaceAll("(?m)^#(?=[a-z\\[])", ""));
        assertDefaults(config);
    }

    @Test
    void shouldShowAStreamThatWorks() throws Exception {
        DaemonConfig config = ConfigText.read(withStream());
        InjectConfig beacon = config.injects().getFirst();
        assertEquals("beacon", beacon.name());
        assertEquals(new Schedule.Every(Duration.ofSeconds(1)), beacon.schedule());
        assertEquals(
                24,
                ConfigText.template(beacon)
                        .compile(MacAddress.ETHER_BROADCAST_ADDRESS)
                        .longestBytes());
        DaemonConfig withDefaults = ConfigText.read("""
                [[inject]]
                name = "beacon"
                interface = "ens192"
                every = "1 s"
                [inject.frame]
                destination = "aa:bb:cc:dd:ee:ff"
                payload = "01 02 03 04 05 06 07 08 09 0a"
                length = 24
                """);
        assertEquals(withDefaults.injects().getFirst(), beacon);
    }

    @Test
    void shouldShowARecorderThatWorksAndItsTrueDefaults(@TempDir Path folder) throws Exception {
        String text = Files.readString(FILE);
        int from = text.indexOf("# [[worker]]\n# name = \"recorder\"");
        int to = text.indexOf("\n\n", from);
        String recorder = text.substring(from, to).replaceAll("(?m)^# ", "");
        Path file = folder.resolve("recorder.toml");
        Files.writeString(file, "[[capture]]\ninterface = \"ens192\"\n" + recorder);
        DaemonConfig config =
                new ConfigReader((_, _) -> Optional.empty(), BuiltInHandlers.BY_TYPE).read(ConfigSource.file(file));
        assertEquals("record", config.workers().getFirst().handlers().getFirst().type());
        for (String value : List.of("folder = \"/var/lib/ringtap\"", "file-size = \"1 GiB\"", "buffer = \"16 MiB\"")) {
            assertTrue(recorder.contains("\n" + value + " "), value);
        }
    }

    private static void assertDefaults(DaemonConfig config) {
        assertEquals(List.of(CaptureConfig.live(new CaptureOrigin.Live("ens192", Missing.WAIT))), config.captures());
        assertEquals(1, config.workers().size());
        assertEquals("default", config.workers().getFirst().name());
        assertEquals(1, config.workers().getFirst().threads());
        assertEquals("count", config.workers().getFirst().handlers().getFirst().type());
        assertEquals(DaemonConfig.DEFAULT_CONTROL_SOCKET, config.controlSocket());
        assertEquals(Optional.empty(), config.metricsListen());
        assertEquals(DaemonConfig.DEFAULT_STOP_TIMEOUT, config.stopTimeout());
    }

    // The stream is one block of comment, from its header to what is told of further tables.
    private static String withStream() throws IOException {
        String text = Files.readString(FILE);
        int from = text.indexOf("# [[inject]]\n");
        int to = text.indexOf("#\n# Tables in it");
        return text.substring(0, from) + text.substring(from, to).replaceAll("(?m)^# ", "") + text.substring(to);
    }
}
