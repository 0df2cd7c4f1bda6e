package io.ringtap.daemon.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Deviation;
import io.ringtap.ledger.PaceReport.Throughput;
import io.ringtap.ledger.Softnet;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
    private static final Path MONITORING = Path.of("monitoring");
    private static final HandlerLoad FLOWS =
            new HandlerLoad("flows", "", 960, 0.5, OptionalLong.empty(), OptionalLong.empty());

    private static final PaceReport PACE = new PaceReport(
            Optional.of(new Throughput(1_000, OptionalDouble.of(512_000))),
            new Throughput(999, OptionalDouble.of(511_488)),
            Optional.of(new Deviation(1_000, 2_000_000, 500_000_000, 3_000_000_000L)));

    private static Ledger ledger(CaptureState state) {
        return new Ledger(
                List.of(
                        new CaptureCounts(
                                "up\"link",
                                "ens192",
                                state,
                                1_000,
                                30,
                                5,
                                OptionalLong.of(4),
                                960,
                                6,
                                0,
                                7,
                                4_096,
                                1_500_000_000,
                                OptionalDouble.of(0.25),
                                GapCounts.NONE,
                                new BeforeTap(
                                        List.of(
                                                new EarlyLoss(EarlyLoss.Cause.NO_BUFFER, "pkts rx OOB", 8),
                                                new EarlyLoss(EarlyLoss.Cause.DROPPED, "rx_dropped", 0)),
                                        Optional.of(new Softnet(282, 3, OptionalLong.empty())))),
                        new CaptureCounts(
                                "side",
                                "lo",
                                CaptureState.WAITING,
                                0,
                                0,
                                0,
                                OptionalLong.empty(),
                                0,
                                0,
                                0,
                                0,
                                4_096,
                                0,
                                OptionalDouble.empty(),
                                new GapCounts(3, 4_500_000_000L, List.of()))),
                List.of(new WorkerCounts(
                        "analysis",
                        "up\"link",
                        "detach",
                        960,
                        930,
                        6,
                        2,
                        10,
                        4,
                        12,
                        20_000_000_000L,
                        Optional.of(new WorkerLoad(0.75, OptionalLong.of(3_500_000), List.of(FLOWS, FLOWS))))),
                List.of(new InjectCounts(
                        "beacon",
                        "ens192",
                        50,
                        2,
                        new TreeMap<>(Map.of("link down", 2L)),
                        GapCounts.NONE,
                        Optional.of(PACE))),
                List.of(new HandlerCounts(
                        "analysis",
                        "up\"link",
                        "flows",
                        new TreeMap<>(Map.of("all", new TreeMap<>(Map.of("open", 3L, "frames", 9L)))),
                        Set.of("open"))),
                false);
    }

    private static HttpResponse<String> get(MetricsServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    private static MetricsServer openServer(InetSocketAddress address, Supplier<Ledger> ledger) throws OpenException {
        return MetricsServer.open(address, ledger, _ -> {}, Optional.empty());
    }

    private static MetricsServer open(CaptureState state) throws OpenException {
        return openServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), () -> ledger(state));
    }

    private static String promtool(String input, String... arguments) throws IOException, InterruptedException {
        Process promtool =
                new ProcessBuilder(arguments).redirectErrorStream(true).start();
        promtool.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, promtool.waitFor(), output);
        return output;
    }

    @Test
    void shouldServeEveryStageOfTheLedger() throws Exception {
        try (MetricsServer server = open(CaptureState.RUNNING)) {
            HttpResponse<String> response = get(server, "/metrics");
            assertEquals(200, response.statusCode());
            List<String> own = response.body()
                    .lines()
                    .filter(line -> line.startsWith("ringtap_"))
                    .sorted()
                    .toList();
            assertEquals("""
                    ringtap_capture_before_tap_frames_total{capture="up\\"link",cause="dropped",certain="false",counter="rx_dropped",interface="ens192"} 0.0
                    ringtap_capture_before_tap_frames_total{capture="up\\"link",cause="no_buffer",certain="true",counter="pkts rx OOB",interface="ens192"} 8.0
                    ringtap_capture_blocked_seconds_total{capture="side",interface="lo"} 0.0
                    ringtap_capture_blocked_seconds_total{capture="up\\"link",interface="ens192"} 1.5
                    ringtap_capture_cut_frames_total{capture="side",interface="lo"} 0.0
                    ringtap_capture_cut_frames_total{capture="up\\"link",interface="ens192"} 6.0
                    ringtap_capture_driver_dropped_frames_total{capture="up\\"link",interface="ens192"} 8.0
                    ringtap_capture_gap_seconds_total{capture="side",interface="lo"} 4.5
                    ringtap_capture_gap_seconds_total{capture="up\\"link",interface="ens192"} 0.0
                    ringtap_capture_gaps_total{capture="side",interface="lo"} 3.0
                    ringtap_capture_gaps_total{capture="up\\"link",interface="ens192"} 0.0
                    ringtap_capture_interface_dropped_frames_total{capture="up\\"link",interface="ens192"} 4.0
                    ringtap_capture_kernel_dropped_frames_total{capture="side",interface="lo"} 0.0
                    ringtap_capture_kernel_dropped_frames_total{capture="up\\"link",interface="ens192"} 30.0
                    ringtap_capture_kernel_ring_fill_ratio{capture="up\\"link",interface="ens192"} 0.25
                    ringtap_capture_published_frames_total{capture="side",interface="lo"} 0.0
                    ringtap_capture_published_frames_total{capture="up\\"link",interface="ens192"} 960.0
                    ringtap_capture_received_frames_total{capture="side",interface="lo"} 0.0
                    ringtap_capture_received_frames_total{capture="up\\"link",interface="ens192"} 1000.0
                    ringtap_capture_ring_capacity_frames{capture="side",interface="lo"} 4096.0
                    ringtap_capture_ring_capacity_frames{capture="up\\"link",interface="ens192"} 4096.0
                    ringtap_capture_ring_used_frames{capture="side",interface="lo"} 0.0
                    ringtap_capture_ring_used_frames{capture="up\\"link",interface="ens192"} 7.0
                    ringtap_capture_softnet_dropped_frames_total{capture="up\\"link",interface="ens192"} 282.0
                    ringtap_capture_softnet_time_squeezes_total{capture="up\\"link",interface="ens192"} 3.0
                    ringtap_capture_state{capture="side",interface="lo",state="ended"} 0.0
                    ringtap_capture_state{capture="side",interface="lo",state="failed"} 0.0
                    ringtap_capture_state{capture="side",interface="lo",state="running"} 0.0
                    ringtap_capture_state{capture="side",interface="lo",state="waiting"} 1.0
                    ringtap_capture_state{capture="up\\"link",interface="ens192",state="ended"} 0.0
                    ringtap_capture_state{capture="up\\"link",interface="ens192",state="failed"} 0.0
                    ringtap_capture_state{capture="up\\"link",interface="ens192",state="running"} 1.0
                    ringtap_capture_state{capture="up\\"link",interface="ens192",state="waiting"} 0.0
                    ringtap_capture_unread_frames_total{capture="side",interface="lo"} 0.0
                    ringtap_capture_unread_frames_total{capture="up\\"link",interface="ens192"} 5.0
                    ringtap_handler_busy_ratio{capture="up\\"link",handler="flows",worker="analysis"} 0.5
                    ringtap_handler_busy_ratio{capture="up\\"link",handler="flows-2",worker="analysis"} 0.5
                    ringtap_handler_count_total{capture="up\\"link",column="frames",handler="flows",row="all",worker="analysis"} 9.0
                    ringtap_handler_value{capture="up\\"link",column="open",handler="flows",row="all",worker="analysis"} 3.0
                    ringtap_in_flight_frames 13.0
                    ringtap_inject_achieved_bytes_per_second{interface="ens192",stream="beacon"} 63936.0
                    ringtap_inject_achieved_frames_per_second{interface="ens192",stream="beacon"} 999.0
                    ringtap_inject_asked_bytes_per_second{interface="ens192",stream="beacon"} 64000.0
                    ringtap_inject_asked_frames_per_second{interface="ens192",stream="beacon"} 1000.0
                    ringtap_inject_deviation_seconds{interface="ens192",share="0.5",stream="beacon"} 1.0E-6
                    ringtap_inject_deviation_seconds{interface="ens192",share="0.99",stream="beacon"} 0.002
                    ringtap_inject_deviation_seconds{interface="ens192",share="0.999",stream="beacon"} 0.5
                    ringtap_inject_deviation_seconds{interface="ens192",share="1",stream="beacon"} 3.0
                    ringtap_inject_failed_frames_total{cause="link down",interface="ens192",stream="beacon"} 2.0
                    ringtap_inject_gap_seconds_total{interface="ens192",stream="beacon"} 0.0
                    ringtap_inject_gaps_total{interface="ens192",stream="beacon"} 0.0
                    ringtap_inject_sent_frames_total{interface="ens192",stream="beacon"} 50.0
                    ringtap_lost_frames_total 49.0
                    ringtap_unaccounted_frames 0.0
                    ringtap_worker_blocked_seconds_total{capture="up\\"link",worker="analysis"} 20.0
                    ringtap_worker_busy_ratio{capture="up\\"link",worker="analysis"} 0.75
                    ringtap_worker_delivered_frames_total{capture="up\\"link",worker="analysis"} 930.0
                    ringtap_worker_duplicate_frames_total{capture="up\\"link",worker="analysis"} 0.0
                    ringtap_worker_failed_frames_total{capture="up\\"link",worker="analysis"} 6.0
                    ringtap_worker_lag_frames{capture="up\\"link",worker="analysis"} 12.0
                    ringtap_worker_lag_seconds{capture="up\\"link",worker="analysis"} 0.0035
                    ringtap_worker_sampled_out_frames_total{capture="up\\"link",worker="analysis"} 10.0
                    ringtap_worker_shed_frames_total{capture="up\\"link",worker="analysis"} 2.0
                    ringtap_worker_sieved_frames_total{capture="up\\"link",worker="analysis"} 4.0""".lines().toList(), own);
        }
    }

    @Test
    void shouldKeepToTheConventionsOfPrometheus() throws Exception {
        try (MetricsServer server = open(CaptureState.RUNNING)) {
            String metrics = get(server, "/metrics").body();
            assertTrue(metrics.contains("\njvm_memory_used_bytes{"), metrics);
            assertEquals("", promtool(metrics, "promtool", "check", "metrics"));
        }
    }

    /** As one that keeps native histograms does: Protocol Buffers before all. */
    @Test
    void shouldAnswerInTheTextFormatThatIsAskedForAndZipped() throws Exception {
        String protocolBuffers =
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
        try (MetricsServer server = open(CaptureState.RUNNING)) {
            HttpResponse<byte[]> plain = getZipped(server, protocolBuffers + ",text/plain;version=0.0.4;q=0.5");
            assertEquals("text/plain; version=0.0.4; charset=utf-8", contentType(plain));
            assertTrue(unzipped(plain).contains("\nringtap_lost_frames_total 49.0\n"));
            HttpResponse<byte[]> open =
                    getZipped(server, protocolBuffers + ",application/openmetrics-text;version=1.0.0;q=0.8");
            assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", contentType(open));
            assertTrue(unzipped(open).endsWith("\n# EOF\n"));
        }
    }

    private static HttpResponse<byte[]> getZipped(MetricsServer server, String accepted) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .headers("Accept", accepted, "Accept-Encoding", "gzip")
                            .build(),
                    BodyHandlers.ofByteArray());
        }
    }

    private static String contentType(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Content-Type").orElseThrow();
    }

    private static String unzipped(HttpResponse<byte[]> response) throws IOException {
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellTwoHandlersOfATypeApart() throws Exception {
        HandlerCounts watch = new HandlerCounts(
                "w", "c", "watch", new TreeMap<>(Map.of("alarms", new TreeMap<>(Map.of("raised", 1L)))));
        Ledger twice = new Ledger(List.of(), List.of(), List.of(), List.of(watch, watch), false);
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (MetricsServer server = openServer(any, () -> twice)) {
            String metrics = get(server, "/metrics").body();
            assertTrue(metrics.contains("handler=\"watch\",row=\"alarms\",worker=\"w\"} 1.0"), metrics);
            assertTrue(metrics.contains("handler=\"watch-2\",row=\"alarms\",worker=\"w\"} 1.0"), metrics);
        }
    }

    @Test
    void shouldReadTheCountsAtEachScrapeAndNotBetween() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (MetricsServer server = openServer(any, () -> {
            InjectCounts sent = new InjectCounts("s", "a", looks.incrementAndGet(), 0, new TreeMap<>());
            return new Ledger(List.of(), List.of(), List.of(sent), List.of(), false);
        })) {
            int before = looks.get();
            String name = "ringtap_inject_sent_frames_total{interface=\"a\",stream=\"s\"} ";
            for (int scrape = before + 1; scrape <= before + 3; scrape++) {
                assertTrue(get(server, "/metrics").body().contains(name + scrape + ".0"), "scrape " + scrape);
            }
            assertEquals(before + 3, looks.get());
        }
    }

    @Test
    void shouldBeWellUntilACaptureHasFailed() throws Exception {
        try (MetricsServer server = open(CaptureState.RUNNING)) {
            HttpResponse<String> response = get(server, "/healthz");
            assertEquals(200, response.statusCode());
            assertEquals("ok\nwaiting: side\n", response.body());
        }
        try (MetricsServer server = open(CaptureState.FAILED)) {
            HttpResponse<String> response = get(server, "/healthz");
            assertEquals(503, response.statusCode());
            assertEquals("failed: up\"link\nwaiting: side\n", response.body());
        }
    }

    @Test
    void shouldSayWhichAddressIsTaken() throws Exception {
        try (MetricsServer server = open(CaptureState.RUNNING)) {
            OpenException taken = assertThrows(
                    OpenException.class,
                    () -> openServer(server.address(), () -> ledger(CaptureState.RUNNING))
                            .close());
            assertEquals(
                    "metrics: cannot listen on 127.0.0.1:"
                            + server.address().getPort()
                            + ": Address already in use; choose another address for metrics.listen",
                    taken.getMessage());
        }
    }

    @Test
    void shouldSayWhichAddressIsNotThere() {
        OpenException refused = assertThrows(
                OpenException.class,
                () -> openServer(
                                new InetSocketAddress("2001:db8:0:0:0:0:0:1", 9464), () -> ledger(CaptureState.RUNNING))
                        .close());
        assertTrue(
                refused.getMessage().startsWith("metrics: cannot listen on [2001:db8::1]:9464: "),
                refused.getMessage());
    }

    @Test
    void shouldShipRulesAndADashboardOfMetricsThatThereAre() throws Exception {
        Path rules = MONITORING.resolve("ringtap.rules.yml");
        assertTrue(promtool("", "promtool", "check", "rules", rules.toString()).contains("SUCCESS: 13 rules found"));
        String served;
        try (MetricsServer server = open(CaptureState.RUNNING)) {
            served = get(server, "/metrics").body();
        }
        for (Path file : List.of(rules, MONITORING.resolve("ringtap-dashboard.json"))) {
            Matcher names = Pattern.compile("\\b(ringtap|jvm)_[a-z_]+").matcher(Files.readString(file));
            assertTrue(names.find());
            do {
                assertTrue(
                        served.contains("\n" + names.group() + "{") || served.contains("\n" + names.group() + " "),
                        names.group() + " in " + file);
            } while (names.find());
        }
        assertFalse(
                served.contains("ringtap_capture_interface_dropped_frames_total{capture=\"side\""), "not 0: absent");
    }
}
