package io.ringtap.inject.pcap;

import io.ringtap.testnet.VethPair;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** What arrives on the far end of a {@link VethPair}: taken by dumpcap, read by tshark. */
final class FarEnd implements AutoCloseable {
    private final Process dumpcap;
    private final BufferedReader errors;
    private final Path file;

    private FarEnd(Process dumpcap, Path file) {
        this.dumpcap = dumpcap;
        this.errors = dumpcap.errorReader(StandardCharsets.UTF_8);
        this.file = file;
    }

    /** Starts to take frames, so many; on the thread that opened the pair. */
    static FarEnd take(int frames, Path folder) throws IOException {
        Path file = folder.resolve("far.pcap");
        Process process = new ProcessBuilder(
                        "dumpcap", "-q", "-i", VethPair.FAR, "-P", "-c", "" + frames, "-w", file.toString())
                .start();
        FarEnd end = new FarEnd(process, file);
        String line;
        while ((line = end.errors.readLine()) != null) {
            if (line.startsWith("File: ")) {
                return end;
            }
        }
        throw new IllegalStateException("dumpcap did not start");
    }

    /** Waits for the last frame, and gives the fields of each frame as tshark prints them. */
    List<List<String>> fields(String... fields) throws InterruptedException {
        VethPair.await(() -> !dumpcap.isAlive());
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString(), "-T", "fields"));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        try {
            Process tshark = new ProcessBuilder(command)
                    .redirectError(Redirect.DISCARD)
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .start();
            List<List<String>> rows = tshark.inputReader(StandardCharsets.UTF_8)
                    .lines()
                    .map(l -> Arrays.asList(l.split("\t", -1)))
                    .toList();
            Assertions.assertEquals(0, tshark.waitFor());
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        dumpcap.destroyForcibly();
        errors.close();
    }
}
