package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.FileProgress;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Deviation;
import io.ringtap.ledger.PaceReport.Throughput;
import io.ringtap.ledger.Softnet;
import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.SpillCounts.Rate;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatsJsonTest {
    /** Counts that no 32 bits and no double hold. */
    private static final long LARGE = 9_007_199_254_740_993L;

    private static final GapCounts GAPS = new GapCounts(
            3,
            4_500_000_000L,
            List.of(
                    new Gap(
                            Instant.parse("2026-11-20T10:00:00.125Z"),
                            Optional.of(Instant.parse("2026-11-20T10:00:02.625Z")),
                            2_500_000_000L,
                            Gap.Cause.NO_CARRIER,
                            ""),
                    new Gap(
                            Instant.parse("2026-11-20T10:11:12.000Z"),
                            Optional.empty(),
                            345_000_000,
                            Gap.Cause.REFUSED,
                            "too many open files")));

    private static final PaceReport PACE = new PaceReport(
            Optional.of(new Throughput(1_000.5, OptionalDouble.of(12_345_678.9))),
            new Throughput(999.25, OptionalDouble.of(12_345_000)),
            Optional.of(new Deviation(2_000, 80_000, 250_000_000, 3_000_000_000L)));

    private static final StatsLook LOOK = new StatsLook(
            new Ledger(
                    List.of(
                            new CaptureCounts(
                                    "uplink",
                                    "ens192",
                                    CaptureState.RUNNING,
                                    LARGE,
                                    3,
                                    1,
                                    OptionalLong.of(4),
                                    LARGE - 5,
                                    LARGE - 9,
                                    0,
                                    7,
                                    4096,
                                    1_500_000_001,
                                    OptionalDouble.empty(),
                                    GapCounts.NONE),
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
                                    120,
                                    0,
                                    4096,
                                    0,
                                    OptionalDouble.empty(),
                                    GAPS)),
                    List.of(new WorkerCounts("analysis", "uplink", LARGE - 5, LARGE - 20, 6, 2, 7, 20_000_000_000L)),
                    List.of(
                            new InjectCounts(
                                    "beacon", "ens192", 5_000_000_000L, 2, new TreeMap<>(Map.of("link down", 2L))),
                            new InjectCounts(
                                    "paced", "ens192", 7, 0, new TreeMap<>(), GapCounts.NONE, Optional.of(PACE))),
                    List.of(new HandlerCounts(
                            "analysis",
                            "uplink",
                            "count",
                            new TreeMap<>(Map.of("0x0800", new TreeMap<>(Map.of("bytes", LARGE, "frames", 9L)))),
                            Set.of("bytes"))),
                    false),
            Instant.parse("2026-11-20T10:11:12.345678Z"),
            Duration.ofSeconds(100, 250_000_000),
            List.of(new TapCounts("uplink", "root (uid 0)", "tcp", LARGE, 3)));

    private static final String JSON = """
            {"timestamp":"2026-11-20T10:11:12.345678000Z","uptime_seconds":100.25,"captures":[\
            {"name":"uplink","interface":"ens192","state":"running","received":9007199254740993,"kernel_dropped":3,"unread":1,\
            "interface_dropped":4,"published":9007199254740988,"cut":9007199254740984,"ring_used":7,"ring_capacity":4096,\
            "blocked_seconds":1.500000001,"gap_count":0,"gap_seconds":0,"gaps":[]},\
            {"name":"side","interface":"lo","state":"waiting","received":0,"kernel_dropped":0,"unread":0,"published":0,\
            "cut":0,"outgoing":120,"ring_used":0,"ring_capacity":4096,"blocked_seconds":0,"gap_count":3,"gap_seconds":4.5,"gaps":[\
            {"from":"2026-11-20T10:00:00.125000000Z","to":"2026-11-20T10:00:02.625000000Z","seconds":2.5,"cause":"no_carrier"},\
            {"from":"2026-11-20T10:11:12.000000000Z","seconds":0.345,"cause":"refused","detail":"too many open files"}]}],\
            "workers":[{"name":"analysis","capture":"uplink","delivered":9007199254740973,"failed":6,"shed":2,"lag":7,\
            "published":9007199254740988,"blocked_seconds":20,"delivery":"detach","shed_share":0,"sampled_out":0,"sieved":0,\
            "duplicate":0}],\
            "injects":[{"name":"beacon","interface":"ens192","sent":5000000000,"failed":2,"failures":{"link down":2},\
            "gap_count":0,"gap_seconds":0,"gaps":[]},\
            {"name":"paced","interface":"ens192","sent":7,"failed":0,"failures":{},"gap_count":0,"gap_seconds":0,"gaps":[],\
            "asked_pps":1000.5,\
            "asked_bps":12345678.9,"achieved_pps":999.25,"achieved_bps":12345000,"deviation_p50_seconds":0.000002,\
            "deviation_p99_seconds":0.00008,"deviation_p999_seconds":0.25,"deviation_max_seconds":3}],\
            "handlers":[{"worker":"analysis","capture":"uplink","type":"count",\
            "table":{"0x0800":{"bytes":9007199254740993,"frames":9}},"gauges":["bytes"]}],\
            "ledger":{"received":9007199254740993,"lost":10,"in_flight":8,"unaccounted":0,"verdict":"VERDICT","losses":[\
            {"stage":"kernel_ring","capture":"uplink","frames":3,"cause":"3 (0.00 %) in the kernel ring of uplink, which was full,\
             because worker analysis held the capture up for 20.0 s","cure":"make its handlers faster, or give it more threads;\
             a larger buffer helps against bursts only"},\
            {"stage":"kernel_ring","capture":"uplink","frames":1,"cause":"1 (0.00 %) in a kernel ring of uplink, whose interface\
             ens192 went before they could be read","cure":"find out in the system's log what took it away"},\
            {"stage":"interface","capture":"uplink","frames":4,"cause":"4 in the interface ens192 before the kernel took them",\
            "cure":"enlarge its receive ring (ethtool -G) or spread its interrupts"},\
            {"stage":"queue","capture":"uplink","worker":"analysis","frames":2,"cause":"2 (0.00 %) shed by the detached worker\
             analysis on uplink, which did not keep up","cure":"make its handlers faster, give it more threads, or have it see a\
             share of the flows (sample); a larger queue helps against bursts only, a spill for as long as it has room"}],\
            "drained":false},\
            "taps":[{"capture":"uplink","user":"root (uid 0)","filter":"tcp","passed":9007199254740993,"shed":3}]}""";

    @Test
    void shouldWriteTheContractFieldByField() {
        String verdict = LOOK.ledger().verdict();
        assertEquals(
                JSON.replace("VERDICT", verdict.replace("\"", "\\\"")),
                StatsJson.write(LOOK).toString());
    }

    @Test
    void shouldReadBackWhatItWrote() throws Exception {
        StatsLook back =
                StatsReader.read(JsonParser.parseString(StatsJson.write(LOOK).toString()));
        assertEquals(LOOK.ledger(), back.ledger());
        assertEquals(LOOK.uptime(), back.uptime());
        assertEquals(LOOK.taps(), back.taps());
        assertEquals(Instant.parse("2026-11-20T10:11:12.345678Z"), back.timestamp());
    }

    @Test
    void shouldPassOverFieldsItDoesNotKnow() throws Exception {
        JsonObject json = StatsJson.write(LOOK);
        json.addProperty("weather", "rain");
        json.getAsJsonArray("captures").get(0).getAsJsonObject().addProperty("colour", 7);
        assertEquals(LOOK.ledger(), StatsReader.read(json).ledger());
    }

    @Test
    void shouldDoWithoutTheFieldsThatTheContractDoesNotHave() throws Exception {
        JsonObject json = StatsJson.write(LOOK);
        json.remove("handlers");
        json.getAsJsonArray("captures").get(0).getAsJsonObject().remove("blocked_seconds");
        json.getAsJsonArray("workers").get(0).getAsJsonObject().remove("blocked_seconds");
        json.getAsJsonArray("workers").get(0).getAsJsonObject().remove("published");
        json.getAsJsonArray("workers").get(0).getAsJsonObject().remove("delivery");
        json.getAsJsonArray("workers").get(0).getAsJsonObject().remove("shed_share");
        json.getAsJsonArray("workers").get(0).getAsJsonObject().remove("sampled_out");
        json.getAsJsonArray("workers").get(0).getAsJsonObject().remove("sieved");
        json.getAsJsonArray("injects").get(0).getAsJsonObject().remove("failures");
        json.getAsJsonArray("injects").get(0).getAsJsonObject().remove("gap_count");
        json.getAsJsonArray("captures").get(1).getAsJsonObject().remove("gap_count");
        json.getAsJsonObject("ledger").remove("drained");
        Ledger ledger = StatsReader.read(json).ledger();
        assertEquals(List.of(), ledger.handlers());
        assertEquals(0, ledger.captures().getFirst().blockedNanos());
        assertEquals(GapCounts.NONE, ledger.captures().get(1).gaps());
        assertEquals(
                new WorkerCounts("analysis", "uplink", LARGE - 12, LARGE - 20, 6, 2, 7, 0),
                ledger.workers().getFirst());
        assertEquals(5_000_000_000L, ledger.injects().getFirst().sent());
    }

    private static StatsLook busy() {
        CaptureCounts capture = new CaptureCounts(
                "uplink",
                "ens192",
                CaptureState.RUNNING,
                9,
                0,
                0,
                OptionalLong.empty(),
                8,
                0,
                0,
                0,
                4096,
                0,
                OptionalDouble.of(0.5),
                GapCounts.NONE);
        WorkerLoad load = new WorkerLoad(
                0.96,
                OptionalLong.of(12_000_000),
                List.of(
                        new HandlerLoad("dns", "udp port 53", 3, 0.9, OptionalLong.of(1_500), OptionalLong.of(80_000)),
                        new HandlerLoad("count", "", 5, 1.0 / 3, OptionalLong.empty(), OptionalLong.empty())));
        WorkerCounts worker =
                new WorkerCounts("analysis", "uplink", "detach", 10, 4, 1, 1, 1, 2, 1, 0, Optional.of(load));
        Ledger ledger = new Ledger(List.of(capture), List.of(worker), List.of(), List.of(), false);
        return new StatsLook(ledger, Instant.EPOCH, Duration.ofSeconds(1));
    }

    @Test
    void shouldWriteHowBusyEachIs() {
        JsonObject json = StatsJson.write(busy());
        assertEquals(
                "0.5",
                json.getAsJsonArray("captures")
                        .get(0)
                        .getAsJsonObject()
                        .get("kernel_ring_fill")
                        .toString());
        assertEquals("""
                {"name":"analysis","capture":"uplink","delivered":4,"failed":1,"shed":1,"lag":1,"published":10,\
                "blocked_seconds":0,"delivery":"detach","shed_share":0.1,"sampled_out":1,"sieved":2,"duplicate":0,"busy_share":0.96,\
                "lag_seconds":0.012,"handlers":[{"type":"dns","filter":"udp port 53","frames":3,"busy_share":0.9,\
                "p50_seconds":0.0000015,"p99_seconds":0.00008},\
                {"type":"count","filter":"","frames":5,"busy_share":0.33333}]}""", json.getAsJsonArray("workers").get(0).toString());
    }

    @Test
    void shouldReadBackHowBusyEachIs() throws Exception {
        JsonObject json = StatsJson.write(busy());
        Ledger back = StatsReader.read(JsonParser.parseString(json.toString())).ledger();
        assertEquals(busy().ledger().captures(), back.captures());
        assertEquals(2, back.workers().getFirst().sieved());
        assertEquals(json, StatsJson.write(new StatsLook(back, Instant.EPOCH, Duration.ofSeconds(1))));
    }

    private static StatsLook spilling() {
        SpillCounts spill = new SpillCounts(
                1_000,
                300_000,
                1_000_000,
                5_000,
                7,
                8,
                1,
                2,
                3,
                4,
                new Rate(10, 3_000),
                new Rate(30, 9_000),
                "no room");
        CaptureCounts capture = new CaptureCounts(
                "files",
                "traces",
                CaptureState.RUNNING,
                9,
                0,
                0,
                OptionalLong.empty(),
                9,
                0,
                0,
                0,
                4096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE,
                BeforeTap.NONE,
                Optional.of(new FileProgress(250, 1_000, 3, 4, 2)));
        WorkerCounts worker = new WorkerCounts(
                "w", "files", "detach", 9_000, 4, 1, 10, 0, 0, 0, 8_984, 0, Optional.empty(), Optional.of(spill));
        Ledger ledger = new Ledger(List.of(capture), List.of(worker), List.of(), List.of(), false);
        return new StatsLook(ledger, Instant.EPOCH, Duration.ofSeconds(1));
    }

    @Test
    void shouldWriteAndReadBackWhatIsSpilledAndHowFarFilesAreRead() throws Exception {
        JsonObject json = StatsJson.write(spilling());
        JsonObject worker = json.getAsJsonArray("workers").get(0).getAsJsonObject();
        assertEquals(50, worker.get("spill_caught_up_seconds").getAsDouble());
        assertFalse(worker.has("spill_until_limit_seconds"), "it gets less");
        assertEquals(1_000, worker.get("spill_frames").getAsLong());
        assertEquals("no room", worker.get("spill_fault").getAsString());
        JsonObject capture = json.getAsJsonArray("captures").get(0).getAsJsonObject();
        assertEquals(6, capture.get("file_left_seconds").getAsDouble());
        Ledger back = StatsReader.read(JsonParser.parseString(json.toString())).ledger();
        assertEquals(spilling().ledger(), back);
    }

    private static StatsLook withLossBeforeTheTap() {
        CaptureCounts capture = new CaptureCounts(
                "uplink",
                "ens192",
                CaptureState.RUNNING,
                9,
                0,
                0,
                OptionalLong.of(1),
                9,
                0,
                0,
                0,
                4096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE,
                new BeforeTap(
                        List.of(
                                new EarlyLoss(EarlyLoss.Cause.NO_BUFFER, "pkts rx OOB", 5),
                                new EarlyLoss(EarlyLoss.Cause.DROPPED, "rx_dropped", LARGE)),
                        Optional.of(new Softnet(282, 3, OptionalLong.of(20)))));
        return new StatsLook(
                new Ledger(List.of(capture), List.of(), List.of(), List.of(), false),
                Instant.EPOCH,
                Duration.ofSeconds(1));
    }

    @Test
    void shouldWriteWhatHappenedBeforeTheTapAndReadItBack() throws Exception {
        JsonObject json = StatsJson.write(withLossBeforeTheTap());
        String text = json.toString();
        assertTrue(text.contains("""
                "gaps":[],"driver_dropped":5,"before_tap":[\
                {"cause":"no_buffer","counter":"pkts rx OOB","frames":5,"certain":true},\
                {"cause":"dropped","counter":"rx_dropped","frames":9007199254740993,"certain":false}],\
                "softnet_dropped":282,"softnet_time_squeezed":3,"netdev_max_backlog":20}"""), text);
        assertTrue(text.contains("\"lost\":6,"), text);
        assertEquals(withLossBeforeTheTap(), StatsReader.read(JsonParser.parseString(text)));
        String later = text.replace("\"dropped\",\"counter\"", "\"of a later version\",\"counter\"");
        assertEquals(
                EarlyLoss.Cause.UNKNOWN,
                StatsReader.read(JsonParser.parseString(later))
                        .ledger()
                        .captures()
                        .getFirst()
                        .beforeTap()
                        .losses()
                        .get(1)
                        .cause());
    }

    @Test
    void shouldSayWhichFieldOfTheContractIsMissing() {
        JsonObject json = StatsJson.write(LOOK);
        json.getAsJsonArray("workers").get(0).getAsJsonObject().remove("shed");
        ControlException e = assertThrows(ControlException.class, () -> StatsReader.read(json));
        assertEquals(
                "the daemon's counts cannot be read: shed is missing: use the ringtap of the daemon's version",
                e.getMessage());
        for (String wrong : List.of(
                "7",
                "{}",
                "null",
                "{\"captures\":[7]}",
                JSON.replace(":3,", ":\"x\","),
                JSON.replace(":3,", ":{},"),
                JSON.replace(":3,", ":[],"),
                JSON.replace(":3,", ":0.5,"),
                JSON.replace(":3,", ":9223372036854775808,"),
                JSON.replace("2026-", ""),
                JSON.replace("running", "flying"),
                JSON.replace("\"failures\":{\"link down\":2}", "\"failures\":2"))) {
            assertThrows(ControlException.class, () -> StatsReader.read(JsonParser.parseString(wrong)), wrong);
        }
    }
}
