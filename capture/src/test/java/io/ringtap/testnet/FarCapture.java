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
import java.util.function.Predicate;

/** Every frame that arrives on the far end of a {@link VethPair}, taken by dumpcap, byte by byte. */
public final class FarCapture implements AutoCloseable {
    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** The first word of a pcap file whose times are in nanoseconds, as those of dumpcap 4.4 are. */
    private static final int NANOS_MAGIC = 0xa1b23c4d;

    private record Taken(long micros, byte[] frame) {}

    private final Process dumpcap;
    private final Path file;

    private FarCapture(Process dumpcap, Path file) {
        this.dumpcap = dumpcap;
        this.file = file;
    }

    /** Starts to take frames; on the thread that opened the pair. */
    public static FarCapture start(Path folder) throws IOException {
        Path file = folder.resolve("far.pcap");
        Path errors = folder.resolve("errors");
        // Not tcpdump: as root it changes its user, which the user namespace of those who are not root refuses.
        Process process = new ProcessBuilder(
                        "dumpcap", "-q", "-i", VethPair.FAR, "-P", "-B", "64", "-w", file.toString())
                .redirectError(errors.toFile())
                .start();
        VethPair.await(() -> text(errors).contains("File: "));
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
        try {
            VethPair.await(() -> readNow().size() >= expected);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(readNow().size() + " frames came of " + expected, e);
        }
    }

    private List<Taken> readNow() {
        try {
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the last frame is there, whatever came before it, ends, and gives all. */
    public List<byte[]> framesTo(Predicate<byte[]> last) throws Exception {
        VethPair.await(() -> {
            List<Taken> now = readNow();
            return !now.isEmpty() && last.test(now.getLast().frame());
        });
        return taken(0).stream().map(Taken::frame).toList();
    }

    private List<Taken> taken(int expected) throws Exception {
        await(expected);
        Thread.sleep(100); // for those that should not be there
        dumpcap.destroy(); // SIGTERM: writes what it has
        dumpcap.waitFor();
        return read();
    }

    private List<Taken> read() throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        List<Taken> frames = new ArrayList<>();
        int unitsPerMicro = in.capacity() >= FILE_HEADER_BYTES && in.getInt(0) == NANOS_MAGIC ? 1_000 : 1;
        int at = FILE_HEADER_BYTES;
        while (at + RECORD_HEADER_BYTES <= in.capacity()) {
            long micros = in.getInt(at) * MICROS_PER_SECOND + in.getInt(at + 4) / unitsPerMicro;
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
        dumpcap.destroyForcibly();
    }
}
