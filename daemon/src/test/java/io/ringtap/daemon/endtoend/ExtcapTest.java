package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ringtap-extcap} as the distribution's tshark starts it: each frame comes until nobody wants any more. */
@Tag("live")
class ExtcapTest extends SenderFixture {
    private static final Path SCRIPT =
            Path.of("..", "systemd", "ringtap-extcap").toAbsolutePath().normalize();
    private static final String CONFIG = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            """;

    @TempDir
    private Path folder;

    private Path bin;
    private RunningDaemon daemon;
    private final AtomicBoolean over = new AtomicBoolean();
    private Thread sending;

    @BeforeEach
    void start() throws IOException {
        daemon = RunningDaemon.start(folder, CONFIG);
        for (String personal : List.of(".config/wireshark/extcap", ".local/lib/wireshark/extcap")) { // by version
            Path extcap = Files.createDirectories(folder.resolve(personal));
            Files.copy(SCRIPT, extcap.resolve("ringtap-extcap"), StandardCopyOption.COPY_ATTRIBUTES);
        }
        bin = Files.createDirectory(folder.resolve("bin"));
        String java = Installation.here().java().stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        script("ringtap", "exec " + java + " \"$@\"");
        // what ssh does with its words: options, the host, and a line for a shell
        script(
                "ssh",
                "while [ \"$1\" != -- ]; do shift; done; echo \"$2\" >" + folder.resolve("host")
                        + "; exec sh -c \"$3\"");
        sending = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                far.sendUdp(20, 200, 1_000);
            }
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        over.set(true);
        sending.join();
        daemon.close();
    }

    private void script(String name, String line) throws IOException {
        Path script = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> run(int exitCode, String... words) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("RINGTAP_SOCKETS", daemon.socket().getParent().toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(out);
        assertTrue(ended, said);
        assertEquals(exitCode, process.exitValue(), said);
        return said.lines().toList();
    }

    /** The lines with frames that tshark prints. */
    private List<String> tshark(String... words) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("tshark", "-c", "5", "-T", "fields", "-e", "udp.dstport", "-e", "frame.cap_len"));
        all.addAll(List.of(words));
        List<String> frames = run(0, all.toArray(String[]::new)).stream()
                .filter(line -> line.matches("[0-9]*\t[0-9]+"))
                .toList();
        assertEquals(5, frames.size(), frames::toString);
        return frames.stream().distinct().toList();
    }

    private void assertNobodyLooks() {
        VethPair.await(() -> {
            try {
                return daemon.call("stats").getAsJsonArray("taps").isEmpty();
            } catch (ControlException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void shouldBeListed() throws Exception {
        String listed = run(0, "tshark", "-D").toString();
        assertTrue(listed.contains("ringtap-uplink@control (ringtap: uplink of control)"), listed);
        assertTrue(listed.contains("ringtap+ssh (ringtap by ssh)"), listed);
        String types = run(0, "tshark", "-L", "-i", "ringtap-uplink@control").toString();
        assertTrue(types.contains("EN10MB"), types);
    }

    @Test
    void shouldCaptureHereWithAFilterAndASnaplen() throws Exception {
        assertEquals(List.of("5001\t200"), tshark("-i", "ringtap-uplink@control"));
        assertEquals(
                List.of("5001\t60"),
                tshark("-i", "ringtap-uplink@control", "-f", "udp", "-o", "extcap.ringtap_uplink_control.snaplen:60"));
        assertNobodyLooks();
    }

    @Test
    void shouldCaptureOnAnotherHost() throws Exception {
        String socket = daemon.socket().toString();
        assertEquals(
                List.of("5001\t100"),
                tshark(
                        "-i",
                        "ringtap+ssh",
                        "-f",
                        "udp",
                        "-o",
                        "extcap.ringtap_ssh.remotehost:vm",
                        "-o",
                        "extcap.ringtap_ssh.remoteusername:joe",
                        "-o",
                        "extcap.ringtap_ssh.remotesocket:" + socket,
                        "-o",
                        "extcap.ringtap_ssh.snaplen:100"));
        assertEquals("joe@vm\n", Files.readString(folder.resolve("host")));
        assertNobodyLooks();
    }

    @Test
    void shouldHandWordsOnAsTheyAre() throws Exception {
        String[] words = {SCRIPT.toString(), "--capture", "--extcap-interface=ringtap+ssh", "--fifo", "/dev/null"};
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--remote-host=vm", "--remote-capture", "it's $(id)", "--remote-socket"));
        all.add(daemon.socket().toString());
        String said = run(1, all.toArray(String[]::new)).toString();
        assertTrue(said.contains("there is no capture \"it's $(id)\": there is uplink"), said);
    }

    @Test
    void shouldSayWhatItCannot() throws Exception {
        assertEquals(
                List.of("ringtap-extcap: --remote-host is missing: the host to capture on"),
                run(1, SCRIPT.toString(), "--capture", "--extcap-interface", "ringtap+ssh", "--fifo", "/dev/null"));
        assertEquals(
                List.of("ringtap-extcap: --nonsense: there is no such option"),
                run(1, SCRIPT.toString(), "--nonsense", "1"));
    }
}
