package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.frame.Tunnel;
import io.ringtap.frame.TunnelPorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
    private static final String CAPTURE = "[[capture]]\ninterface = \"ens192\"\n";

    @Test
    void shouldGiveEveryKeyItsDefault() throws ConfigException {
        DaemonConfig config = ConfigText.read(CAPTURE);
        assertEquals(List.of(CaptureConfig.live(new CaptureOrigin.Live("ens192", Missing.WAIT))), config.captures());
        assertDefaultWorker(config);
        assertEquals(List.of(), config.injects());
        assertEquals(Path.of("/run/ringtap/ringtap.sock"), config.controlSocket());
        assertEquals(Optional.empty(), config.metricsListen());
    }

    @Test
    void shouldCaptureAnInterfaceWithoutAnyFile() throws ConfigException {
        DaemonConfig config = ConfigText.reader().read(ConfigSource.interfaceOnly("eth7"));
        assertEquals(List.of(CaptureConfig.live("eth7")), config.captures());
        assertDefaultWorker(config);
        assertEquals(DaemonConfig.DEFAULT_CONTROL_SOCKET, config.controlSocket());
    }

    @Test
    void shouldReadEveryKeyOfACapture() throws ConfigException {
        CaptureConfig capture = onlyCapture("""
                [[capture]]
                name = "uplink"
                interface = "ens192"
                mode = "low-latency"
                engine = "pcap4j"
                buffer = "128 MiB"
                snaplen = 256
                timeout = "20 ms"
                promiscuous = false
                direction = "both"
                filter = "tcp port 443"
                threads = 4
                fanout = ["rollover", "defragment", "inner"]
                cpu = [3, 0]
                priority = "realtime"
                expect = "1.5 Mpps"
                vxlan-ports = [4789, 4790]
                teredo-ports = []
                own-frames = "deliver"
                """);
        assertEquals(
                new CaptureConfig(
                        "uplink",
                        new CaptureOrigin.Live("ens192", Missing.WAIT),
                        CaptureConfig.Mode.LOW_LATENCY,
                        CaptureConfig.Engine.PCAP4J,
                        128L << 20,
                        256,
                        Duration.ofMillis(20),
                        false,
                        CaptureConfig.Direction.BOTH,
                        "tcp port 443",
                        4,
                        EnumSet.allOf(CaptureConfig.Fanout.class),
                        List.of(3, 0),
                        CaptureConfig.Priority.REALTIME,
                        Duration.ZERO,
                        1_500_000,
                        TunnelPorts.DEFAULT
                                .with(Tunnel.VXLAN, List.of(4789, 4790))
                                .with(Tunnel.TEREDO, List.of()),
                        CaptureConfig.OwnFrames.DELIVER),
                capture);
    }

    @Test
    void shouldTakeWholeFramesAndLeaveTheirLengthToTheInterfaceInLowLatencyMode() throws ConfigException {
        assertEquals(262_144, onlyCapture(CAPTURE).snaplenBytes());
        assertEquals(
                CaptureConfig.WHOLE_FRAMES,
                onlyCapture(CAPTURE + "mode = \"low-latency\"").snaplenBytes());
    }

    @Test
    void shouldTakeListsFromOptions() throws ConfigException {
        DaemonConfig config = ConfigText.read(
                CAPTURE + "threads = 2", "capture.cpu=[1]", "capture.fanout=[\"rollover\"]", "worker.cpu=[0]");
        assertEquals(List.of(1), config.captures().getFirst().cpus());
        assertEquals(
                Set.of(CaptureConfig.Fanout.ROLLOVER),
                config.captures().getFirst().fanout());
        assertEquals(List.of(0), config.workers().getFirst().cpus());
    }

    @Test
    void shouldTakeABareNumberAsBytes() throws ConfigException {
        assertEquals(1_048_576, onlyCapture(CAPTURE + "buffer = 1_048_576").bufferBytes());
    }

    @Test
    void shouldReadFilesAtEveryPace() throws ConfigException {
        String file = "[[capture]]\nfile = \"traces/my trace.pcapng\"\n";
        CaptureConfig capture = onlyCapture(file);
        assertEquals("my_trace.pcapng", capture.name());
        assertEquals(new CaptureOrigin.File(Path.of("traces/my trace.pcapng"), new FramePace.Max()), capture.origin());
        assertEquals(new FramePace.Max(), pace(file + "pace = \"max\""));
        assertEquals(new FramePace.Original(), pace(file + "pace = \"original\""));
        assertEquals(new FramePace.Rate(350_000), pace(file + "pace = \"350 kpps\""));
        assertEquals(
                new FramePace.Original(Optional.of(Duration.ofSeconds(1))),
                pace(file + "pace = \"original\"\nmax-gap = \"1 s\""));
    }

    @Test
    void shouldReadEveryKeyOfAWorker() throws ConfigException {
        DaemonConfig config = ConfigText.read(CAPTURE + """
                [[worker]]
                name = "analysis"
                captures = ["ens192"]
                threads = 2
                share = "round-robin"
                delivery = "detach"
                queue = "8 MiB"
                sample = 0.01
                cpu = [1]
                [[worker.handler]]
                type = "log"
                filter = "udp port 53"
                every = 7
                [[worker.handler]]
                type = "count"
                [[worker]]
                [[worker.handler]]
                type = "count"
                """);
        WorkerConfig analysis = config.workers().getFirst();
        assertEquals("analysis", analysis.name());
        assertEquals(List.of("ens192"), analysis.captures());
        assertEquals(2, analysis.threads());
        assertEquals(WorkerConfig.Share.ROUND_ROBIN, analysis.share());
        assertEquals(WorkerConfig.Delivery.DETACH, analysis.delivery());
        assertEquals(8 << 20, analysis.queueBytes());
        assertEquals(0.01, analysis.sample());
        assertEquals(1, config.workers().getLast().sample());
        assertEquals(16 << 20, config.workers().getLast().queueBytes());
        assertEquals(
                List.of("udp port 53", ""),
                analysis.handlers().stream().map(HandlerFactory::filter).toList());
        assertEquals(List.of(1), analysis.cpus());
        assertEquals(List.of(), config.workers().getLast().cpus());
        assertEquals(
                List.of("log", "count"),
                analysis.handlers().stream().map(HandlerFactory::type).toList());
        assertEquals(
                new ConfigText.Log("frame", 7, false, Duration.ofSeconds(1), 64),
                analysis.handlers().getFirst().supplier().get());
        assertEquals(2, config.workers().size());
        assertEquals("default", config.workers().getLast().name());
    }

    @Test
    void shouldReadTheSocketAndTheMetricsAddress() throws ConfigException {
        DaemonConfig config = ConfigText.read(
                CAPTURE + "[control]\nsocket = \"/tmp/r.sock\"\n[metrics]\nlisten = \"127.0.0.1:9464\"");
        assertEquals(Path.of("/tmp/r.sock"), config.controlSocket());
        assertEquals(
                Optional.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9464)), config.metricsListen());
        DaemonConfig onSix = ConfigText.read(CAPTURE + "[metrics]\nlisten = \"[::1]:9464\"");
        assertEquals(Optional.of(new InetSocketAddress(InetAddress.ofLiteral("::1"), 9464)), onSix.metricsListen());
        assertEquals(
                config.metricsListen(),
                ConfigText.read(CAPTURE + "[metrics]\nlisten = \"9464\"").metricsListen(),
                "a port alone is loopback's");
        assertEquals(
                Optional.empty(),
                ConfigText.read(CAPTURE + "[metrics]\nlisten = \"\"").metricsListen());
    }

    @Test
    void shouldReadHowLongAStopMayTake() throws ConfigException {
        assertEquals(Duration.ofSeconds(5), ConfigText.read(CAPTURE).stopTimeout());
        DaemonConfig config = ConfigText.read(CAPTURE + "[daemon]\nstop-timeout = \"1.5 s\"");
        assertEquals(Duration.ofMillis(1_500), config.stopTimeout());
        DaemonConfig longest = ConfigText.read(CAPTURE, "daemon.stop-timeout=10 min");
        assertEquals(Duration.ofMinutes(10), longest.stopTimeout());
    }

    @Test
    void shouldPutTheOptionsInterfaceInPlaceOfTheFilesOnlyOne() throws ConfigException {
        CaptureConfig renamed =
                withInterface("[[capture]]\nname = \"uplink\"\ninterface = \"ens192\"\nthreads = 3", "eth7");
        assertEquals("uplink", renamed.name());
        assertEquals(new CaptureOrigin.Live("eth7"), renamed.origin());
        assertEquals(3, renamed.threads());
        assertEquals(CaptureConfig.live("eth7"), withInterface("[[capture]]\nfile = \"a\"\npace = \"max\"", "eth7"));
        assertEquals(CaptureConfig.live("eth7"), withInterface("[metrics]\nlisten = \"\"", "eth7"));
    }

    @Test
    void shouldWaitForAnInterfaceOfAFileAndNotForOneThatWasTyped() throws ConfigException {
        assertEquals(
                new CaptureOrigin.Live("eth7", Missing.WAIT),
                onlyCapture(CAPTURE.replace("ens192", "eth7")).origin());
        assertEquals(
                new CaptureOrigin.Live("ens192", Missing.FAIL),
                onlyCapture(CAPTURE + "missing = \"fail\"").origin());
        assertEquals(
                new CaptureOrigin.Live("eth7", Missing.WAIT),
                withInterface("[[capture]]\ninterface = \"a\"\nmissing = \"wait\"", "eth7")
                        .origin());
    }

    @Test
    void shouldRefuseAnInterfaceForOneOfSeveralCaptures() {
        String two = CAPTURE + "[[capture]]\ninterface = \"eth1\"";
        assertEquals(
                List.of("-i: replaces the interface of the file's only [[capture]], but the file has 2"),
                ConfigText.problems(two, file -> new ConfigSource(Optional.of(file), Optional.of("eth7"), List.of())));
    }

    @Test
    void shouldRefuseAnInterfaceThatCannotBe() {
        ConfigException refusal = assertThrows(
                ConfigException.class, () -> ConfigText.reader().read(ConfigSource.interfaceOnly("eth 7")));
        assertEquals(List.of("-i: must be the name of an interface, not \"eth 7\""), refusal.problems());
    }

    @Test
    void shouldNeedAFileOrAnInterface() {
        assertThrows(
                IllegalArgumentException.class, () -> new ConfigSource(Optional.empty(), Optional.empty(), List.of()));
    }

    private static void assertDefaultWorker(DaemonConfig config) {
        assertEquals(1, config.workers().size());
        WorkerConfig worker = config.workers().getFirst();
        assertEquals("default", worker.name());
        assertEquals(List.of(), worker.captures());
        assertEquals(1, worker.threads());
        assertEquals(WorkerConfig.Share.FLOW, worker.share());
        assertEquals(WorkerConfig.Delivery.GATE, worker.delivery());
        assertEquals(
                List.of("count"),
                worker.handlers().stream().map(HandlerFactory::type).toList());
    }

    private static CaptureConfig onlyCapture(String toml) throws ConfigException {
        List<CaptureConfig> captures = ConfigText.read(toml).captures();
        assertEquals(1, captures.size());
        return captures.getFirst();
    }

    private static FramePace pace(String toml) throws ConfigException {
        return ((CaptureOrigin.File) onlyCapture(toml).origin()).pace();
    }

    private static CaptureConfig withInterface(String toml, String interfaceName) throws ConfigException {
        return ConfigText.inFile(
                toml,
                file -> ConfigText.reader()
                        .read(new ConfigSource(Optional.of(file), Optional.of(interfaceName), List.of()))
                        .captures()
                        .getFirst());
    }
}
