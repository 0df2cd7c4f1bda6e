package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.LinkLimits;
import io.ringtap.capture.RingArithmetic;
import io.ringtap.capture.RingReport;
import io.ringtap.capture.pcap.LinkSettings;
import io.ringtap.capture.pcap.LinkSettings.Feature;
import io.ringtap.capture.pcap.LinkSettings.Limit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A machine that a test makes: one on which nothing is wrong, until it is told otherwise. Its interface is ens192. */
final class FakeMachine implements Answers {
    static final String CPU = "/sys/devices/system/cpu/";
    static final String CLOCK = "/sys/devices/system/clocksource/clocksource0/";
    private static final long GIBIBYTE = 1L << 30;

    final Map<String, Feature> features = new HashMap<>();
    final Map<String, String> java = new HashMap<>(Map.of("java.version", "25.0.1", "java.vm.info", "mixed mode"));
    boolean missing;
    boolean down;
    boolean countsLosses = true;
    boolean synchronised = true;
    Limit ring = new Limit(4_096, 4_096);
    Limit queues = new Limit(4, 4);
    String libpcap = "libpcap version 1.10.3 (with TPACKET_V3)";
    Optional<String> cpuProblem = Optional.empty();
    Optional<String> realtimeProblem = Optional.empty();
    OptionalLong diskBytesPerSecond = OptionalLong.of(2 * GIBIBYTE);
    Optional<Path> jars = Optional.of(Path.of("/usr/lib/ringtap/lib"));

    private final Path root;

    FakeMachine(Path root) {
        this.root = root;
        write(CPU + "online", "0-3");
        for (int cpu = 0; cpu < 4; cpu++) {
            write(CPU + "cpu" + cpu + "/cpufreq/scaling_governor", "performance");
        }
        write(CLOCK + "current_clocksource", "tsc");
        write(CLOCK + "available_clocksource", "tsc hpet");
        write("/proc/self/status", "Cpus_allowed_list:\t0-3\nCapEff:\t000001ffffffffff");
        write("/proc/self/cgroup", "0::/user.slice/shell.scope");
        write("/sys/fs/cgroup/user.slice/memory.max", "max");
        write("/sys/fs/cgroup/user.slice/cpu.max", "max 100000");
        write("/proc/meminfo", "MemTotal: 8028168 kB\nMemAvailable: 4000000 kB");
        write("/proc/stat", "cpu  100 0 100 9800 0 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1");
        write("/proc/sys/kernel/osrelease", "6.12.0-1-amd64");
        write("/proc/sys/net/core/netdev_max_backlog", "1000");
        write("/proc/thread-self/net/softnet_stat", "00010000 00000000 00000010 0 0 0 0 0 0 0 0 0 00000000");
        write("/proc/thread-self/net/packet", "sk RefCnt Type Proto Iface R Rmem User Inode");
        write("/proc/irq/30/effective_affinity_list", "0");
        write("/sys/class/net/ens192/device/msi_irqs/30", "msix");
        write("/sys/class/net/ens192/queues/rx-0/rps_cpus", "0");
        write("/usr/lib/ringtap/lib/ringtap.jar", "jar");
        write("/usr/lib/ringtap/lib/jvm.aot", "cache");
    }

    Machine machine() {
        return new Machine(root, this);
    }

    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    void write(String path, String text) {
        try {
            Files.createDirectories(file(path).getParent());
            Files.writeString(file(path), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another process, which has a socket. */
    void process(int number, String name, String command, long socket) throws IOException {
        write("/proc/" + number + "/comm", name);
        write("/proc/" + number + "/cmdline", command);
        Files.createDirectories(file("/proc/" + number + "/fd"));
        Files.createSymbolicLink(file("/proc/" + number + "/fd/3"), Path.of("socket:[" + socket + "]"));
    }

    @Override
    public int index(String interfaceName) {
        return missing ? 0 : 7;
    }

    @Override
    public boolean isDown(String interfaceName) {
        return down;
    }

    @Override
    public OptionalInt mtuBytes(String interfaceName) {
        return OptionalInt.of(1_500);
    }

    @Override
    public Optional<LinkSettings> link(String interfaceName) {
        return Optional.of(new LinkSettings("faked", countsLosses, Optional.of(ring), Optional.of(queues), features));
    }

    @Override
    public RingReport ring(CaptureConfig capture) {
        LinkLimits link = new LinkLimits(1_500, false, true);
        int snaplen = capture.snaplenBytes() == 0 ? 1_980 : capture.snaplenBytes();
        return new RingReport(
                capture, RingArithmetic.requested(capture.mode(), capture.bufferBytes(), snaplen, link), link);
    }

    @Override
    public Optional<String> cpuProblem(List<Integer> cpus) {
        return cpus.isEmpty() ? Optional.empty() : cpuProblem;
    }

    @Override
    public Optional<String> realtimeProblem() {
        return realtimeProblem;
    }

    @Override
    public String libpcap() {
        return libpcap;
    }

    @Override
    public Optional<Boolean> clockIsSynchronised() {
        return Optional.of(synchronised);
    }

    @Override
    public OptionalLong writeBytesPerSecond(Path folder) {
        return diskBytesPerSecond;
    }

    @Override
    public long heapBytes() {
        return 256L << 20;
    }

    @Override
    public String java(String property) {
        return java.get(property);
    }

    @Override
    public Optional<Path> jars() {
        return jars;
    }
}
