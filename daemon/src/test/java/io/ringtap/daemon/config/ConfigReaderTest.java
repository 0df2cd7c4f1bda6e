package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.inject.Engine;
import io.ringtap.inject.InjectConfig;
import io.ringtap.inject.Schedule;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameTemplate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcap4j.util.MacAddress;

class ConfigReaderTest {
    private static final String CAPTURE = "[[capture]]\ninterface = \"ens192\"\n";
    private static final String FRAME = "[inject.frame]\ndestination = \"aa:bb:cc:dd:ee:ff\"\n";

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
                fanout = ["rollover", "defragment"]
                cpu = [3, 0]
                expect = "1.5 Mpps"
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
                        Set.of(CaptureConfig.Fanout.DEFRAGMENT, CaptureConfig.Fanout.ROLLOVER),
                        List.of(3, 0),
                        1_500_000),
                capture);
    }

    @Test
    void shouldKeepTheSnaplenSmallInLowLatencyMode() throws ConfigException {
        assertEquals(1_980, onlyCapture(CAPTURE + "mode = \"low-latency\"").snaplenBytes());
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
    void shouldReadEveryKeyOfAStream() throws ConfigException {
        DaemonConfig config = ConfigText.read("""
                [[inject]]
                name = "beacon"
                interface = "ens192"
                every = "1 s"
                count = 5
                [inject.frame]
                destination = "aa:bb:cc:dd:ee:ff"
                source = "00-11-22-33-44-55"
                ethertype = 0x0800
                payload = "01 02 0a"
                """);
        FrameTemplate frame = FrameTemplate.of(
                MacAddress.getByName("aa:bb:cc:dd:ee:ff"),
                Optional.of(MacAddress.getByName("00:11:22:33:44:55")),
                0x0800,
                "01 02 0a");
        assertEquals(
                List.of(new InjectConfig("beacon", "ens192", new Schedule.Every(Duration.ofSeconds(1)), 5, frame)),
                config.injects());
        assertEquals(List.of(), config.captures());
        assertEquals(List.of(), config.workers());
    }

    @Test
    void shouldGiveAStreamItsDefaults() throws ConfigException {
        InjectConfig stream =
                ConfigText.read(stream("rate = \"10 kpps\"", "")).injects().getFirst();
        FrameTemplate frame = FrameTemplate.of(MacAddress.getByName("aa:bb:cc:dd:ee:ff"), Optional.empty(), 0x88b5, "");
        assertEquals(new InjectConfig("ens192", "ens192", new Schedule.Rate(10_000), 0, stream.frame()), stream);
        MacAddress own = MacAddress.getByName("02:00:5e:00:53:01");
        assertArrayEquals(
                frame.compile(own).bytes(0), stream.frame().compile(own).bytes(0));
    }

    @ParameterizedTest
    @CsvSource({
        "'', SENDPACKET",
        "engine = \"sendpacket\", SENDPACKET",
        "engine = \"mmsg\", MMSG",
        "'engine = \"mmsg\"\nqdisc-bypass = true', MMSG_BYPASS",
        "'engine = \"mmsg\"\nqdisc-bypass = false', MMSG",
        "engine = \"xdp\", XDP"
    })
    void shouldReadTheEngineOfAStream(String keys, Engine engine) throws ConfigException {
        DaemonConfig config = ConfigText.read(stream("rate = \"max\"\n" + keys, ""));
        assertEquals(engine, config.injects().getFirst().engine());
        assertEquals(
                new Schedule.Rate(Schedule.MAX_FRAMES_PER_SECOND),
                config.injects().getFirst().schedule());
    }

    @Test
    void shouldReadAFrameOfManyHeadersThatVariesAndIsMarked() throws ConfigException {
        InjectConfig stream = ConfigText.read("""
                [[inject]]
                interface = "ens192"
                rate = "10 kpps"
                [inject.frame]
                destination = "02:00:5e:00:53:02"
                source = "02:00:5e:00:53:01"
                length = [90, 590]
                weights = [3, 1]
                [[inject.frame.vlan]]
                id = 100
                [[inject.frame.vlan]]
                id = 7
                priority = 5
                [inject.frame.ipv4]
                source = "192.0.2.1"
                destination = "198.51.100.1"
                dont-fragment = true
                [inject.frame.udp]
                source-port = 1024
                destination-port = 9
                checksum = 0xbad
                [inject.frame.mark]
                stream = 3
                first = 4_294_967_295
                check = false
                [[inject.frame.vary]]
                field = "ipv4.source"
                kind = "counter"
                from = "192.0.2.1"
                to = "192.0.2.3"
                [[inject.frame.vary]]
                field = "udp.source-port"
                kind = "list"
                values = [1024, 0x8000]
                [[inject.frame.vary]]
                field = "ipv4.identification"
                kind = "sequence"
                [[inject.frame.vary]]
                offset = 50
                width = 8
                kind = "time"
                """).injects().getFirst();
        CompiledTemplate frames = stream.frame().compile(MacAddress.ETHER_BROADCAST_ADDRESS);
        assertEquals(
                "02005e00530202005e005301" + "88a80064" + "8100a007" + "0800"
                        + "450000440004400040114e6e" + "c0000202" + "c6336401"
                        + "0400000900300bad" + "00000000000003e7"
                        + "5254415001000028" + "0000000100000003" + "00000000000003e7" + "00000003" + "00000000",
                HexFormat.of().formatHex(frames.bytes(4, 999)));
        assertEquals(
                List.of(90, 90, 590, 90, 90),
                IntStream.range(0, 5).mapToObj(i -> frames.bytes(i).length).toList());
    }

    @Test
    void shouldCountTheFramesOfTheCaptureMeant() throws ConfigException {
        String other = "[[capture]]\nname = \"other\"\ninterface = \"eth1\"\n";
        assertEquals("other", counted(other + stream("every-frames = 9", "")));
        assertEquals("ens192", counted(other + CAPTURE + stream("every-frames = 9", "")));
        assertEquals("other", counted(other + CAPTURE + stream("every-frames = 9\ncapture = \"other\"", "")));
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

    private static String stream(String keys, String frameKeys) {
        return "[[inject]]\ninterface = \"ens192\"\n" + keys + "\n" + FRAME + frameKeys;
    }

    private static String counted(String toml) throws ConfigException {
        Schedule schedule = ConfigText.read(toml).injects().getFirst().schedule();
        return ((Schedule.EveryFrames) schedule).captureName();
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
