package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.FarSender;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names are UTF-8 whatever the user's locale: what the launchers set up before they become java. */
@Tag("slow")
class LocaleTest {
    private static final String LAUNCHER = """
            root=$PWD/..
            source launcher/start.sh
            exec "$@"
            """;

    @TempDir
    private Path folder;

    private Path trace;

    @BeforeEach
    void write() throws Exception {
        trace = folder.resolve("f\u00fcr.pcap");
        Files.write(
                trace,
                new PcapWriter(ByteOrder.BIG_ENDIAN, false)
                        .frame(0, FarSender.udp(100))
                        .bytes());
    }

    private static RingtapProcess start(String locale, String... arguments) {
        List<String> becoming = new ArrayList<>(List.of("env", "-u", "LANG", "-u", "LC_CTYPE", "LC_ALL=" + locale));
        becoming.addAll(List.of("bash", "-c", LAUNCHER, "bash"));
        return RingtapProcess.startAs(becoming, Installation.here(), arguments);
    }

    /** The last one is not there. */
    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "C.UTF-8", "xx_YY.UTF-8"})
    void shouldReadAndWriteNames(String locale) throws Exception {
        Path written = folder.resolve("gr\u00f6\u00dfe.pcapng");
        String[] replay = {"inject", "--replay", trace.toString(), "--dry-run", written.toString()};
        try (RingtapProcess ringtap = start(locale, replay)) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
        assertTrue(Files.size(written) > 100);
        Path config = Files.writeString(folder.resolve("\u00e4.toml"), """
                [[capture]]
                name = "gr\u00f6\u00dfe"
                file = "FILE"
                [control]
                socket = "FOLDER/\u00fc.sock"
                """.replace("FILE", trace.toString())
                .replace("FOLDER", folder.toString()));
        try (RingtapProcess ringtap = start(locale, "run", "--config", config.toString())) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    "capture=gr\u00f6\u00dfe interface=" + trace + " received=1 kernel_dropped=0 published=1",
                    ringtap.ledger().getFirst());
        }
        Files.writeString(config, "[[capture]]\ninterface = \"rt0\"\nname = \"\u00fc \"\n");
        try (RingtapProcess ringtap = start(locale, "check-config", config.toString())) {
            assertEquals(2, ringtap.exitCode(), ringtap.toString());
            assertTrue(
                    (ringtap.out() + "" + ringtap.err()).contains("\u00e4.toml:3:1: capture.name: "),
                    ringtap.toString());
        }
    }
}
