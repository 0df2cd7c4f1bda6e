package io.ringtap.capturefile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A second opinion on a capture file: Wireshark shares no code with libpcap. Times, lengths and types are what it
 * prints, bytes those of the copy that it writes.
 */
public final class Tshark {
    private static final int ENHANCED_PACKET = 6;

    /** What newer versions write for a frame without a time. */
    private static final int SIMPLE_PACKET = 3;

    private Tshark() {}

    /** Every whole frame of a file; a file cut short is no error. */
    public static List<FrameRecord> read(Path file) {
        try {
            Path copy = Files.createTempFile("tshark", ".pcapng");
            try {
                List<String> lines = run(
                                "tshark",
                                "-r",
                                file.toString(),
                                "-F",
                                "pcapng",
                                "-w",
                                copy.toString(),
                                "-P",
                                "-T",
                                "fields",
                                "-e",
                                "frame.time_epoch",
                                "-e",
                                "frame.cap_len",
                                "-e",
                                "frame.len",
                                "-e",
                                "eth.type",
                                "-e",
                                "vlan.etype",
                                "-e",
                                "eth.len")
                        .lines()
                        .toList();
                return records(lines, contents(ByteBuffer.wrap(Files.readAllBytes(copy))));
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<FrameRecord> records(List<String> lines, List<String> contents) {
        if (lines.size() != contents.size()) {
            throw new IllegalStateException(contents.size() + " frames copied, " + lines.size() + " printed");
        }
        List<FrameRecord> records = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String[] fields = lines.get(i).split("\t", -1);
            records.add(new FrameRecord(
                    nanos(fields[0]),
                    Integer.parseInt(fields[1]),
                    Integer.parseInt(fields[2]),
                    etherType(fields[3], fields[4], fields[5]),
                    contents.get(i)));
        }
        return records;
    }

    /** A frame without a time has an empty one. */
    private static long nanos(String epochSeconds) {
        return epochSeconds.isEmpty()
                ? 0
                : new BigDecimal(epochSeconds).movePointRight(9).longValueExact();
    }

    /** The type behind the last tag; 0 for a length, as {@code Frame.etherType()} says it. */
    private static int etherType(String ethernet, String vlan, String length) {
        if (!length.isEmpty()) {
            return 0;
        }
        String types = vlan.isEmpty() ? ethernet : vlan;
        return Integer.decode(types.substring(types.lastIndexOf(',') + 1));
    }

    private static List<String> contents(ByteBuffer pcapng) {
        pcapng.order(ByteOrder.nativeOrder());
        List<String> contents = new ArrayList<>();
        for (int block = 0; block < pcapng.limit(); block += pcapng.getInt(block + 4)) {
            switch (pcapng.getInt(block)) {
                case ENHANCED_PACKET -> contents.add(hex(pcapng, block + 28, pcapng.getInt(block + 20)));
                case SIMPLE_PACKET -> contents.add(hex(pcapng, block + 12, pcapng.getInt(block + 8)));
                default -> {} // no frame
            }
        }
        return contents;
    }

    private static String hex(ByteBuffer pcapng, int at, int length) {
        byte[] bytes = new byte[length];
        pcapng.get(at, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command[0] + " did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return output;
    }
}
