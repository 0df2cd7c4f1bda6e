package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What arrives on the far end of a {@link VethPair}: taken by tcpdump, read by tshark. */
final class FarFrames implements AutoCloseable {
    private final Process tcpdump;
    private final BufferedReader errors;
    private final Path file;

    private FarFrames(Process tcpdump, Path file) {
        this.tcpdump = tcpdump;
        this.errors = tcpdump.errorReader(StandardCharsets.UTF_8);
        this.file = file;
    }

    /** Starts to take frames, so many. */
    static FarFrames take(int frames, Path folder) throws IOException {
        Path file = folder.resolve("far.pcap");
        String count = Integer.toString(frames);
        Process process = new ProcessBuilder(
                        "tcpdump",
                        "-Z",
                        "root",
                        "-i",
                        VethPair.FAR,
                        "-Q",
                        "in",
                        "-U",
                        "-c",
                        count,
                        "-w",
                        file.toString())
                .start();
        FarFrames far = new FarFrames(process, file);
        String line;
        while ((line = far.errors.readLine()) != null) {
            if (line.contains("listening on")) {
                return far;
            }
        }
        throw new IllegalStateException("tcpdump did not start");
    }

    /** Waits for the last frame, and gives what tshark makes of each: destination, source, EtherType, payload. */
    List<String> decoded() throws InterruptedException {
        assertTrue(tcpdump.waitFor(10, TimeUnit.SECONDS), "fewer frames arrived than expected");
        return VethPair.run(
                        "tshark",
                        "-n",
                        "-r",
                        file.toString(),
                        "-T",
                        "fields",
                        "-E",
                        "separator=/s",
                        "-e",
                        "eth.dst",
                        "-e",
                        "eth.src",
                        "-e",
                        "eth.type",
                        "-e",
                        "data.data")
                .lines()
                .filter(line -> line.matches("[0-9a-f]{2}:.*")) // as root it warns
                .toList();
    }

    @Override
    public void close() throws IOException {
        tcpdump.destroyForcibly();
        errors.close();
    }
}
