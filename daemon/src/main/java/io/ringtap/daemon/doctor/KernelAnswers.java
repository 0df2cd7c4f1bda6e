package io.ringtap.daemon.doctor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.RingReport;
import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.capture.pcap.LinkSettings;
import io.ringtap.capture.pcap.LivePcapSource;
import io.ringtap.capture.pcap.PcapDevices;
import io.ringtap.capture.pcap.ThreadAffinity;
import io.ringtap.capture.pcap.ThreadScheduling;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The answers of the machine that this process runs on, in the network namespace of the calling thread. One thread's. */
final class KernelAnswers implements Answers {
    private static final int WRITE_BYTES = 1 << 20;
    private static final int LEAST_WRITES = 16;
    private static final int MOST_WRITES = 512;
    private static final int TIMEX_BYTES = 208; // struct timex, of a 64-bit Linux
    private static final int TIMEX_STATUS = 40;
    private static final int STA_UNSYNC = 0x40;

    private final Map<String, Optional<LinkSettings>> links = new HashMap<>();

    @Override
    public int index(String interfaceName) {
        try (InterfaceQuery query = InterfaceQuery.open()) {
            return query.index(interfaceName);
        }
    }

    @Override
    public boolean isDown(String interfaceName) {
        try (InterfaceQuery query = InterfaceQuery.open()) {
            return query.isDown(interfaceName);
        }
    }

    @Override
    public OptionalInt mtuBytes(String interfaceName) {
        try (InterfaceQuery query = InterfaceQuery.open()) {
            return query.mtuBytes(interfaceName);
        }
    }

    @Override
    public Optional<LinkSettings> link(String interfaceName) {
        return links.computeIfAbsent(interfaceName, LinkSettings::of);
    }

    @Override
    public RingReport ring(CaptureConfig capture) {
        return LivePcapSource.expectedRing(capture);
    }

    @Override
    public Optional<String> cpuProblem(List<Integer> cpus) {
        return ThreadAffinity.problem(cpus);
    }

    @Override
    public Optional<String> realtimeProblem() {
        return ThreadScheduling.realtimeProblem();
    }

    @Override
    public String libpcap() {
        return PcapDevices.libraryVersion();
    }

    @Override
    public long heapBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /** By adjtimex(2), which changes nothing where no mode is set; a sandbox may refuse it all the same. */
    @Override
    public Optional<Boolean> clockIsSynchronised() {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timex = arena.allocate(TIMEX_BYTES, Long.BYTES);
            int state = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("adjtimex"), FunctionDescriptor.of(JAVA_INT, ADDRESS))
                    .invokeExact(timex);
            return state < 0 ? Optional.empty() : Optional.of((timex.get(JAVA_INT, TIMEX_STATUS) & STA_UNSYNC) == 0);
        } catch (Throwable e) {
            throw new LinkageError("adjtimex", e);
        }
    }

    @Override
    public OptionalLong writeBytesPerSecond(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.isDirectory(there) && there.getParent() != null) {
            there = there.getParent(); // the recorder makes what is missing
        }
        try {
            Path file = Files.createTempFile(there, ".ringtap-doctor-", "");
            try {
                return OptionalLong.of(writeBytesPerSecond(file, ByteBuffer.allocateDirect(WRITE_BYTES)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static long writeBytesPerSecond(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long start = System.nanoTime();
            long second = TimeUnit.SECONDS.toNanos(1);
            int writes = 0;
            while (writes < LEAST_WRITES || (writes < MOST_WRITES && System.nanoTime() - start < second)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                bytes.clear();
                channel.force(false); // what is only in the kernel's cache has not been taken
                writes++;
            }
            return (long) ((double) writes * WRITE_BYTES * second / (System.nanoTime() - start));
        }
    }

    @Override
    public String java(String property) {
        return System.getProperty(property, "");
    }

    /** Where the classes lie in a folder, as in tests, there are none. */
    @Override
    public Optional<Path> jars() {
        CodeSource source = KernelAnswers.class.getProtectionDomain().getCodeSource();
        return source != null && source.getLocation().getPath().endsWith(".jar")
                ? Optional.of(Path.of(source.getLocation().getPath()).getParent())
                : Optional.empty();
    }
}
