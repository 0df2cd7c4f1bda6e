package io.ringtap.daemon.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.page.History.Line;
import io.ringtap.daemon.page.Mark.Kind;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History(Looks.at(0, 0), 3);

    private static float[] line(History.Past past, String name) {
        return past.lines().stream()
                .filter(line -> line.name().equals(name))
                .map(Line::values)
                .findFirst()
                .orElseThrow();
    }

    private static GapCounts gap(Instant from, Optional<Instant> to) {
        return new GapCounts(1, 1_500_000_000, List.of(new Gap(from, to, 1_500_000_000, Gap.Cause.DOWN, "")));
    }

    @Test
    void shouldMakeOfTwoLooksWhatTheChartsShow() {
        history.add(Looks.at(2, 100, 10, 0, GapCounts.NONE));
        Map<String, Double> shown = new TreeMap<>();
        history.now().readings().forEach(each -> shown.put(each.chart() + " " + each.name(), each.value()));
        assertEquals(
                new TreeMap<>(Map.ofEntries(
                        Map.entry("FRAMES uplink received", 50.0),
                        Map.entry("FRAMES analysis on uplink handled", 45.0),
                        Map.entry("FRAMES beacon sent", 5.0),
                        Map.entry("LOST uplink kernel ring", 5.0),
                        Map.entry("FILL uplink ring", 0.25),
                        Map.entry("FILL uplink kernel ring", 0.25),
                        Map.entry("BUSY analysis on uplink", 0.5),
                        Map.entry("LAG analysis on uplink", 0.002),
                        Map.entry("LATENCY analysis on uplink p99", 0.00025),
                        Map.entry("DEVIATION beacon p50", 0.000001),
                        Map.entry("DEVIATION beacon p99", 0.000002),
                        Map.entry("DEVIATION beacon p99.9", 0.000003))),
                shown);
    }

    @Test
    void shouldKeepTheLastLooksAndNoMore() {
        for (int second = 1; second <= 5; second++) {
            history.add(Looks.at(second, 10L * second * second));
        }
        History.Past past = history.past(-1);
        long start = Looks.START.toEpochMilli();
        assertEquals(List.of(start + 3_000, start + 4_000, start + 5_000), past.times());
        assertArrayEquals(new float[] {50, 70, 90}, line(past, "uplink received"));
        assertEquals(4, past.latest());
    }

    @Test
    void shouldGiveOnlyWhatABrowserDoesNotHave() {
        for (int second = 1; second <= 3; second++) {
            history.add(Looks.at(second, 10L * second * second));
        }
        assertArrayEquals(new float[] {50}, line(history.past(1), "uplink received"));
        assertArrayEquals(new float[] {}, line(history.past(2), "uplink received"));
        assertArrayEquals(new float[] {10, 30, 50}, line(history.past(7), "uplink received"), "of another run");
    }

    @Test
    void shouldHaveNoValueWhereALineWasNotThere() {
        history.add(Looks.at(1, 10));
        history.add(Looks.at(2, 20, 4, 0, GapCounts.NONE));
        float[] lost = history.past(-1).lines().stream()
                .filter(line -> line.chart() == Reading.Chart.LOST)
                .map(Line::values)
                .findFirst()
                .orElseThrow();
        assertArrayEquals(new float[] {Float.NaN, 4}, lost);
    }

    @Test
    void shouldPassOverALookAtTheSameMoment() {
        history.add(Looks.at(1, 10));
        history.add(Looks.at(1, 20));
        assertEquals(0, history.past(-1).latest());
    }

    @Test
    void shouldTellABurstOfLossByWhatWasCountedDuringItAlone() {
        List<Mark> marks = marksOf(
                Looks.at(0, 0),
                List.of(
                        Looks.at(1, 1_000, 100, 0, GapCounts.NONE),
                        Looks.at(2, 2_000, 300, 500_000_000, GapCounts.NONE),
                        Looks.at(10, 3_000, 300, 500_000_000, GapCounts.NONE),
                        Looks.at(11, 4_000, 310, 500_000_000, GapCounts.NONE)));
        assertEquals(
                List.of(
                        new Mark(
                                Kind.LOSS,
                                Looks.START,
                                Optional.of(Looks.START.plusSeconds(2)),
                                "300 frames lost",
                                "300 (15.00 %) in the kernel ring of uplink, which was full, because worker analysis held the"
                                        + " capture up for 0.5 s",
                                "make its handlers faster, or give it more threads; a larger buffer helps against bursts only"),
                        new Mark(
                                Kind.LOSS,
                                Looks.START.plusSeconds(10),
                                Optional.of(Looks.START.plusSeconds(11)),
                                "10 frames lost",
                                "10 (1.00 %) in the kernel ring of uplink, which was full, because the capture thread did not"
                                        + " get to it in time",
                                "give the capture a larger buffer, mode = \"throughput\", or a processor with less other work")),
                marks);
    }

    private static List<Mark> marksOf(StatsLook first, List<StatsLook> looks) {
        History all = new History(first);
        looks.forEach(all::add);
        return all.now().marks();
    }

    @Test
    void shouldTellGapsWithTheirCauseAndCure() {
        Instant from = Looks.START.plusMillis(500);
        List<Mark> marks = marksOf(Looks.at(0, 0), List.of(Looks.at(1, 0, 0, 0, gap(from, Optional.empty()))));
        assertEquals(
                List.of(new Mark(
                        Kind.GAP,
                        from,
                        Optional.empty(),
                        "capture uplink: no frames for 1.5 s",
                        "ens192 is down",
                        "ip link set ens192 up")),
                marks);
    }

    @Test
    void shouldForgetGapsThatAreOlderThanItsLooks() {
        Instant from = Looks.START.plusMillis(500);
        GapCounts over = gap(from, Optional.of(from.plusSeconds(1)));
        history.add(Looks.at(4, 0, 0, 0, over));
        assertEquals(1, history.now().marks().size());
        history.add(Looks.at(4.5, 0, 0, 0, over));
        assertEquals(0, history.now().marks().size());
    }

    @Test
    void shouldTellReloadsThatWereTakenAndRefused() {
        history.add(Looks.at(1, 0));
        history.add(new Reloaded("SIGHUP", true, "stream beacon is restarted"));
        history.add(new Reloaded("the control socket", false, "f:1:2: a"));
        List<String> told = history.now().marks().stream()
                .map(mark -> mark.what() + " " + mark.cause() + (mark.cure().isEmpty() ? "" : " / " + mark.cure()))
                .toList();
        assertEquals(
                List.of(
                        "reload asked for by SIGHUP: stream beacon is restarted",
                        "reload refused asked for by the control socket: f:1:2: a / what ran before runs on: correct the"
                                + " configuration, and reload again"),
                told);
    }

    @Test
    void shouldHaveNoValueForSecondsThatWerePassedOver() {
        Series line = new Series(3);
        line.set(5, 1);
        line.set(7, 3);
        assertArrayEquals(
                new float[] {1, Float.NaN, 3, Float.NaN},
                new float[] {line.value(5), line.value(6), line.value(7), line.value(8)});
        line.set(9, 5);
        assertArrayEquals(
                new float[] {Float.NaN, 3, Float.NaN, 5},
                new float[] {line.value(6), line.value(7), line.value(8), line.value(9)});
    }
}
