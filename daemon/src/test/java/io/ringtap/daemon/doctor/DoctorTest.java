package io.ringtap.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.pcap.LinkSettings.Feature;
import io.ringtap.capture.pcap.LinkSettings.Limit;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.ConfigReader;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.handler.BuiltInHandlers;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each finding on a machine that is made for it, of which nothing else is wrong; and none where all is well. */
class DoctorTest {
    private static final String LOW_LATENCY = "mode = \"low-latency\"";
    private static final String XDP = """
            [[inject]]
            name = "load"
            interface = "ens192"
            rate = "max"
            engine = "xdp"
            [inject.frame]
            destination = "02:00:5e:00:53:02"
            ethertype = 0x88b5
            """;
    private static final String RECORD = """
            [[worker]]
            name = "files"
            [[worker.handler]]
            type = "record"
            folder = "/srv/frames"
            """;

    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(root);
    }

    /** Of a capture on ens192 with some keys, and further tables. */
    private DaemonConfig config(String keys, String tables) throws Exception {
        Path file = Files.writeString(
                root.resolve("ringtap.toml"), "[[capture]]\ninterface = \"ens192\"\n" + keys + "\n" + tables);
        return new ConfigReader((filter, place) -> Optional.empty(), BuiltInHandlers.BY_TYPE)
                .read(ConfigSource.file(file));
    }

    private List<Finding> found(String keys, String tables) throws Exception {
        return new Doctor(machine.machine())
                .examine(config(keys, tables), Optional.of(Path.of("/etc/ringtap/ringtap.toml")));
    }

    private String summary(String keys, String tables) throws Exception {
        return found(keys, tables).stream()
                .map(finding -> finding.severity().text() + " " + finding.check() + " of " + finding.subject())
                .collect(Collectors.joining("; "));
    }

    private String summary() throws Exception {
        return summary("", "");
    }

    @Test
    void shouldFindNothingWhereAllIsWell() throws Exception {
        assertEquals("", summary());
        assertEquals("", summary(LOW_LATENCY, ""));
        assertEquals("", summary("cpu = [2]", RECORD + XDP));
    }

    @Test
    void shouldFindAnInterfaceThatIsMissingOrDown() throws Exception {
        machine.down = true;
        assertEquals("loss interface of ens192", summary());
        assertEquals("ip link set ens192 up", found("", "").getFirst().cure());
        machine.missing = true;
        assertEquals(
                "there is no interface of that name", found("", "").getFirst().what());
    }

    @Test
    void shouldFindAReceiveRingThatCouldBeLarger() throws Exception {
        machine.ring = new Limit(256, 4_096);
        assertEquals("risk receive-ring of ens192", summary());
        Finding finding = found("", "").getFirst();
        assertEquals("the card's receive ring has 256 of 4,096 descriptors", finding.what());
        assertEquals("ethtool -g ens192: RX 256, maximum 4096", finding.evidence());
        assertEquals("ethtool -G ens192 rx 4096", finding.cure());
    }

    @Test
    void shouldFindOffloadsThatJoinFrames() throws Exception {
        machine.features.put("rx-gro", new Feature(true, true));
        machine.features.put("rx-lro", new Feature(true, true));
        machine.features.put("tx-tcp-segmentation", new Feature(true, true));
        assertEquals("note offloads of ens192", summary("direction = \"in\"", ""));
        assertEquals("risk offloads of ens192", summary(LOW_LATENCY, ""));
        assertEquals(
                "ethtool -K ens192 gro off lro off",
                found("direction = \"in\"", "").getFirst().cure());
        assertEquals(
                "ethtool -K ens192 tso off",
                found("direction = \"out\"", "").getFirst().cure());
        machine.features.clear();
        machine.features.put("rx-gro-hw", new Feature(true, false));
        assertEquals(
                "none: the driver does not let it be changed",
                found(LOW_LATENCY, "").getFirst().cure());
    }

    @Test
    void shouldFindACardThatKeepsVlansBack() throws Exception {
        machine.features.put("rx-vlan-filter", new Feature(true, true));
        assertEquals("", summary());
        assertEquals("risk vlan-filter of ens192", summary("promiscuous = false", ""));
    }

    @Test
    void shouldFindAFilterThatLooksForATagThatIsTakenOff() throws Exception {
        machine.features.put("rx-vlan-hw-parse", new Feature(true, true));
        assertEquals("", summary("filter = \"vlan 10\"", ""));
        assertEquals("risk vlan-tag of capture ens192", summary("filter = \"ether proto 0x8100\"", ""));
        assertTrue(found("filter = \"ether proto 0x8100\"", "")
                .getFirst()
                .consequence()
                .contains("the card"));
    }

    @Test
    void shouldFindADriverThatDoesNotTellOfItsLosses() throws Exception {
        machine.countsLosses = false;
        assertEquals("note driver-counters of ens192", summary());
    }

    @Test
    void shouldFindQueuesThatAreNotUsed() throws Exception {
        machine.queues = new Limit(1, 8);
        assertEquals("risk receive-queues of ens192", summary());
        assertTrue(found("", "").getFirst().cure().startsWith("ethtool -L ens192 combined 4"));
        machine.queues = new Limit(4, 8); // as many as there are processors
        assertEquals("", summary());
        machine.queues = new Limit(1, 8);
        VethPair.run("rm", "-r", machine.file("/sys/class/net/ens192/device").toString()); // as a veth
        assertEquals("", summary());
    }

    @Test
    void shouldFindInterruptsOnAProcessorThatIsGivenToAThread() throws Exception {
        assertEquals("risk interrupts of ens192", summary("cpu = [0]", ""));
        Finding finding = found("cpu = [0]", "").getFirst();
        assertEquals("interrupt 30 on 0 (/proc/irq/30/smp_affinity_list)", finding.evidence());
        assertEquals("echo 1,2,3 > /proc/irq/30/smp_affinity_list", finding.cure());
        String worker = "[[worker]]\nname = \"w\"\ncpu = [0]\n[[worker.handler]]\ntype = \"count\"\n";
        assertEquals("risk interrupts of ens192", summary("", worker));
        machine.write("/proc/irq/30/effective_affinity_list", "1");
        assertEquals("", summary("cpu = [0]", worker));
    }

    @Test
    void shouldFindPacketSteeringToAProcessorThatIsGivenToAThread() throws Exception {
        machine.write("/sys/class/net/ens192/queues/rx-0/rps_cpus", "00000000,0000000c");
        assertEquals("", summary("cpu = [1]", ""));
        assertEquals("risk interrupts of ens192", summary("cpu = [3]", ""));
        assertEquals(
                "echo 00000007 > /sys/class/net/ens192/queues/rx-0/rps_cpus",
                found("cpu = [3]", "").getFirst().cure());
    }

    @Test
    void shouldFindInterruptsOfACardWithoutMessages() throws Exception {
        Files.delete(machine.file("/sys/class/net/ens192/device/msi_irqs/30"));
        machine.write("/sys/class/net/ens192/device/irq", "30");
        assertEquals("risk interrupts of ens192", summary("cpu = [0]", ""));
    }

    @Test
    void shouldFindBacklogsThatWereFullOrAreShort() throws Exception {
        String file = "/proc/thread-self/net/softnet_stat";
        machine.write(file, "00010000 00000000 00000000\n00010000 000000ff 00000000");
        assertEquals("risk backlog of machine", summary());
        assertTrue(found("", "").getFirst().what().contains("255 frames"));
        machine.write(file, "00010000 00000000 00000000");
        machine.write("/proc/sys/net/core/netdev_max_backlog", "10");
        assertEquals("risk backlog of machine", summary());
    }

    @Test
    void shouldFindABudgetThatIsShort() throws Exception {
        machine.write("/proc/thread-self/net/softnet_stat", "00010000 00000000 00000042");
        assertEquals("risk budget of machine", summary());
        machine.write("/proc/thread-self/net/softnet_stat", "00010000 00000000 00000041");
        assertEquals("", summary());
    }

    @Test
    void shouldFindAKernelRingThatIsTooSmall() throws Exception {
        assertEquals("loss kernel-ring of capture ens192", summary(LOW_LATENCY + "\nbuffer = \"1 MiB\"", ""));
        Finding finding = found(LOW_LATENCY + "\nbuffer = \"1 MiB\"", "").getFirst();
        assertEquals("the kernel ring outlasts no pause of 50 ms at the expected rate", finding.what());
        assertTrue(finding.consequence().startsWith("656 frames, 1.9 ms at 350,000/s, are lost"), finding.toString());
        assertTrue(finding.cure().startsWith("use buffer = \"27 MiB\""), finding.cure());
        assertEquals("", summary(LOW_LATENCY + "\nbuffer = \"1 MiB\"\nexpect = \"10 kpps\"", ""));
    }

    @Test
    void shouldFindAKernelWithoutTheMemoryForItsRings() throws Exception {
        machine.write("/proc/meminfo", "MemAvailable:    60000 kB");
        assertEquals("loss kernel-memory of machine", summary());
        machine.write("/proc/meminfo", "MemAvailable:   100000 kB");
        assertEquals("risk kernel-memory of machine", summary());
    }

    @Test
    void shouldFindFramesThatAreToBeCut() throws Exception {
        assertEquals("note snaplen of capture ens192", summary("snaplen = 1513", ""));
        assertEquals("", summary("snaplen = 1514", ""));
    }

    @Test
    void shouldFindALimitOfMemoryThatIsTooLow() throws Exception {
        machine.write("/sys/fs/cgroup/user.slice/memory.max", Long.toString(300L << 20));
        assertEquals("risk memory-limit of machine", summary());
        assertTrue(found("", "").getFirst().what().contains("may have 300 MiB, and needs up to 360 MiB"));
        machine.write("/sys/fs/cgroup/user.slice/memory.max", Long.toString(400L << 20));
        assertEquals("", summary());
        machine.write("/sys/fs/cgroup/user.slice/memory.max", Long.toString(100L << 20));
        assertEquals("loss memory-limit of machine", summary());
        machine.write("/sys/fs/cgroup/user.slice/memory.max", Long.toString(400L << 20));
        String queue = """
                [[worker]]
                name = "slow"
                delivery = "detach"
                queue = "64 MiB"
                [[worker.handler]]
                type = "count"
                """;
        assertEquals("risk memory-limit of machine", summary("", queue));
    }

    @Test
    void shouldReadLimitsOfControlGroupsOfVersion1() throws Exception {
        machine.write("/proc/self/cgroup", "4:memory:/box/one\n1:cpu,cpuacct:/box");
        machine.write("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", Long.toString(300L << 20));
        machine.write("/sys/fs/cgroup/memory/box/one/memory.limit_in_bytes", "9223372036854771712");
        machine.write("/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "50000");
        machine.write("/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000");
        assertEquals("loss cpu-quota of machine; risk memory-limit of machine", summary());
    }

    @Test
    void shouldFindAQuotaOfProcessorsTime() throws Exception {
        machine.write("/sys/fs/cgroup/user.slice/cpu.max", "50000 100000");
        machine.write("/sys/fs/cgroup/user.slice/cpu.stat", "nr_periods 9\nnr_throttled 1234");
        assertEquals("loss cpu-quota of machine", summary());
        assertTrue(found("", "").getFirst().evidence().endsWith("/cpu.max; periods used up so far: 1,234"));
        machine.write("/sys/fs/cgroup/user.slice/cpu.max", "150000 100000");
        assertEquals("risk cpu-quota of machine", summary());
        machine.write("/sys/fs/cgroup/user.slice/cpu.max", "200000 100000");
        assertEquals("", summary());
    }

    @Test
    void shouldFindProcessorsThatMayNotBeUsed() throws Exception {
        machine.write("/proc/self/status", "Cpus_allowed_list:\t2-3\nCapEff:\t000001ffffffffff");
        assertEquals("note affinity of machine", summary());
        machine.write("/proc/self/status", "Cpus_allowed_list:\t2\nCapEff:\t000001ffffffffff");
        assertEquals("risk affinity of machine", summary());
    }

    @Test
    void shouldFindProcessorsAndPrioritiesThatCannotBeHad() throws Exception {
        machine.cpuProblem = Optional.of("CPU 9 cannot be used");
        machine.realtimeProblem = Optional.of("not permitted");
        assertEquals("", summary());
        assertEquals("loss cpu of capture ens192", summary("cpu = [9]", ""));
        assertEquals("loss cpu of capture ens192", summary("priority = \"realtime\"", ""));
    }

    @Test
    void shouldFindTimeThatTheHostTook() throws Exception {
        machine.write("/proc/stat", "cpu  100 0 100 9690 0 0 0 110 0 0");
        assertEquals("risk steal of machine", summary());
        assertEquals(
                "the host took 1.1 % of the processors' time for others",
                found("", "").getFirst().what());
    }

    @Test
    void shouldFindAGovernorThatSlowsProcessorsDown() throws Exception {
        machine.write(FakeMachine.CPU + "cpu3/cpufreq/scaling_governor", "powersave");
        assertEquals("note governor of machine", summary());
        assertEquals("risk governor of machine", summary(LOW_LATENCY, ""));
    }

    @Test
    void shouldFindAClockThatIsSlowOrAlone() throws Exception {
        machine.write(FakeMachine.CLOCK + "current_clocksource", "hpet");
        assertEquals("risk clock-source of machine", summary());
        assertTrue(found("", "").getFirst().evidence().endsWith("there are: tsc hpet"));
        machine.write(FakeMachine.CLOCK + "current_clocksource", "kvm-clock");
        machine.synchronised = false;
        assertEquals("note time of machine", summary());
    }

    @Test
    void shouldFindAKernelThatIsTooOld() throws Exception {
        String file = "/proc/sys/kernel/osrelease";
        machine.write(file, "4.19.0-27-amd64");
        assertEquals("loss kernel of machine", summary());
        machine.write(file, "5.15.0-91-generic");
        assertEquals("", summary());
        assertEquals("note kernel of machine", summary(LOW_LATENCY, ""));
        assertEquals("loss kernel of machine", summaryOfXdpOn("5.10.0-30-amd64"));
        assertEquals("", summaryOfXdpOn("5.18.0"));
    }

    private String summaryOfXdpOn(String kernel) throws Exception {
        machine.write("/proc/sys/kernel/osrelease", kernel);
        return summary("", XDP);
    }

    @Test
    void shouldFindALibpcapWithKnownFaults() throws Exception {
        machine.libpcap = "libpcap version 1.10.1 (with TPACKET_V3)";
        assertEquals("note libpcap of machine", summary());
        machine.libpcap = "libpcap version 1.10.3 (with TPACKET_V2)";
        assertEquals("risk libpcap of machine", summary());
    }

    @Test
    void shouldFindAJavaThatIsNotFit() throws Exception {
        machine.java.put("java.version", "26-ea");
        assertEquals("note java of machine", summary());
        machine.java.put("java.version", "25.0.1");
        machine.java.put("java.vm.info", "interpreted mode");
        assertEquals("loss java of machine", summary());
    }

    @Test
    void shouldFindACacheOfStartsThatIsOld() throws Exception {
        FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 60_000);
        Files.setLastModifiedTime(machine.file("/usr/lib/ringtap/lib/ringtap.jar"), later);
        assertEquals("note aot-cache of machine", summary());
        machine.jars = Optional.empty();
        assertEquals("", summary());
    }

    @Test
    void shouldFindRightsThatAreMissing() throws Exception {
        machine.write("/proc/self/status", "CapEff:\t0000000000000000");
        assertEquals("loss rights of machine", summary());
        machine.write("/proc/self/status", "CapEff:\t0000000000002000");
        assertEquals("", summary());
        assertEquals(
                "this process lacks CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON",
                found("", XDP).getFirst().what());
    }

    @Test
    void shouldFindADiskThatIsSlowerThanWhatIsRecorded() throws Exception {
        machine.diskBytesPerSecond = OptionalLong.of(40L << 20); // 350,000 frames of 234 bytes are 78 MiB
        assertEquals("loss disk of /srv/frames", summary("", RECORD));
        assertEquals("risk disk of /srv/frames", summary("", RECORD + "filter = \"tcp\"\n"));
        assertEquals("", summary("expect = \"100 kpps\"", RECORD));
        machine.diskBytesPerSecond = OptionalLong.empty();
        assertEquals(
                "nothing can be written there by this user",
                found("", RECORD).getFirst().what());
    }

    @Test
    void shouldFindWhoElseCapturesOnTheInterface() throws Exception {
        machine.write("/proc/thread-self/net/packet", """
                sk               RefCnt Type Proto  Iface R Rmem   User   Inode
                0000000000000000 3      3    0003   7     1 0      0      111
                0000000000000000 3      3    0003   0     1 0      0      222
                0000000000000000 3      3    0003   8     1 0      0      333
                0000000000000000 3      3    88cc   7     1 0      0      444
                0000000000000000 3      3    0003   7     1 0      0      555""");
        machine.process(42, "tcpdump", "tcpdump -i ens192", 111);
        machine.process(43, "java", "java io.ringtap.daemon.Main run", 222);
        Files.createDirectories(machine.file("/proc/self/fd"));
        Files.createSymbolicLink(machine.file("/proc/self/fd/9"), Path.of("socket:[555]"));
        assertEquals("note other-captures of ens192", summary());
        Finding finding = found("", "").getFirst();
        assertEquals("2 other packet sockets take the frames of this interface", finding.what());
        assertEquals("/proc/net/packet: ringtap (process 43): 1, tcpdump (process 42): 1", finding.evidence());
    }

    @Test
    void shouldTellAStartTheTwoWorstThatLoseFrames() throws Exception {
        machine.features.put("rx-gro", new Feature(true, true)); // a note
        machine.ring = new Limit(256, 4_096);
        machine.queues = new Limit(1, 8);
        machine.write("/proc/sys/kernel/osrelease", "4.19.0");
        List<Finding> told = new Doctor(machine.machine()).atStart(config("", ""));
        assertEquals(
                List.of("kernel", "receive-ring"),
                told.stream().map(Finding::check).toList());
    }

    @Test
    void shouldTellNothingOfFilesOrOfWhatCannotBeRead() throws IOException, Exception {
        Path file = Files.writeString(root.resolve("file.toml"), "[[capture]]\nfile = \"a.pcap\"\n");
        DaemonConfig ofFile = new ConfigReader((filter, place) -> Optional.empty(), BuiltInHandlers.BY_TYPE)
                .read(ConfigSource.file(file));
        machine.ring = new Limit(256, 4_096);
        assertEquals(List.of(), new Doctor(machine.machine()).atStart(ofFile));
        machine.ring = new Limit(256, 256);
        Machine empty = new Machine(root.resolve("nothing"), machine);
        machine.jars = Optional.empty();
        assertEquals(List.of(), new Doctor(empty).examine(config("cpu = [0]", RECORD), Optional.empty()));
    }
}
