package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures, workers, streams and statistics of one configuration, all at once. */
@Tag("live")
class WholeJobTest extends SenderFixture {
    private static final String CONFIG = """
            [[capture]]
            name = "uplink"
            interface = "rt0"
            [[capture]]
            name = "trace"
            file = "FOLDER/trace.pcap"
            [[worker]]
            name = "analysis"
            captures = ["uplink"]
            threads = 2
            [[worker.handler]]
            type = "count"
            [[worker]]
            name = "recorder"
            share = "round-robin"
            [[worker.handler]]
            type = "count"
            [[inject]]
            name = "mark"
            interface = "rt0"
            every-frames = 1000
            capture = "uplink"
            [inject.frame]
            destination = "aa:bb:cc:dd:ee:ff"
            source = "00:11:22:33:44:55"
            ethertype = 0x88b5
            payload = "01 02 03 04 05 06 07 08 09 0a"
            [[inject]]
            name = "beacon"
            interface = "rt0"
            every = "50 ms"
            count = 3
            [inject.frame]
            destination = "ff:ff:ff:ff:ff:ff"
            ethertype = 0x88b6
            payload = "ca fe"
            [control]
            socket = "FOLDER/control.sock"
            [metrics]
            listen = "127.0.0.1:PORT"
            """;

    @TempDir
    private Path folder;

    private int metricsPort;

    private RingtapProcess start() throws Exception {
        byte[] frame = FarSender.udp(80);
        byte[] trace = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                .frame(1, frame)
                .frame(2, typed(0x86dd, 70))
                .frame(3, frame)
                .bytes();
        Files.write(folder.resolve("trace.pcap"), trace);
        Path config = folder.resolve("ringtap.toml");
        try (ServerSocket free = new ServerSocket(0)) {
            metricsPort = free.getLocalPort();
        }
        Files.writeString(config, CONFIG.replace("FOLDER", folder.toString()).replace("PORT", "" + metricsPort));
        return RingtapProcess.start("run", "--config", config.toString()).awaitReady();
    }

    private RingtapProcess stats(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "stats";
        all[1] = "--socket";
        all[2] = folder.resolve("control.sock").toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return RingtapProcess.start(all);
    }

    private JsonObject statsJson() {
        try (RingtapProcess stats = stats("--json")) {
            assertEquals(0, stats.exitCode(), stats.toString());
            assertEquals(1, stats.out().size());
            return JsonParser.parseString(stats.out().getFirst()).getAsJsonObject();
        }
    }

    private void awaitHandled() {
        VethPair.await(
                () -> statsJson().getAsJsonObject("ledger").get("in_flight").getAsLong() == 0);
    }

    private static byte[] typed(int etherType, int length) {
        byte[] frame = FarSender.udp(length);
        frame[12] = (byte) (etherType >>> 8);
        frame[13] = (byte) etherType;
        return frame;
    }

    private void send() {
        far.sendUdp(5_000, 100, 50_000);
        for (int i = 0; i < 300; i++) {
            far.send(typed(0x0806, 60));
        }
        for (int i = 0; i < 200; i++) {
            far.send(typed(0x86dd, 300));
        }
    }

    private static String beaconSource() {
        return VethPair.run("ip", "-o", "link", "show", VethPair.NEAR)
                .replaceAll("(?s).*link/ether ([0-9a-f:]+).*", "$1");
    }

    @Test
    void shouldCaptureHandleInjectAndTellWhatItDid() throws Exception {
        try (FarFrames arriving = FarFrames.open(folder);
                RingtapProcess ringtap = start()) {
            send();
            String mark = "aa:bb:cc:dd:ee:ff 00:11:22:33:44:55 0x88b5 0102030405060708090a";
            String beacon = "ff:ff:ff:ff:ff:ff " + beaconSource() + " 0x88b6 cafe";
            List<String> arrived = arriving.decoded(8);
            assertEquals(8, arrived.size(), arrived.toString());
            assertEquals(5, Collections.frequency(arrived, mark), arrived.toString());
            assertEquals(3, Collections.frequency(arrived, beacon), arrived.toString());

            awaitHandled();
            JsonObject stats = statsJson();
            assertContract(stats);
            assertTables(stats);
            assertMetrics();
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of(
                            "capture=uplink interface=rt0 received=5500 kernel_dropped=0 published=5500",
                            "capture=trace interface=" + folder + "/trace.pcap received=3 kernel_dropped=0 published=3",
                            "worker=analysis capture=uplink delivered=5500 failed=0 shed=0",
                            "worker=recorder capture=uplink delivered=5500 failed=0 shed=0",
                            "worker=recorder capture=trace delivered=3 failed=0 shed=0",
                            "inject=mark sent=5 failed=0",
                            "inject=beacon sent=3 failed=0",
                            "ledger lost=0 unaccounted=0"),
                    ringtap.ledger());
        }
    }

    private static void assertContract(JsonObject stats) {
        Map<String, String> fields = Map.of(
                "captures", "name interface state received kernel_dropped published ring_used ring_capacity",
                "workers", "name capture delivered failed shed lag",
                "injects", "name interface sent failed");
        fields.forEach((array, names) -> {
            for (JsonElement each : stats.getAsJsonArray(array)) {
                assertTrue(each.getAsJsonObject().keySet().containsAll(List.of(names.split(" ", -1))), each.toString());
            }
        });
        JsonObject ledger = stats.getAsJsonObject("ledger");
        assertEquals(5_503, ledger.get("received").getAsLong());
        assertEquals(0, ledger.get("lost").getAsLong());
        assertEquals(0, ledger.get("unaccounted").getAsLong());
        assertEquals("lost 0", ledger.get("verdict").getAsString());
        assertEquals(
                "{trace=ended, uplink=running}",
                stats.getAsJsonArray("captures").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .collect(Collectors.toMap(
                                c -> c.get("name").getAsString(),
                                c -> c.get("state").getAsString(),
                                (a, b) -> a,
                                TreeMap::new))
                        .toString());
    }

    private static void assertTables(JsonObject stats) {
        String uplink = "{\"0x0800\":{\"bytes\":500000,\"frames\":5000},\"0x0806\":{\"bytes\":18000,\"frames\":300},"
                + "\"0x86dd\":{\"bytes\":60000,\"frames\":200}}";
        String trace = "{\"0x0800\":{\"bytes\":160,\"frames\":2},\"0x86dd\":{\"bytes\":70,\"frames\":1}}";
        Map<String, String> tables = stats.getAsJsonArray("handlers").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.toMap(
                        h -> h.get("worker").getAsString() + " "
                                + h.get("capture").getAsString(),
                        h -> h.getAsJsonObject("table").toString()));
        assertEquals(Map.of("analysis uplink", uplink, "recorder uplink", uplink, "recorder trace", trace), tables);
    }

    private void assertMetrics() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
        String metrics;
        try (InputStream in = uri.toURL().openStream()) {
            metrics = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (String line : List.of(
                "ringtap_capture_received_frames_total{capture=\"uplink\",interface=\"rt0\"} 5500.0",
                "ringtap_worker_delivered_frames_total{capture=\"uplink\",worker=\"analysis\"} 5500.0",
                "ringtap_inject_sent_frames_total{interface=\"rt0\",stream=\"mark\"} 5.0",
                "ringtap_unaccounted_frames 0.0")) {
            assertTrue(metrics.contains("\n" + line + "\n"), line + " in " + metrics);
        }
    }

    @Test
    void shouldShowATableAndGoOnShowingUntilInterrupted() throws Exception {
        try (RingtapProcess ringtap = start()) {
            send();
            awaitHandled();
            try (RingtapProcess stats = stats()) {
                assertEquals(0, stats.exitCode(), stats.toString());
                assertEquals("lost 0", stats.out().getLast());
                for (String stage : List.of(
                        "interface  uplink",
                        "kernel     uplink",
                        "ring       trace",
                        "worker     recorder on trace",
                        "stream     mark")) {
                    assertTrue(stats.out().stream().anyMatch(l -> l.startsWith(stage)), stage + ": " + stats);
                }
            }
            try (RingtapProcess watch = stats("--watch", "--json", "--interval", "0.1")) {
                VethPair.await(() -> watch.out().size() >= 3);
                watch.signal("INT");
                assertEquals(0, watch.exitCode(), watch.toString());
                assertEquals(List.of(), watch.err());
            }
            ringtap.signal("INT");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        }
    }
}
