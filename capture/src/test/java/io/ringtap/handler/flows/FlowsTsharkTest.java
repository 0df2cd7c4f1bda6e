package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flows of capture files against the conversations that tshark, which shares no code with this, makes of them. */
class FlowsTsharkTest {
    private static final String NO_FRAGMENT = "!(ip.flags.mf==1||ip.frag_offset>0||ipv6.fraghdr)";
    private static final String FLAGS = "CEUAPRSF";
    private static final int FRAMES = 3_000;

    /** tshark begins a second conversation between the same ports with a SYN. */
    private static final int ANY_FLAGS_BUT_SYN = 0xff ^ FlowFrames.SYN;

    @TempDir
    private Path folder;

    private List<FlowRow> flows(Path file) {
        TestContext context = new TestContext().ofFile();
        try (HandlerTrial trial = HandlerTrial.start(
                TestSettings.of("idle", Duration.ZERO, "active", Duration.ZERO).make(FlowsHandler::new), context)) {
            trial.file(file);
            String answer = context.ask("flows", Map.of("top", "1000"));
            List<FlowRow> flows = FlowRow.readAll(answer);
            assertTrue(answer.startsWith("{\"active\":" + flows.size() + ","), "not all were given");
            assertEquals(
                    trial.delivered(), flows.stream().mapToLong(FlowRow::frames).sum());
            return flows;
        }
    }

    private static void shouldEqual(Path file, List<FlowRow> flows) {
        long start = flows.stream().mapToLong(FlowRow::firstNanos).min().orElseThrow();
        Predicate<FlowRow> ipv6 =
                flow -> flow.source().contains(":") && !flow.protocol().equals("ethernet");
        Predicate<FlowRow> ipv6Fragments = flow -> flow.protocol().equals("ipv6-frag");
        Predicate<FlowRow> ipv4 = flow -> flow.source().contains(".");
        Predicate<FlowRow> ported = flow -> flow.sourcePort() != FlowRow.NO_PORT;
        Function<FlowRow, String> from = FlowRow::sourceEnd;
        Function<FlowRow, String> to = FlowRow::destinationEnd;
        assertEquals(
                Conversations.byTshark(file, "tcp", ""),
                Conversations.of(flows, flow -> flow.protocol().equals("tcp"), from, to, start));
        assertEquals(
                Conversations.byTshark(file, "udp", NO_FRAGMENT),
                Conversations.of(flows, ported.and(flow -> flow.protocol().equals("udp")), from, to, start));
        assertEquals(
                Conversations.byTshark(file, "ip", ""),
                Conversations.of(flows, ipv4, FlowRow::source, FlowRow::destination, start));
        assertEquals(
                Conversations.byTshark(file, "ipv6", "!ipv6.fraghdr"), // of fragments it counts one a datagram
                Conversations.of(
                        flows, ipv6.and(ipv6Fragments.negate()), FlowRow::source, FlowRow::destination, start));
        assertEquals(
                Conversations.byTshark(file, "eth", "!ip&&!ipv6"),
                Conversations.of(flows, ipv4.negate().and(ipv6.negate()), from, to, start));
        assertEquals(exactByTshark(file), exact(flows));
        assertEquals(
                lengthsByTshark(file, "ipv6.fraghdr"),
                flows.stream()
                        .filter(ipv6Fragments)
                        .mapToLong(
                                flow -> flow.forward().bytes() + flow.reverse().bytes())
                        .sum());
    }

    /** By each direction of TCP: frames, all of the bytes, flags. */
    private static Map<String, String> exact(List<FlowRow> flows) {
        Map<String, String> directions = new TreeMap<>();
        for (FlowRow flow : flows) {
            if (flow.protocol().equals("tcp")) {
                directions.merge(
                        flow.sourceEnd() + ">" + flow.destinationEnd(),
                        flow.forward().toString(),
                        String::concat);
                directions.merge(
                        flow.destinationEnd() + ">" + flow.sourceEnd(),
                        flow.reverse().toString(),
                        String::concat);
            }
        }
        directions.values().removeIf(text -> text.contains("frames=0"));
        return directions;
    }

    private static Map<String, String> exactByTshark(Path file) {
        Map<String, FlowRow.Direction> directions = new TreeMap<>();
        String output = VethPair.run(
                "tshark",
                "-n",
                "-r",
                file.toString(),
                "-Y",
                "tcp",
                "-T",
                "fields",
                "-E",
                "separator=,",
                "-e",
                "ip.src",
                "-e",
                "ipv6.src",
                "-e",
                "tcp.srcport",
                "-e",
                "ip.dst",
                "-e",
                "ipv6.dst",
                "-e",
                "tcp.dstport",
                "-e",
                "frame.len",
                "-e",
                "tcp.flags");
        for (String line : output.lines().filter(l -> l.contains(",0x")).toList()) {
            String[] f = line.split(",", -1);
            String name = f[0] + f[1] + ":" + f[2] + ">" + f[3] + f[4] + ":" + f[5];
            FlowRow.Direction frame = new FlowRow.Direction(1, Long.parseLong(f[6]), flags(Integer.decode(f[7])));
            directions.merge(name, frame, FlowsTsharkTest::sum);
        }
        Map<String, String> texts = new TreeMap<>();
        directions.forEach((name, direction) -> texts.put(name, direction.toString()));
        return texts;
    }

    private static long lengthsByTshark(Path file, String filter) {
        return VethPair.run("tshark", "-n", "-r", file.toString(), "-Y", filter, "-T", "fields", "-e", "frame.len")
                .lines()
                .filter(line -> line.matches("[0-9]+")) // as root it warns
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static FlowRow.Direction sum(FlowRow.Direction a, FlowRow.Direction b) {
        StringBuilder flags = new StringBuilder();
        for (int i = 0; i < FLAGS.length(); i++) {
            flags.append(
                    a.flags().charAt(i) == '.' ? b.flags().charAt(i) : a.flags().charAt(i));
        }
        return new FlowRow.Direction(a.frames() + b.frames(), a.bytes() + b.bytes(), flags.toString());
    }

    private static String flags(int flags) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < FLAGS.length(); i++) {
            text.append((flags & 0x80 >>> i) == 0 ? '.' : FLAGS.charAt(i));
        }
        return text.toString();
    }

    @Test
    void shouldEqualTsharksConversationsOfAMixOfEverything() throws IOException {
        Random random = new Random(11);
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        long time = FlowFrames.START;
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = any(random);
            int captured = random.nextInt(4) == 0 ? Math.min(frame.length, 96) : frame.length;
            file.frame(time, FrameBytes.cut(frame, captured), frame.length);
            time += random.nextLong(20_000_000);
        }
        Path path = Files.write(folder.resolve("mix.pcap"), file.bytes());
        List<FlowRow> flows = flows(path);
        assertTrue(flows.size() > 200, () -> "only " + flows.size() + " flows");
        shouldEqual(path, flows);
    }

    /** VLANs follow from the addresses: tshark does not tell conversations apart by them. */
    private static byte[] any(Random random) {
        int a = 1 + random.nextInt(6);
        int b = 10 + random.nextInt(6);
        int[] vlans = new int[a % 3];
        for (int i = 0; i < vlans.length; i++) {
            vlans[i] = 100 * a + b + i;
        }
        boolean back = random.nextBoolean();
        int from = back ? b : a;
        int to = back ? a : b;
        int fromPort = back ? 7_000 + b : 30_000 + a;
        int toPort = back ? 30_000 + a : 7_000 + b;
        int payload = random.nextInt(1_400);
        return switch (random.nextInt(12)) {
            case 0, 1, 2 ->
                FlowFrames.tcp(from, fromPort, to, toPort, random.nextInt(256) & ANY_FLAGS_BUT_SYN, payload, vlans);
            case 3 ->
                FlowFrames.tcp6(from, fromPort, to, toPort, random.nextInt(256) & ANY_FLAGS_BUT_SYN, payload, vlans);
            case 4, 5 -> FlowFrames.udp(from, fromPort, to, toPort, payload, vlans);
            case 6 -> FlowFrames.udp6(from, fromPort, to, toPort, payload);
            case 7 -> FlowFrames.fragment(from, to, 8 * random.nextInt(1_000), random.nextBoolean(), 8 + payload);
            case 8 -> FlowFrames.icmp(from, to, back ? 0 : 8);
            case 9 -> FlowFrames.arp(from, to);
            case 10 -> behindExtension(from, fromPort, to, toPort, payload);
            default ->
                FlowFrames.ethernet(from, to).type(0x88b5).padTo(60 + payload).bytes();
        };
    }

    /** UDP behind IPv6 destination options. */
    private static byte[] behindExtension(int from, int fromPort, int to, int toPort, int payload) {
        return FlowFrames.ethernet(from, to)
                .type(FrameBytes.IPV6)
                .ipv6(from, to, 60, 16 + payload)
                .u8(FrameBytes.UDP)
                .u8(0)
                .u16(0x0104)
                .u32(0)
                .ports(fromPort, toPort)
                .u16(8 + payload)
                .u16(0xffff)
                .fill(payload)
                .bytes();
    }

    @Test
    @Tag("live")
    void shouldEqualTsharksConversationsOfRealConnections() throws Exception {
        Path path = folder.resolve("real.pcap");
        try (VethPair _ = VethPair.open()) {
            RealTraffic.capture(path);
        }
        List<FlowRow> flows = flows(path);
        assertEquals(
                RealTraffic.CONNECTIONS,
                flows.stream()
                        .filter(flow -> flow.protocol().equals("tcp")
                                && flow.forward().flags().endsWith("SF")
                                && flow.reverse().flags().endsWith("SF"))
                        .count());
        assertTrue(
                flows.stream().anyMatch(flow -> flow.protocol().equals("udp") && flow.sourcePort() == FlowRow.NO_PORT));
        shouldEqual(path, flows);
    }
}
