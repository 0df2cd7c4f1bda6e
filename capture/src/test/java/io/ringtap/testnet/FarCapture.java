package io.ringtap.testnet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every frame that arrives on the far end of a {@link VethPair}, taken by tcpdump, byte by byte. */
public final class FarCapture implements AutoCloseable {
    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private record Taken(long micros, byte[] frame) {}

    private final Process tcpdump;
    private final Path file;

    private FarCapture(Process tcpdump, Path file) {
        this.tcpdump = tcpdump;
        this.file = file;
    }

    /** Starts to take frames; on the thread that opened the pair. */
    public static FarCapture start(Path folder) throws IOException {
        Path file = folder.resolve("far.pcap");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        "tcpdump", "-Z", "root", "-i", VethPair.FAR, "-B", "65536", "-U", "-w", file.toString())
                .redirectError(errors.toFile())
                .start();
        VethPair.await(() -> text(errors).contains("listening on"));
        return new FarCapture(process, file);
    }

    /** Waits until at least so many frames are there, ends, and gives all of them. */
    public List<byte[]> frames(int expected) throws Exception {
        return taken(expected).stream().map(Taken::frame).toList();
    }

    /** As {@link #frames}: when each arrived, in microseconds. */
    public long[] timesMicros(int expected) throws Exception {
        return taken(expected).stream().mapToLong(Taken::micros).toArray();
    }

    /** Waits until at least so many frames are there. */
    public void await(int expected) {
        VethPair.await(() -> count() >= expected);
    }

    private int count() {
        try {
            return read().size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Taken> taken(int expected) throws Exception {
        await(expected);
        Thread.sleep(100); // for those that should not be there
        tcpdump.destroy(); // SIGTERM: writes what it has
        tcpdump.waitFor();
        return read();
    }

    private List<Taken> read() throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        List<Taken> frames = new ArrayList<>();
        int at = FILE_HEADER_BYTES;
        while (at + RECORD_HEADER_BYTES <= in.capacity()) {
            long micros = in.getInt(at) * MICROS_PER_SECOND + in.getInt(at + 4);
            int length = in.getInt(at + 8);
            at += RECORD_HEADER_BYTES;
            if (at + length > in.capacity()) {
                break;
            }
            byte[] frame = new byte[length];
            in.get(at, frame);
            frames.add(new Taken(micros, frame));
            at += length;
        }
        return frames;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        tcpdump.destroyForcibly();
    }
}
