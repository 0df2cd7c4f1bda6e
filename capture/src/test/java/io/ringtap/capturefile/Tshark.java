package io.ringtap.capturefile;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * A second opinion on a capture file: Wireshark shares no code with libpcap. Types come from its dissectors, times,
 * lengths and bytes from the plain copy it writes of the file.
 */
public final class Tshark {
    private static final int MPLS_AND_ALL_OTHERS = 0;
    private static final int VLAN = 1;
    private static final int LENGTH = 2;

    private Tshark() {}

    /** Every whole frame of a file; a file cut short is no error. */
    public static List<FrameRecord> read(Path file) {
        try {
            Path copy = Files.createTempFile("tshark", ".pcap");
            try {
                String types = run(
                        "tshark",
                        "-r",
                        file.toString(),
                        "-F",
                        "nsecpcap",
                        "-w",
                        copy.toString(),
                        "-P",
                        "-T",
                        "fields",
                        "-e",
                        "eth.type",
                        "-e",
                        "vlan.etype",
                        "-e",
                        "eth.len");
                return records(
                        ByteBuffer.wrap(Files.readAllBytes(copy)), types.lines().toList());
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<FrameRecord> records(ByteBuffer copy, List<String> types) {
        copy.order(ByteOrder.nativeOrder()).position(24);
        List<FrameRecord> records = new ArrayList<>();
        while (copy.hasRemaining()) {
            long nanos = Integer.toUnsignedLong(copy.getInt()) * 1_000_000_000 + copy.getInt();
            byte[] bytes = new byte[copy.getInt()];
            int original = copy.getInt();
            copy.get(bytes);
            int type = etherType(types.get(records.size()).split("\t", -1));
            records.add(new FrameRecord(
                    nanos, bytes.length, original, type, HexFormat.of().formatHex(bytes)));
        }
        if (records.size() != types.size()) {
            throw new IllegalStateException(records.size() + " frames copied, " + types.size() + " dissected");
        }
        return records;
    }

    /** The type behind the last tag; 0 for a length, as {@code Frame.etherType()} says it. */
    private static int etherType(String[] fields) {
        if (!fields[LENGTH].isEmpty()) {
            return 0;
        }
        String types = fields[VLAN].isEmpty() ? fields[MPLS_AND_ALL_OTHERS] : fields[VLAN];
        return Integer.decode(types.substring(types.lastIndexOf(',') + 1));
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
