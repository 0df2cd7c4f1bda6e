package io.ringtap.daemon.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.ConfigReader;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.handler.BuiltInHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service's unit as it is shipped, and drop-ins that open it. */
class UnitCheckTest {
    private static final String UNIT = "/usr/lib/systemd/system/ringtap.service";
    private static final String DROP_IN = "/etc/systemd/system/ringtap.service.d/override.conf";
    private static final Path CONFIGURATION = Path.of("/etc/ringtap/ringtap.toml");

    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void install() throws Exception {
        machine = new FakeMachine(root);
        machine.write(UNIT, Files.readString(Path.of("..", "systemd", "ringtap.service")));
    }

    private List<Finding> found(String tables) throws Exception {
        return found(tables, CONFIGURATION);
    }

    private List<Finding> found(String tables, Path of) throws Exception {
        Path file = Files.writeString(root.resolve("ringtap.toml"), tables);
        DaemonConfig config = new ConfigReader((filter, place) -> Optional.empty(), BuiltInHandlers.BY_TYPE)
                .read(ConfigSource.file(file));
        return new Doctor(machine.machine()).examine(config, Optional.of(of));
    }

    /** That there is one finding, about the unit, with this cure; that this drop-in is one; and that it is the service's alone. */
    private void assertCured(String tables, String cure, String dropIn) throws Exception {
        List<Finding> found = found(tables);
        assertEquals(1, found.size(), found.toString());
        assertEquals("sandbox", found.getFirst().check());
        assertEquals(
                "systemctl edit ringtap: [Service] " + cure, found.getFirst().cure());
        assertEquals(List.of(), found(tables, Path.of("/home/me/ringtap.toml")));
        machine.write(DROP_IN, "[Service]\n" + dropIn);
        assertEquals(List.of(), found(tables));
    }

    private static String capture(String keys) {
        return "[[capture]]\ninterface = \"ens192\"\n" + keys + "\n";
    }

    @Test
    void shouldFindNothingInTheUnitAsItIs() throws Exception {
        assertEquals(List.of(), found(capture("")));
    }

    @Test
    void shouldFindMetricsWithoutIp() throws Exception {
        String listen = capture("") + "[metrics]\nlisten = \"127.0.0.1:9100\"\n";
        assertCured(
                listen,
                "RestrictAddressFamilies=AF_INET AF_INET6, IPAddressAllow=localhost",
                "RestrictAddressFamilies=AF_INET AF_INET6\nIPAddressAllow=localhost");
        machine.write(DROP_IN, "[Service]\nRestrictAddressFamilies=AF_INET AF_INET6");
        assertEquals("nobody's requests are answered", found(listen).getFirst().consequence());
    }

    @Test
    void shouldFindAFolderThatCannotBeWrittenTo() throws Exception {
        String to = capture("") + "[[worker]]\nname = \"w\"\n[[worker.handler]]\ntype = \"record\"\nfolder = ";
        assertEquals(List.of(), found(to + "\"/var/lib/ringtap/uplink\"\n"));
        assertCured(to + "\"/srv/frames\"\n", "ReadWritePaths=/srv/frames", "ReadWritePaths=-/srv");
        String dumpsTo = to.replace("\"record\"", "\"flight-recorder\"");
        assertCured(dumpsTo + "\"/opt/dumps\"\n", "ReadWritePaths=/opt/dumps", "ReadWritePaths=-/opt");
        machine.write(DROP_IN, "[Service]\nReadWritePaths=/home/me");
        assertEquals("ProtectHome=yes", found(to + "\"/home/me\"\n").getFirst().evidence());
    }

    @Test
    void shouldFindProcessorsThatThreadsMayNotBeBoundTo() throws Exception {
        assertCured(capture("cpu = [2]"), "SystemCallFilter=sched_setaffinity", "SystemCallFilter=sched_setaffinity");
    }

    @Test
    void shouldFindAPriorityThatIsForbidden() throws Exception {
        assertCured(
                capture("priority = \"realtime\""),
                "LimitRTPRIO=10, RestrictRealtime=no, SystemCallFilter=sched_setattr",
                "LimitRTPRIO=10\nRestrictRealtime=no\nSystemCallFilter=sched_setattr");
    }

    @Test
    void shouldFindAnEngineThatNeedsMoreRights() throws Exception {
        assertCured(
                """
                [[inject]]
                name = "load"
                interface = "ens192"
                rate = "max"
                engine = "xdp"
                [inject.frame]
                destination = "02:00:5e:00:53:02"
                ethertype = 0x88b5
                """,
                "AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON, CapabilityBoundingSet=CAP_BPF CAP_NET_ADMIN"
                        + " CAP_PERFMON, SystemCallFilter=bpf perf_event_open",
                "AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON\nSystemCallFilter=bpf perf_event_open");
    }

    @Test
    void shouldFindLimitsOfTheUnit() throws Exception {
        machine.write(DROP_IN, "[Service]\nMemoryMax=200M\nCPUQuota=50%");
        assertEquals(
                List.of("cpu-quota", "memory-limit"),
                found(capture("")).stream().map(Finding::check).toList());
        machine.write(DROP_IN, "[Service]\nMemoryMax=1G\nCPUQuota=400%");
        assertEquals(List.of(), found(capture("")));
    }

    @Test
    void shouldFindAUnitWithoutTheCapability() throws Exception {
        machine.write(DROP_IN, "[Service]\nAmbientCapabilities=");
        assertEquals("loss", found(capture("")).getFirst().severity().text());
        assertTrue(found(capture("")).getFirst().what().contains("the one capability"));
    }

    @Test
    void shouldKnowTheUnitThatItRunsIn() throws Exception {
        machine.write("/proc/self/cgroup", "0::/system.slice/system-ringtap.slice/ringtap@ens224.service");
        machine.write(
                "/usr/lib/systemd/system/ringtap@.service",
                Files.readString(Path.of("..", "systemd", "ringtap@.service")));
        List<Finding> found = found(capture("cpu = [2]"), Path.of("/any.toml"));
        assertEquals("ringtap@ens224.service", found.getFirst().subject(), found.toString());
    }
}
