package io.ringtap.inject.template;

import io.ringtap.capturefile.PcapngWriter;
import io.ringtap.testnet.OtherUser;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What tshark says of frames, with every checksum validated. */
public final class TsharkRun {
    private static final long START_NANOS = 1_700_000_000_000_000_000L;

    private TsharkRun() {}

    /** The fields of each frame; frames are captured a microsecond apart, from {@code 1,700,000,000} s on. */
    public static List<List<String>> fields(Path folder, List<byte[]> frames, List<String> options, String... fields)
            throws IOException, InterruptedException {
        PcapngWriter writer = new PcapngWriter(ByteOrder.LITTLE_ENDIAN).ethernet(PcapngWriter.NANOSECONDS);
        for (int i = 0; i < frames.size(); i++) {
            writer.enhanced(0, START_NANOS + i * 1_000L, frames.get(i));
        }
        Path file = Files.write(folder.resolve("frames.pcapng"), writer.bytes());
        List<String> command = new ArrayList<>(OtherUser.thatReadsEverything()); // for root, tshark loads no dissector
        command.addAll(List.of("tshark", "-n", "-r", file.toString(), "-T", "fields"));
        for (String protocol : List.of("ip", "udp", "tcp")) {
            command.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
        }
        command.addAll(List.of("-o", "tcp.analyze_sequence_numbers:FALSE")); // there is no conversation to analyze
        command.addAll(options);
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        Path errors = folder.resolve("tshark-errors");
        Process process = new ProcessBuilder(command)
                .redirectError(errors.toFile())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .start();
        List<List<String>> rows = process.inputReader(StandardCharsets.UTF_8)
                .lines()
                .map(line -> Arrays.asList(line.split("\t", -1)))
                .toList();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0 || rows.size() != frames.size()) {
            throw new IllegalStateException(
                    rows.size() + " of " + frames.size() + " frames: " + Files.readString(errors));
        }
        return rows;
    }
}
