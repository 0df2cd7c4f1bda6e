package io.ringtap.daemon.cli.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.control.StatsLook;
import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatsTableTest {
    private static StatsLook look(long seconds, long frames) {
        long published = frames - 1_000;
        return new StatsLook(
                new Ledger(
                        List.of(
                                new CaptureCounts(
                                        "uplink",
                                        "ens192",
                                        CaptureState.RUNNING,
                                        frames,
                                        900,
                                        0,
                                        OptionalLong.of(50),
                                        published,
                                        12,
                                        0,
                                        20,
                                        4096,
                                        2_340_000_000L,
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
                                        0,
                                        0,
                                        4096,
                                        0,
                                        OptionalDouble.empty(),
                                        GapCounts.NONE)),
                        List.of(
                                new WorkerCounts(
                                        "analysis", "uplink", published, published - 25, 5, 0, 20, 2_340_000_000L),
                                new WorkerCounts("recorder", "uplink", published, published, 0, 0, 0, 0)),
                        List.of(new InjectCounts(
                                "beacon", "ens192", seconds, 2, new TreeMap<>(Map.of("link down", 2L)))),
                        List.of(new HandlerCounts(
                                "analysis",
                                "uplink",
                                "count",
                                new TreeMap<>(Map.of(
                                        "0x0800", new TreeMap<>(Map.of("frames", 1_234_567L, "bytes", 7L)),
                                        "evil\033[2J", new TreeMap<>(Map.of("frames", 3L)))))),
                        false),
                Instant.EPOCH,
                Duration.ofSeconds(seconds));
    }

    private static final String STAGES = """

            stage      name                    frames in            out  lost       out/s
            interface  uplink              5,000,000,050  5,000,000,000    50  50,000,000  running on ens192
            kernel     uplink              5,000,000,000  4,999,999,000   900  49,999,990  100 waiting, 12 cut
            ring       uplink              4,999,999,000  4,999,998,980     0  49,999,990  20 of 4,096 slots, waited 2.3 s
            worker     analysis on uplink  4,999,999,000  4,999,998,975     0  49,999,990  5 failed, 20 behind, held the capture up for 2.3 s
            worker     recorder on uplink  4,999,999,000  4,999,999,000     0  49,999,990
            interface  side                            -              0     -         0.0  waiting on lo
            kernel     side                            0              0     0         0.0
            ring       side                            0              0     0         0.0  0 of 4,096 slots
            stream     beacon                        102            100     2         1.0  on ens192, 2 link down

            handler of analysis on uplink
            count     captured bytes     frames
            0x0800                 7  1,234,567
            evil?[2J               -          3

            lost 950: 900 (0.00 %) in the kernel ring of uplink, which was full, \
            because worker analysis held the capture up for 2.3 s: make its handlers faster, or give it more threads; \
            a larger buffer helps against bursts only; \
            50 in the interface ens192 before the kernel took them: enlarge its receive ring (ethtool -G) or spread its interrupts; \
            5 frames failed in a handler (see the log)
            """;

    @Test
    void shouldFollowTheFramesStageByStage() {
        assertEquals(
                "up 1 min 40 s, rates on average since the start\n" + STAGES,
                StatsTable.text(look(100, 5_000_000_000L), Optional.empty()));
    }

    @Test
    void shouldShowWhatWasLostBeforeTheTapAndWhatMayHaveBeen() {
        BeforeTap beforeTap = new BeforeTap(
                List.of(
                        new EarlyLoss(EarlyLoss.Cause.XDP, "rx_xdp_drop", 1_000),
                        new EarlyLoss(EarlyLoss.Cause.NO_BUFFER, "pkts rx OOB", 2_000),
                        new EarlyLoss(EarlyLoss.Cause.DAMAGED, "rx_crc_errors", 0)),
                Optional.empty());
        CaptureCounts capture = new CaptureCounts(
                "up",
                "ens192",
                CaptureState.RUNNING,
                500,
                0,
                0,
                OptionalLong.of(7),
                500,
                0,
                0,
                0,
                4096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE,
                beforeTap);
        Ledger ledger = new Ledger(List.of(capture), List.of(), List.of(), List.of(), false);
        List<String> stages = StatsTable.text(
                        new StatsLook(ledger, Instant.EPOCH, Duration.ofSeconds(1)), Optional.empty())
                .lines()
                .skip(2)
                .limit(4)
                .map(line -> line.replaceAll(" +", " "))
                .toList();
        assertEquals(
                List.of(
                        "stage name frames in out lost out/s",
                        "card up - - 2,000 - pkts rx OOB of ens192",
                        "xdp up - - 1,000? - rx_xdp_drop of ens192",
                        "interface up 507 500 7 500 running on ens192"),
                stages);
    }

    @Test
    void shouldTellRatesSinceTheLookBefore() {
        String text = StatsTable.text(look(102, 5_000_700_000L), Optional.of(look(100, 5_000_000_000L)));
        assertEquals(
                "up 1 min 42 s, rates over the last 2.00 s",
                text.lines().findFirst().orElseThrow());
        assertEquals(
                List.of("350,000", "350,000", "350,000", "350,000", "350,000", "0.0", "0.0", "0.0", "1.0"),
                rates(text));
    }

    @Test
    void shouldShowHowBusyEachIsAndWhatWasShedAndSampledOut() {
        CaptureCounts capture = new CaptureCounts(
                "up",
                "ens192",
                CaptureState.RUNNING,
                2_000,
                0,
                0,
                OptionalLong.of(0),
                1_000,
                0,
                0,
                0,
                4096,
                0,
                OptionalDouble.of(0.74),
                GapCounts.NONE);
        WorkerLoad busy = new WorkerLoad(
                0.96,
                OptionalLong.of(12_300_000),
                List.of(new HandlerLoad(
                        "dns", "udp port 53", 300, 0.9, OptionalLong.of(950), OptionalLong.of(80_120))));
        WorkerLoad idle = new WorkerLoad(
                0,
                OptionalLong.empty(),
                List.of(new HandlerLoad("count", "", 1_000, 0, OptionalLong.empty(), OptionalLong.empty())));
        List<WorkerCounts> workers = List.of(
                new WorkerCounts("slow", "up", "gate", 1_000, 300, 0, 0, 0, 0, 700, 0, Optional.of(busy)),
                new WorkerCounts("apart", "up", "detach", 1_000, 600, 0, 300, 100, 0, 0, 0, Optional.of(idle)));
        Ledger ledger = new Ledger(List.of(capture), workers, List.of(), List.of(), false);
        String text = StatsTable.text(new StatsLook(ledger, Instant.EPOCH, Duration.ofSeconds(10)), Optional.empty());
        assertEquals("""
                up 10 s, rates on average since the start

                stage      name         frames in    out  lost  out/s
                interface  up               2,000  2,000     0    200  running on ens192
                kernel     up               2,000  1,000     0    100  1,000 waiting, 74 % full
                ring       up               1,000    300     0   30.0  0 of 4,096 slots
                worker     slow on up       1,000    300     0   30.0  96 % busy, 700 behind (12.3 ms)
                worker     apart on up      1,000    600   300   60.0  shed 30.00 %, 100 sampled out, 0 % busy

                handler  of worker    frames    busy     p50      p99
                dns      slow on up      300  90.0 %  950 ns  80.1 us  udp port 53
                count    apart on up   1,000   0.0 %       -        -

                lost 300: 300 (30.00 %) shed by the detached worker apart on up, which did not keep up: make its handlers faster, give it more threads, or have it see a share of the flows (sample); a larger queue helps against bursts only, a spill for as long as it has room; \
                worker slow is the bottleneck: 96 % busy, kernel ring of up 74 % full: make its handlers faster, \
                give it more threads, or delivery = "detach"
                """, text);
    }

    private static List<String> rates(String text) {
        return text.lines()
                .filter(line -> line.matches("(interface|kernel|ring|worker|stream) .*"))
                .map(line -> line.split(" {2,}", -1)[5])
                .toList();
    }

    @Test
    void shouldNotCompareWithADaemonThatWasRestarted() {
        StatsLook now = look(2, 700_000);
        assertEquals(
                StatsTable.text(now, Optional.empty()), StatsTable.text(now, Optional.of(look(100, 5_000_000_000L))));
    }

    @Test
    void shouldHaveNoRateInTheMomentOfTheStart() {
        String text = StatsTable.text(look(0, 1000), Optional.empty());
        assertTrue(text.startsWith("up 0 s, "));
        assertEquals(List.of("-", "-", "-", "-", "-", "-", "-", "-", "-"), rates(text));
    }

    @Test
    void shouldGiveLongTimesInLargeUnits() {
        assertTrue(StatsTable.text(look(3 * 3600 + 125, 1000), Optional.empty()).startsWith("up 3 h 2 min, "));
        assertTrue(StatsTable.text(look(50 * 3600, 1000), Optional.empty()).startsWith("up 2 d 2 h, "));
    }

    @Test
    void shouldSayWhyACaptureOrAStreamWaitsAndWhatGapsThereWere() {
        Gap lasting = new Gap(Instant.EPOCH, Optional.empty(), 2_500_000_000L, Gap.Cause.NO_CARRIER, "");
        Gap over = new Gap(Instant.EPOCH, Optional.of(Instant.EPOCH), 1_000_000_000L, Gap.Cause.MISSING, "");
        String text = StatsTable.text(
                new StatsLook(
                        new Ledger(
                                List.of(new CaptureCounts(
                                        "up",
                                        "ens192",
                                        CaptureState.WAITING,
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
                                        new GapCounts(2, 3_500_000_000L, List.of(over, lasting)))),
                                List.of(),
                                List.of(new InjectCounts(
                                        "beacon",
                                        "ens224",
                                        1,
                                        0,
                                        new TreeMap<>(),
                                        new GapCounts(1, 1_000_000_000L, List.of(over)))),
                                List.of(),
                                false),
                        Instant.EPOCH,
                        Duration.ofSeconds(10)),
                Optional.empty());
        assertTrue(text.contains("waiting on ens192, which has no carrier, for 2.5 s; 2 gaps, 3.5 s\n"), text);
        assertTrue(text.contains("on ens224; 1 gap, 1.0 s\n"), text);
        assertTrue(text.endsWith("lost 0; capture up waits for ens192, which has no carrier, for 2.5 s\n"), text);
    }
}
