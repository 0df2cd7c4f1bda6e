package io.ringtap.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.ledger.SpillCounts.Rate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SpillCountsTest {
    private static SpillCounts spill(long waiting, long resumed, long kept, Rate in, Rate out, String fault) {
        return new SpillCounts(waiting, 600, 1_000, 5_000, resumed, kept, 3, 4, 0, 5, in, out, fault);
    }

    private static Ledger ledger(long delivered, SpillCounts spill, boolean drained) {
        WorkerCounts worker = new WorkerCounts(
                "w", "up", "detach", 1_000, delivered, 0, 12, 0, 0, 0, 0, 0, Optional.empty(), Optional.of(spill));
        return new Ledger(List.of(), List.of(worker), List.of(), List.of(), drained);
    }

    @Test
    void shouldTellWhenItHasCaughtUpOrIsFull() {
        SpillCounts less = spill(100, 0, 0, new Rate(10, 10), new Rate(30, 30), "");
        assertEquals(OptionalDouble.of(5), less.caughtUpSeconds());
        assertEquals(OptionalDouble.empty(), less.limitSeconds());
        assertEquals(Optional.of("caught up in 5.0 s"), less.outlook());
        SpillCounts more = spill(100, 0, 0, new Rate(30, 30), new Rate(10, 29), "");
        assertEquals(OptionalDouble.empty(), more.caughtUpSeconds());
        assertEquals(Optional.of("the limit is reached in 6 min 40 s"), more.outlook());
        assertEquals(
                Optional.empty(),
                spill(0, 0, 0, new Rate(30, 30), Rate.NONE, "").outlook());
    }

    @Test
    void shouldBalanceWithWhatAnEarlierRunLeftAndWhatIsKeptForTheNext() {
        Ledger whole = ledger(1_000 + 50 - 12 - 30, spill(0, 50, 30, Rate.NONE, Rate.NONE, ""), true);
        assertEquals(0, whole.unaccounted());
        assertEquals(12, whole.lost());
        assertEquals(
                1,
                ledger(1_000 + 50 - 12 - 31, spill(0, 50, 30, Rate.NONE, Rate.NONE, ""), true)
                        .unaccounted());
        assertEquals(
                1,
                ledger(1_000 + 50 - 12 - 29, spill(0, 50, 30, Rate.NONE, Rate.NONE, ""), true)
                        .unaccounted());
    }

    @Test
    void shouldSayWhyWhatWasShedWasNotSpilledAndWhatWaits() {
        String verdict = ledger(500, spill(100, 0, 0, new Rate(10, 10), new Rate(30, 30), "no room"), false)
                .verdict();
        assertEquals(
                "lost 12: 12 (1.20 %) shed by the detached worker w on up (of them 3 found its spill full (spill), 4 came while"
                        + " the disk refused (no room), 5 could not be read back from the disk), which did not keep up: make its"
                        + " handlers faster, give it more threads, or have it see a share of the flows (sample); a larger queue"
                        + " helps against bursts only, a spill for as long as it has room; worker w on up has spilled 100"
                        + " frames, 60.0 % of its limit: caught up in 5.0 s",
                verdict);
        assertEquals(
                "; 30 frames of worker w on up kept for the next start",
                ledger(958, spill(0, 0, 30, Rate.NONE, Rate.NONE, ""), true)
                        .verdict()
                        .replaceFirst(".*as it has room", ""));
    }

    @Test
    void shouldAddUpOverRingsAndRuns() {
        SpillCounts one = spill(100, 7, 0, new Rate(10, 20), Rate.NONE, "");
        SpillCounts both = one.plus(spill(50, 0, 3, new Rate(1, 2), Rate.NONE, "no room"));
        assertEquals(
                new SpillCounts(150, 1_200, 2_000, 10_000, 7, 3, 6, 8, 0, 10, new Rate(11, 22), Rate.NONE, "no room"),
                both);
        assertEquals(12, one.shed());
        assertEquals(
                new SpillCounts(0, 0, 0, 5_000, 7, 0, 3, 4, 0, 5, Rate.NONE, Rate.NONE, ""),
                spill(9, 7, 0, Rate.NONE, Rate.NONE, "no room").ended());
    }
}
