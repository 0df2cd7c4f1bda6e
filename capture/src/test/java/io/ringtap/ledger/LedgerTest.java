package io.ringtap.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerTest {
    private static final long SECOND = 1_000_000_000;
    private static final long HUGE = 1L << 40;
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    private static final String SLOW_READER = "because the capture thread did not get to it in time: give the capture"
            + " a larger buffer, mode = \"throughput\", or a processor with less other work";

    private static final String TOO_SLOW =
            ", which did not keep up: make its handlers faster, give it more threads, or have it see a share of the flows (sample); a larger queue helps against bursts only, a spill for as long as it has room";

    private static CaptureCounts capture(
            String name, long received, long dropped, OptionalLong before, long published) {
        return new CaptureCounts(
                name,
                "if-" + name,
                CaptureState.RUNNING,
                received,
                dropped,
                0,
                before,
                published,
                0,
                0,
                0,
                4_096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
    }

    private static CaptureCounts withUnread(CaptureCounts c, long unread) {
        return new CaptureCounts(
                c.name(),
                c.interfaceName(),
                c.state(),
                c.received(),
                c.kernelDropped(),
                unread,
                c.interfaceDropped(),
                c.published(),
                0,
                0,
                c.ringUsed(),
                c.ringCapacity(),
                c.blockedNanos(),
                c.kernelRingFill(),
                c.gaps());
    }

    @Test
    void shouldTellFramesLeftWithAnInterfaceApartFromThoseOfAFullRing() {
        CaptureCounts capture = withUnread(capture("a", 100, 0, UNKNOWN, 75), 25);
        Ledger ledger = drained(List.of(capture.plus(withUnread(capture("a", 100, 10, UNKNOWN, 85), 5))));
        assertEquals(0, ledger.unaccounted());
        assertEquals(40, ledger.lost());
        assertEquals(
                "lost 40: 10 (5.00 %) in the kernel ring of a, which was full, " + SLOW_READER
                        + "; 30 (15.00 %) in a kernel ring of a, whose interface if-a went before they could be read:"
                        + " find out in the system's log what took it away",
                ledger.verdict());
        assertEquals(25, capture.ended().unread());
    }

    private static WorkerCounts worker(
            String name, String capture, long published, long delivered, long failed, long shed, long blockedNanos) {
        return new WorkerCounts(name, capture, published, delivered, failed, shed, 0, blockedNanos);
    }

    private static WorkerCounts worker(String capture, long published, long delivered) {
        return worker("w", capture, published, delivered, 0, 0, 0);
    }

    private static Ledger running(List<CaptureCounts> captures, WorkerCounts... workers) {
        return new Ledger(captures, List.of(workers), List.of(), List.of(), false);
    }

    private static Ledger drained(List<CaptureCounts> captures, WorkerCounts... workers) {
        return new Ledger(captures, List.of(workers), List.of(), List.of(), true);
    }

    private static Arguments row(Ledger ledger, String figures, String verdict) {
        return Arguments.of(ledger, figures, verdict);
    }

    static Stream<Arguments> drainedLedgers() {
        var a = capture("a", 100, 0, OptionalLong.of(0), 100);
        var b = capture("b", 1_000, 250, OptionalLong.of(7), 750);
        return Stream.of(
                row(drained(List.of()), "0 0 0 0 0", "lost 0"),
                row(drained(List.of(a)), "100 0 0 0 0", "lost 0"),
                row(drained(List.of(a), worker("a", 100, 100)), "100 0 0 0 0", "lost 0"),
                row(
                        drained(List.of(a), worker("w", "a", 100, 97, 3, 0, 0)),
                        "100 0 3 0 0",
                        "lost 0; 3 frames failed in a handler (see the log)"),
                row(
                        drained(List.of(b), worker("b", 750, 750)),
                        "1000 257 0 0 0",
                        "lost 257: 250 (25.00 %) in the kernel ring of b, which was full, " + SLOW_READER
                                + "; 7 in the interface if-b before the kernel took them: enlarge its receive ring"
                                + " (ethtool -G) or spread its interrupts"),
                row(
                        drained(List.of(capture("a", 3, 1, UNKNOWN, 2)), worker("a", 2, 2)),
                        "3 1 0 0 0",
                        "lost 1: 1 (33.33 %) in the kernel ring of a, which was full, " + SLOW_READER),
                row(
                        drained(List.of(a, b), worker("a", 100, 100), worker("w", "b", 750, 700, 50, 0, 0)),
                        "1100 257 50 0 0",
                        "lost 257: 250 (25.00 %) in the kernel ring of b, which was full, " + SLOW_READER
                                + "; 7 in the interface if-b before the kernel took them: enlarge its receive ring"
                                + " (ethtool -G) or spread its interrupts"
                                + "; 50 frames failed in a handler (see the log)"),
                row(
                        drained(List.of(a), worker("slow", "a", 100, 60, 0, 40, 0)),
                        "100 40 0 0 0",
                        "lost 40: 40 (40.00 %) shed by the detached worker slow on a" + TOO_SLOW));
    }

    static Stream<Arguments> unbalancedLedgers() {
        String defect = " unaccounted, which is a defect of ringtap: please report it";
        var a = capture("a", 100, 0, UNKNOWN, 100);
        return Stream.of(
                row(drained(List.of(capture("a", 100, 0, UNKNOWN, 99))), "100 0 0 0 1", "lost 0; 1" + defect),
                row(drained(List.of(capture("a", 100, 0, UNKNOWN, 101))), "100 0 0 0 1", "lost 0; 1" + defect),
                row(drained(List.of(a), worker("a", 100, 90)), "100 0 0 0 10", "lost 0; 10" + defect),
                row(drained(List.of(a), worker("a", 100, 110)), "100 0 0 0 10", "lost 0; 10" + defect),
                row(
                        drained(List.of(capture("a", 100, 0, UNKNOWN, 99)), worker("a", 99, 100)),
                        "100 0 0 0 2",
                        "lost 0; 2" + defect),
                row(
                        drained(
                                List.of(a, capture("b", 10, 0, UNKNOWN, 12)),
                                worker("w", "a", 100, 90, 1, 0, 0),
                                worker("b", 12, 13)),
                        "110 0 1 0 12",
                        "lost 0; 1 frames failed in a handler (see the log); 12" + defect),
                row(running(List.of(capture("a", 100, 0, UNKNOWN, 101))), "100 0 0 0 1", "lost 0; 1" + defect),
                row(running(List.of(a), worker("a", 100, 105)), "100 0 0 0 5", "lost 0; 5" + defect));
    }

    static Stream<Arguments> runningLedgers() {
        var a = capture("a", 100, 10, UNKNOWN, 70);
        var b = capture("b", 1_000, 0, UNKNOWN, 1_000);
        return Stream.of(
                row(running(List.of(b), worker("b", 1_000, 1_000)), "1000 0 0 0 0", "lost 0"),
                row(running(List.of(b)), "1000 0 0 0 0", "lost 0"),
                row(running(List.of(b), worker("b", 900, 400), worker("b", 900, 700)), "1000 0 0 500 0", "lost 0"),
                row(
                        running(List.of(a, b), worker("a", 70, 65), worker("b", 1_000, 998)),
                        "1100 10 0 27 0",
                        "lost 10: 10 (10.00 %) in the kernel ring of a, which was full, " + SLOW_READER),
                row(running(List.of(b), worker("other", 50, 10)), "1000 0 0 0 0", "lost 0"));
    }

    static Stream<Arguments> heldUpLedgers() {
        var a = capture("a", 100, 50, UNKNOWN, 50);
        String cure =
                " s: make its handlers faster, or give it more threads; a larger buffer helps against bursts only";
        String where = "lost 50: 50 (50.00 %) in the kernel ring of a, which was full, ";
        return Stream.of(
                row(
                        drained(
                                List.of(a),
                                worker("x", "a", 50, 50, 0, 0, SECOND),
                                worker("y", "a", 50, 50, 0, 0, 2_450_000_000L),
                                worker("z", "b", 0, 0, 0, 0, 9 * SECOND)),
                        "100 50 0 0 0",
                        where + "because worker y held the capture up for 2.5" + cure),
                row(
                        drained(
                                List.of(a),
                                new WorkerCounts(
                                        "p", "a", "in-place", 50, 50, 0, 0, 0, 0, 0, 2 * SECOND, Optional.empty())),
                        "100 50 0 0 0",
                        where + "because worker p held the capture up for 2.0 s: make its handlers faster, or give it"
                                + " threads of its own with delivery = \"gate\"; a larger buffer helps against bursts only"),
                row(
                        drained(List.of(a), worker("x", "a", 50, 50, 0, 0, 20_000_000)),
                        "100 50 0 0 0",
                        where + "because worker x held the capture up for 0.0" + cure),
                row(
                        drained(List.of(a), worker("x", "a", 50, 50, 0, 0, 19_999_999)),
                        "100 50 0 0 0",
                        where + SLOW_READER),
                row(
                        drained(List.of(capture("a", 50, 0, UNKNOWN, 50)), worker("x", "a", 50, 50, 0, 0, 9 * SECOND)),
                        "50 0 0 0 0",
                        "lost 0"));
    }

    static Stream<Arguments> hugeLedgers() {
        return Stream.of(
                row(
                        drained(
                                List.of(capture("a", HUGE, 0, UNKNOWN, HUGE), capture("b", HUGE, 0, UNKNOWN, HUGE)),
                                worker("a", HUGE, HUGE),
                                worker("b", HUGE, HUGE)),
                        2 * HUGE + " 0 0 0 0",
                        "lost 0"),
                row(
                        drained(
                                List.of(capture("a", 2 * HUGE, HUGE, OptionalLong.of(HUGE), HUGE)),
                                worker("a", HUGE, HUGE)),
                        2 * HUGE + " " + 2 * HUGE + " 0 0 0",
                        "lost " + 2 * HUGE + ": " + HUGE + " (50.00 %) in the kernel ring of a, which was full, "
                                + SLOW_READER + "; " + HUGE + " in the interface if-a before the kernel took them:"
                                + " enlarge its receive ring (ethtool -G) or spread its interrupts"),
                row(
                        running(List.of(capture("a", 3 * HUGE, 0, UNKNOWN, 2 * HUGE)), worker("a", 2 * HUGE, HUGE)),
                        3 * HUGE + " 0 0 " + 2 * HUGE + " 0",
                        "lost 0"));
    }

    @ParameterizedTest
    @MethodSource({"drainedLedgers", "unbalancedLedgers", "runningLedgers", "heldUpLedgers", "hugeLedgers"})
    void shouldTellWhatWasReceivedLostFailedInFlightAndUnaccountedAndPutItIntoALine(
            Ledger ledger, String figures, String verdict) {
        assertEquals(
                figures,
                ledger.received() + " " + ledger.lost() + " " + ledger.failed() + " " + ledger.inFlight() + " "
                        + ledger.unaccounted());
        assertEquals(verdict, ledger.verdict());
    }

    @Test
    void shouldKeepItsListsAsTheyWere() {
        List<CaptureCounts> captures = new ArrayList<>(List.of(capture("a", 5, 0, UNKNOWN, 5)));
        Ledger ledger = running(captures);
        captures.clear();
        assertEquals(5, ledger.received());
    }

    @Test
    void shouldNotCountWhatIsInjectedOrPublishedByHandlers() {
        Ledger ledger = new Ledger(
                List.of(),
                List.of(),
                List.of(new InjectCounts("beacon", "eth0", 10, 5, new TreeMap<>())),
                List.of(new HandlerCounts("w", "a", "count", new TreeMap<>())),
                true);
        assertEquals("lost 0", ledger.verdict());
    }

    @Test
    void shouldTellTheStateInOneWord() {
        assertEquals(
                List.of("running", "waiting", "failed", "ended"),
                Stream.of(CaptureState.values()).map(CaptureState::text).toList());
    }

    @Test
    void shouldCountWhatAnInterfaceDroppedOnceForTwoCapturesOfIt() {
        var one = new CaptureCounts(
                "a",
                "if",
                CaptureState.RUNNING,
                10,
                0,
                0,
                OptionalLong.of(3),
                10,
                0,
                0,
                0,
                4_096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
        var two = new CaptureCounts(
                "b",
                "if",
                CaptureState.RUNNING,
                10,
                1,
                0,
                OptionalLong.of(4),
                9,
                0,
                0,
                0,
                4_096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
        assertEquals(5, running(List.of(one, two)).lost());
    }

    @Test
    void shouldSayWhoWaitsForWhatAndWhatGapsThereWere() {
        Gap lasting = new Gap(Instant.EPOCH, Optional.empty(), 1_500_000_000, Gap.Cause.MISSING, "");
        Gap refused = new Gap(Instant.EPOCH, Optional.empty(), 2_000_000_000, Gap.Cause.REFUSED, "no memory");
        Ledger now = new Ledger(
                List.of(
                        withGaps("a", CaptureState.WAITING, new GapCounts(1, 1_500_000_000, List.of(lasting))),
                        withGaps("b", CaptureState.RUNNING, new GapCounts(3, 12_340_000_000L, List.of()))),
                List.of(),
                List.of(new InjectCounts(
                        "beacon", "if-c", 0, 0, new TreeMap<>(), new GapCounts(1, 2_000_000_000, List.of(refused)))),
                List.of(),
                false);
        assertEquals(
                "lost 0; capture a waits for if-a, which is missing, for 1.5 s; capture b had 3 gaps, 12.3 s together, in"
                        + " which nothing could come from if-b; stream beacon waits for if-c, which cannot be opened, for 2.0"
                        + " s: no memory",
                now.verdict());
    }

    private static CaptureCounts withGaps(String name, CaptureState state, GapCounts gaps) {
        return new CaptureCounts(
                name, "if-" + name, state, 0, 0, 0, UNKNOWN, 0, 0, 0, 0, 4_096, 0, OptionalDouble.empty(), gaps);
    }
}
