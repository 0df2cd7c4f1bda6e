package io.ringtap.daemon.reference;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.daemon.config.value.ByteSize;
import io.ringtap.daemon.reference.CommentedFile.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a configuration that captures an interface and fits a machine: what does not have its default there, and why. */
public final class FittingFile {
    /** The share of the memory that a kernel ring takes, at the default's 64 MiB on a machine of 4 GiB. */
    private static final int MEMORY_SHARE = 64;

    private static final long LEAST_BUFFER_BYTES = 8L << 20;

    /** More outlasts no pause that there is. */
    private static final long MOST_BUFFER_BYTES = 512L << 20;

    /** One for the capture, and one for all else. */
    private static final int OTHER_PROCESSORS = 2;

    private static final int MOST_WORKER_THREADS = 16;

    private FittingFile() {}

    /** What of a machine decides. */
    public record Machine(long memoryBytes, int processors) {
        /** The one that this process is on, or the part of it that it may use. */
        public static Machine here() throws IOException {
            return new Machine(
                    memoryBytes(Path.of("/proc/meminfo")), Runtime.getRuntime().availableProcessors());
        }

        /** proc(5): "MemTotal:  8028168 kB", in units of 1,024 bytes. */
        private static long memoryBytes(Path file) throws IOException {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElseThrow(() -> new IOException(file + " does not tell how much memory there is"));
        }
    }

    /** The file. */
    public static String text(String interfaceName, Machine machine) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        settings.put("capture.interface", new Setting(quoted(interfaceName), ""));
        long buffer = bufferBytes(machine.memoryBytes());
        if (buffer != CaptureConfig.DEFAULT_BUFFER_BYTES) {
            settings.put(
                    "capture.buffer",
                    new Setting(
                            quoted(ByteSize.text(buffer)),
                            "Here it has about a sixty-fourth of the memory, which is " + (machine.memoryBytes() >> 20)
                                    + " MiB."));
        }
        int threads = Math.clamp(machine.processors() - OTHER_PROCESSORS, 1, MOST_WORKER_THREADS);
        if (threads > 1) {
            settings.put(
                    "worker.threads",
                    new Setting(
                            Integer.toString(threads),
                            "Here there are " + machine.processors()
                                    + " processors: one is left to the capture, and one to all else."));
        }
        return CommentedFile.with(
                settings,
                "The configuration of ringtap for " + interfaceName + ", as \"ringtap config init\" wrote it.");
    }

    private static long bufferBytes(long memoryBytes) {
        return Math.clamp(Long.highestOneBit(memoryBytes / MEMORY_SHARE), LEAST_BUFFER_BYTES, MOST_BUFFER_BYTES);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
