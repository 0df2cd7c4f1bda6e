package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.VethPair;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows that ringtap exports, as nfdump's collector got them, and counts, as tshark reads them. */
class ExportTest {
    private static final int CONVERSATIONS = 3_000;
    private static final int FRAMES = CONVERSATIONS / 5 * (1 + 2 + 3 + 4 + 5) + CONVERSATIONS / 3 * (1 + 2);
    private static final int ICMP_ECHO = 8;

    @TempDir
    private Path folder;

    /** Of conversation n, n % 5 + 1 frames there and n % 3 back: TCP over IPv4, UDP over IPv6, and pings. */
    private Path file() throws IOException {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        long time = 1_700_000_000_000_000_000L;
        for (int n = 0; n < CONVERSATIONS; n++) {
            for (int i = 0; i <= n % 5; i++) {
                file.frame(time += 1_000_000, frame(n, true));
            }
            for (int i = 0; i < n % 3; i++) {
                file.frame(time += 1_000_000, frame(n, false));
            }
        }
        return Files.write(folder.resolve("frames.pcap"), file.bytes());
    }

    private static byte[] frame(int n, boolean there) {
        FrameBytes frame = new FrameBytes(2, 1);
        int client = 0x0a01_0000 + n;
        int server = 0x0a02_0001;
        int port = 10_000 + n;
        return switch (n % 3) {
            case 0 ->
                frame.type(FrameBytes.IPV4)
                        .ipv4(there ? client : server, there ? server : client, FrameBytes.TCP, 0, 0, 20 + n % 1_000)
                        .ports(there ? port : 80, there ? 80 : port)
                        .u64(0)
                        .u16(0x5010)
                        .fill(6 + n % 1_000)
                        .bytes();
            case 1 ->
                frame.type(FrameBytes.IPV6)
                        .ipv6(there ? client : server, there ? server : client, FrameBytes.UDP, 8 + n % 500)
                        .ports(there ? port : 53, there ? 53 : port)
                        .u16(8 + n % 500)
                        .u16(0)
                        .fill(n % 500)
                        .bytes();
            default ->
                frame.type(FrameBytes.IPV4)
                        .ipv4(there ? client : server, there ? server : client, FrameBytes.ICMP, 0, 0, 64)
                        .u8(there ? ICMP_ECHO : 0)
                        .u8(0)
                        .fill(62)
                        .bytes();
        };
    }

    private String run(String transport, int port) throws Exception {
        Path ended = folder.resolve("ended.jsonl");
        Path config = Files.writeString(folder.resolve("ringtap.toml"), """
                [control]
                socket = "%s"
                [[capture]]
                file = "%s"
                [[worker]]
                name = "talk"
                threads = 2
                [[worker.handler]]
                type = "flows"
                file = "%s"
                [[export]]
                collector = "127.0.0.1:%d"
                transport = "%s"
                """.formatted(
                        folder.resolve("c.sock"), file(), ended, port, transport));
        try (RingtapProcess ringtap = RingtapProcess.start("run", "--config", config.toString())) {
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertTrue(
                    ringtap.err().stream()
                            .anyMatch(line ->
                                    line.contains("export default: " + CONVERSATIONS + " flows exported, 0 not sent")),
                    ringtap.toString());
        }
        long frames = 0;
        long bytes = 0;
        List<String> lines = Files.readAllLines(ended);
        for (String line : lines) {
            JsonObject flow = JsonParser.parseString(line).getAsJsonObject();
            for (String direction : List.of("forward", "reverse")) {
                frames += flow.getAsJsonObject(direction).get("frames").getAsLong();
                bytes += flow.getAsJsonObject(direction).get("ip_bytes").getAsLong();
            }
        }
        assertEquals(CONVERSATIONS, lines.size());
        assertEquals(FRAMES, frames);
        return "Flows: " + lines.size() + ", Packets: " + frames + ", Bytes: " + bytes;
    }

    /** nfdump's collector on a port of its own, until it is closed; then what it has got. */
    private final class Collector implements AutoCloseable {
        private final Path flows;
        private final Path log = folder.resolve("nfcapd.log");
        private final int port = freePort();
        private final Process process;

        private Collector() throws IOException {
            flows = Files.createDirectory(folder.resolve("nfcapd"));
            process = new ProcessBuilder(
                            "nfcapd",
                            "-b",
                            "127.0.0.1",
                            "-B",
                            "8000000",
                            "-p",
                            Integer.toString(port),
                            "-w",
                            flows.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            VethPair.await(() -> read(log).contains("Startup") && listens());
        }

        private boolean listens() {
            String local = String.format("0100007F:%04X", port);
            return read(Path.of("/proc/net/udp")).contains(local);
        }

        /** What it says of all it got, having been stopped. */
        private String totals() throws Exception {
            process.destroy();
            assertEquals(0, process.waitFor());
            return read(log);
        }

        private List<String> flows(String format) {
            return VethPair.run("nfdump", "-q", "-6", "-R", flows.toString(), "-o", "fmt:" + format)
                    .lines()
                    .map(line -> line.strip().replaceAll(" +", " "))
                    .toList();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            return socket.getLocalPort();
        }
    }

    private static void shouldHaveAll(Collector collector, String totals) throws Exception {
        String said = collector.totals();
        assertTrue(said.contains(totals + ", Sequence Errors: 0, Bad Packets: 0"), () -> totals + ": " + said);
        List<String> flows = collector.flows("%pr %sa %sp %da %dp %flg %ipkt %opkt");
        assertEquals(CONVERSATIONS, flows.size());
        TreeSet<String> expected = new TreeSet<>();
        for (int n = 0; n < CONVERSATIONS; n++) {
            int there = n % 5 + 1;
            int back = n % 3;
            expected.add(
                    switch (back) {
                        case 0 ->
                            "TCP 10.1.%d.%d %d 10.2.0.1 80 ...A.... %d 0"
                                    .formatted(n >> 8, n & 0xff, 10_000 + n, there);
                        case 1 -> "UDP fd00::a01:%x %d fd00::a02:1 53 ........ %d 1".formatted(n, 10_000 + n, there);
                        default -> "ICMP 10.1.%d.%d 0 10.2.0.1 8.0 ........ %d 2".formatted(n >> 8, n & 0xff, there);
                    });
        }
        List<String> unexpected =
                flows.stream().filter(flow -> !expected.remove(flow)).toList();
        assertEquals("", String.join("; ", unexpected.subList(0, Math.min(9, unexpected.size()))));
        assertEquals(new TreeSet<>(), expected);
    }

    @Test
    void shouldGiveACollectorEveryFlowOverUdp() throws Exception {
        try (Collector collector = new Collector()) {
            String totals = run("udp", collector.port);
            VethPair.await(() -> received(collector));
            shouldHaveAll(collector, totals);
        }
    }

    /** Whether its socket's queue is empty, but for what it is working on: it takes that before it stops. */
    private static boolean received(Collector collector) {
        String local = String.format("0100007F:%04X", collector.port);
        return read(Path.of("/proc/net/udp"))
                .lines()
                .anyMatch(line -> line.contains(local) && line.contains("00000000:00000000"));
    }

    /** nfcapd knows UDP alone: each message that comes over TCP is given to it as a datagram. */
    @Test
    void shouldGiveACollectorEveryFlowOverTcp() throws Exception {
        try (Collector collector = new Collector();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<byte[]> messages = new ArrayList<>();
            List<Throwable> thrown = new ArrayList<>();
            Thread relay = Thread.ofPlatform().daemon().start(() -> {
                try {
                    relay(server, collector, messages);
                } catch (IOException | RuntimeException | Error e) {
                    thrown.add(e);
                }
            });
            String totals = run("tcp", server.getLocalPort());
            relay.join();
            assertEquals(List.of(), thrown);
            shouldHaveAll(collector, totals);
            assertEquals(
                    List.of(folder.resolve("frames.pcap") + " talk " + FRAMES + " 0 0", CONVERSATIONS + " 0"),
                    lastCounts(messages));
        }
    }

    /** What the last option records say, by tshark: of the frames, and of the flows. */
    private List<String> lastCounts(List<byte[]> messages) throws IOException {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (byte[] message : messages) {
            FrameBytes frame = new FrameBytes(2, 1)
                    .type(FrameBytes.IPV4)
                    .ipv4(0x0a01_0001, 0x0a02_0001, FrameBytes.UDP, 0, 0, 8 + message.length)
                    .ports(40_000, 4_739)
                    .u16(8 + message.length)
                    .u16(0);
            for (byte each : message) {
                frame.u8(each & 0xff);
            }
            file.frame(1_700_000_000_000_000_000L, frame.bytes());
        }
        Path path = Files.write(folder.resolve("messages.pcap"), file.bytes());
        return List.of(
                lastFields(
                        path,
                        "cflow.if_name",
                        "cflow.selector_name",
                        "cflow.permanent_packets",
                        "cflow.drop_total_packets",
                        "cflow.ignore_packets"),
                lastFields(path, "cflow.flowsexp", "cflow.notsent_flows"));
    }

    private static String lastFields(Path path, String... fields) {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", path.toString(), "-Tfields", "-Eseparator= "));
        command.addAll(List.of("-Eoccurrence=l", "-Y", fields[0]));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        return VethPair.run(command.toArray(String[]::new))
                .lines()
                .filter(line -> !line.isBlank())
                .reduce("", (_, last) -> last.strip());
    }

    private static void relay(ServerSocket server, Collector collector, List<byte[]> messages) throws IOException {
        try (Socket socket = server.accept();
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DatagramSocket out = new DatagramSocket()) {
            out.connect(InetAddress.getLoopbackAddress(), collector.port);
            byte[] message = new byte[1 << 16];
            while (true) {
                try {
                    in.readFully(message, 0, 4);
                } catch (EOFException _) {
                    return;
                }
                int length = Short.toUnsignedInt(ByteBuffer.wrap(message).getShort(2));
                in.readFully(message, 4, length - 4);
                messages.add(Arrays.copyOf(message, length));
                out.send(new DatagramPacket(message, length));
                VethPair.await(() -> received(collector));
            }
        }
    }
}
