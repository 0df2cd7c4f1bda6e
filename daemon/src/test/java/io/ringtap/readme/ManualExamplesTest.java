package io.ringtap.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of the manual's pages on a veth pair, with a daemon that has what they name. Those of demo are other tests', as
 * is the one with handlers of one's own.
 */
@Tag("live")
class ManualExamplesTest {
    private static final String CONFIGURATION = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            [[worker]]
            name = "analysis"
            [[worker.handler]]
            type = "flows"
            memory = "16 MiB"
            [[worker.handler]]
            type = "flight-recorder"
            name = "incident"
            after = "0 s"
            memory = "16 MiB"
            folder = "FOLDER"
            [[inject]]
            name = "beacon"
            interface = "rt0"
            rate = "1 kpps"
            [inject.frame]
            destination = "02:00:5e:00:53:02"
            payload = "01 02 03 04"
            """;

    @TempDir
    private Path folder;

    private ReadmeFolder checkout;
    private final List<Process> begun = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        checkout = ReadmeFolder.in(folder);
        checkout.write("ringtap.toml", CONFIGURATION.replace("FOLDER", folder.toString()));
        checkout.write("frame.toml", "destination = \"02:00:5e:00:53:02\"\npayload = \"01 02\"\n");
        byte[] frame = new FrameBytes(0x02_00_5e_00_53_02L, 0x02_00_5e_00_53_01L)
                .type(0x88b5)
                .padTo(60)
                .bytes();
        PcapWriter trace = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        trace.frame(1_700_000_000_000_000_000L, frame);
        Files.write(folder.resolve("trace.pcapng"), trace.bytes());
    }

    private static List<String> examples(String command) {
        Set<String> commands =
                RingtapCommand.commandLine(new StopSignal()).getSubcommands().keySet();
        return Readme.text("daemon/src/main/man/commands.md")
                .lines()
                .filter(line -> line.startsWith("    ringtap "))
                .flatMap(line -> Stream.of(line.strip().split(" && ")))
                .filter(line -> !line.startsWith("ringtap demo") && commands.contains(command(line)))
                .filter(line -> command(line).matches(command))
                .toList();
    }

    private static String command(String line) {
        return line.replaceFirst("ringtap ([\\w-]+).*", "$1");
    }

    /** As it stands, but on this interface, with this daemon, and shorter. */
    private String here(String example) {
        Path socket = folder.resolve("control.sock");
        return example.replace("ens192", VethPair.NEAR)
                .replace("/etc/ringtap/ringtap.toml", "ringtap.toml")
                .replace("/run/ringtap/ens224.sock", socket.toString())
                .replace("10 s", "1 s")
                .replace("--seconds 10", "--seconds 1")
                .replace("--duration 10", "--duration 1")
                .replace("-o ringtap.toml", "-o new.toml") // the other is there already
                .replace("/var/lib/ringtap", folder.toString())
                .replaceFirst(" \\| jq .*", "")
                .replaceFirst(" \\| wireshark .*", " >found")
                .replaceFirst("^ringtap (stats|top|flows|dump|tap|reload|stream \\w+)", "$0 --socket " + socket)
                .replaceFirst("^ringtap run", "$0 --set control.socket='\"" + socket + "\"'")
                .replaceFirst("^ringtap", "./ringtap");
    }

    /** Ends what a failure left running. */
    @AfterEach
    void end() {
        begun.forEach(Process::destroyForcibly);
    }

    /** Begins what goes on until it is stopped, and waits until it has printed a word. */
    private Process begin(String line, String word) throws IOException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = checkout.start(line, output);
        begun.add(process);
        VethPair.await(() -> !process.isAlive() || read(output).contains(word));
        assertTrue(process.isAlive(), () -> line + "\n" + read(output));
        return process;
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Process process, String line) throws InterruptedException {
        process.destroy();
        assertEquals(0, process.waitFor(), line);
    }

    @Test
    void shouldRunAsTheyStand() throws Exception { // some twenty starts of ringtap
        try (VethPair _ = VethPair.open()) {
            for (String line : examples("run")) {
                end(begin(here(line), "ready"), line);
            }
            Process daemon = begin(here("ringtap run --config ringtap.toml"), "ready");
            for (String line : examples("(?!run|stop|verify).*")) {
                if (line.contains("--watch") || line.startsWith("ringtap top")) {
                    end(begin(here(line), line.startsWith("ringtap flows") ? " flows" : "uplink"), line);
                } else {
                    checkout.run(here(line));
                }
            }
            for (String line : examples("verify")) { // there are no marked frames, which it tells by 1
                assertEquals(
                        1,
                        checkout.start(here(line), folder.resolve("verify.txt")).waitFor(),
                        line);
            }
            checkout.run(here(examples("stop").getFirst()));
            assertEquals(0, daemon.waitFor());
        }
    }
}
