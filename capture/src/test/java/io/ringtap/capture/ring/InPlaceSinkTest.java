package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Tunnels;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSieve;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.testjfr.FlightEvents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

class InPlaceSinkTest {
    private static final int FRAMES = 100;

    private final RandomFrames frames = new RandomFrames(100);
    private final List<Frame> inPlace = new ArrayList<>();
    private final List<Frame> behind = Collections.synchronizedList(new ArrayList<>());

    private static HandlerFactory factory(FrameHandler handler) {
        return new HandlerFactory("test", () -> handler);
    }

    /** Leaves out the frames with a number, their time stamp, that is not a multiple of another. */
    private static FrameSieve multiplesOf(int divisor) {
        return frame -> frame.timestampNanos() % divisor == 0;
    }

    private HandlerFactory keeper() {
        return factory(frame -> inPlace.add(frame.copy()));
    }

    private WorkerConfig copies(String name) {
        return FedRing.worker(name, 1, WorkerConfig.Share.FLOW, () -> frame -> behind.add(frame.copy()));
    }

    /** Puts all frames through workers, the last of which takes copies if there are several; its counts. */
    private List<WorkerCounts> run(WorkerConfig... workers) throws Exception {
        try (FedRing fed = new FedRing(256, 1 << 20, workers).start()) {
            assertNull(fed.sink().begin());
            for (int i = 0; i < FRAMES; i++) {
                assertTrue(fed.put(frames.frame(i), i));
                if (i % 10 == 9) {
                    fed.sink().flush();
                }
            }
            assertTrue(fed.finish());
            fed.sink().end();
            return fed.workers().stream()
                    .map(worker -> WorkerReport.of(List.of(worker), "test", false))
                    .toList();
        }
    }

    private static long[] numbers(List<Frame> of) {
        return of.stream().mapToLong(Frame::timestampNanos).toArray();
    }

    private static long[] multiples(int divisor) {
        return LongStream.range(0, FRAMES).filter(i -> i % divisor == 0).toArray();
    }

    @Test
    void shouldHandEachFrameToTheHandlersAndACopyToTheWorkersBehind() throws Exception {
        List<WorkerCounts> counts = run(FedRing.inPlace("first", 1, keeper()), copies("behind"));
        for (List<Frame> got : List.of(inPlace, behind)) {
            assertEquals(FRAMES, got.size());
            for (int i = 0; i < FRAMES; i++) {
                assertArrayEquals(frames.frame(i), got.get(i).toByteArray());
                assertEquals(frames.frame(i).length + 4, got.get(i).originalLength());
                assertEquals(i, got.get(i).timestampNanos());
                assertEquals("test", got.get(i).captureName());
            }
        }
        for (WorkerCounts each : counts) {
            assertEquals(FRAMES, each.published());
            assertEquals(FRAMES, each.delivered());
            assertEquals(0, each.failed() + each.sieved() + each.lag() + each.inFlight());
        }
        assertEquals("in-place", counts.getFirst().delivery());
    }

    @Test
    void shouldCopyNothingWhereNobodyTakesCopies() throws Exception {
        try (FedRing fed = new FedRing(8, 1 << 16, FedRing.inPlace("w", 1, keeper())).start()) {
            assertNull(fed.sink().begin());
            for (int i = 0; i < FRAMES; i++) {
                assertTrue(fed.put(frames.frame(i), i), "a ring that nobody empties would be full");
            }
            fed.sink().flush();
            assertEquals(0, fed.ring().published());
            assertEquals(FRAMES, fed.ring().entered());
            assertEquals(FRAMES, fed.ring().cut());
            assertEquals(FRAMES, fed.worker(0).delivered());
        }
    }

    @Test
    void shouldKeepWhatASieveLeavesOutFromTheWorkersBehindAlone() throws Exception {
        List<WorkerCounts> counts =
                run(FedRing.inPlace("first", 1, factory(multiplesOf(3)), keeper()), copies("behind"));
        assertEquals(FRAMES, inPlace.size());
        assertArrayEquals(multiples(3), numbers(behind));
        assertEquals(0, counts.getFirst().sieved());
        assertEquals(FRAMES, counts.getFirst().delivered());
        assertEquals(FRAMES, counts.getLast().published());
        assertEquals(34, counts.getLast().delivered());
        assertEquals(66, counts.getLast().sieved());
        assertEquals(0, counts.getLast().inFlight());
    }

    @Test
    void shouldLetAFrameGoOnThatNoSieveOfAnyWorkerLeavesOut() throws Exception {
        WorkerConfig two = FedRing.inPlace("two", 1, factory(multiplesOf(2)));
        WorkerConfig threeAndFive = FedRing.inPlace("three", 1, factory(multiplesOf(3)), factory(multiplesOf(5)));
        List<WorkerCounts> counts = run(two, threeAndFive, copies("behind"));
        assertArrayEquals(multiples(30), numbers(behind));
        assertEquals(FRAMES - 4, counts.getLast().sieved());
    }

    @Test
    void shouldLetAFrameGoOnThatASieveThrowsOn() throws Exception {
        FrameSieve throwing = frame -> {
            throw new IllegalStateException("on purpose");
        };
        List<WorkerCounts> counts = run(FedRing.inPlace("first", 1, factory(throwing), keeper()), copies("behind"));
        assertEquals(FRAMES, counts.getFirst().failed());
        assertEquals(0, counts.getFirst().delivered());
        assertEquals(FRAMES, inPlace.size(), "the other handler gets it");
        assertEquals(FRAMES, counts.getLast().delivered());
        assertEquals(0, counts.getLast().sieved());
    }

    @Test
    void shouldHandleAShareOfTheFlowsOnly() throws Exception {
        FlowSample sample = new FlowSample(0.3, Tunnels.INNER);
        List<WorkerCounts> counts = run(FedRing.inPlace("first", 0.3, keeper()), copies("behind"));
        long[] expected = IntStream.range(0, FRAMES)
                .filter(i ->
                        sample.takes(Frame.of(frames.frame(i), 60, i, "test").flowHash()))
                .asLongStream()
                .toArray();
        assertTrue(expected.length > 0 && expected.length < FRAMES, expected.length + " frames");
        assertArrayEquals(expected, numbers(inPlace));
        assertEquals(expected.length, counts.getFirst().delivered());
        assertEquals(FRAMES - expected.length, counts.getFirst().sampledOut());
        assertEquals(0, counts.getFirst().inFlight());
        assertEquals(FRAMES, counts.getLast().delivered(), "a sample is no sieve");
    }

    @Test
    void shouldRefuseASieveWhereNothingComesBehind() {
        WorkerConfig gate = FedRing.worker("w", 1, WorkerConfig.Share.FLOW, () -> multiplesOf(2));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new FedRing(256, 1 << 20, gate));
        assertEquals(
                "handler handler-0 chooses which frames go on into the ring: give the worker delivery = \"in-place\"",
                e.getMessage());
    }

    @Test
    void shouldLeaveAKeptFrameEmptyBehindTheBatch() throws Exception {
        AtomicReference<Frame> kept = new AtomicReference<>();
        try (FedRing fed = new FedRing(8, 1 << 16, FedRing.inPlace("w", 1, factory(kept::set))).start()) {
            assertNull(fed.sink().begin());
            fed.put(new byte[60], 1);
            assertEquals(60, kept.get().length());
            fed.sink().flush();
            assertEquals(0, kept.get().length());
        }
    }

    @Test
    void shouldTakeNothingMoreOnceItIsGivenUp() throws Exception {
        try (FedRing fed = new FedRing(8, 1 << 16, FedRing.inPlace("w", 1, keeper())).start()) {
            assertNull(fed.sink().begin());
            assertTrue(fed.put(new byte[60], 1));
            fed.ring().giveUp();
            assertFalse(fed.put(new byte[60], 2));
            assertEquals(1, fed.worker(0).delivered());
            assertEquals(1, fed.ring().entered());
        }
    }

    @Test
    void shouldRingTheAlarmByTheFramesThatCame() throws Exception {
        List<Long> at = new ArrayList<>();
        try (FedRing fed = new FedRing(8, 1 << 16, FedRing.inPlace("w", 1, factory(multiplesOf(2)))).start()) {
            fed.ring().alarmEvery(20, () -> at.add(fed.ring().entered()));
            assertNull(fed.sink().begin());
            for (int i = 0; i < FRAMES; i++) {
                fed.put(new byte[60], i);
                if (i % 10 == 9) {
                    fed.sink().flush();
                }
            }
        }
        assertEquals(List.of(20L, 40L, 60L, 80L, 100L), at);
    }

    @Test
    void shouldNameTheWorkerThatHeldTheCaptureUp() throws Exception {
        FrameHandler slow = frame -> Thread.sleep(30);
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Stall");
                FedRing fed = new FedRing(
                                8,
                                1 << 16,
                                FedRing.inPlace("quick", 1, factory(frame -> {})),
                                FedRing.inPlace("slow", 1, factory(slow)))
                        .start()) {
            assertNull(fed.sink().begin());
            fed.put(new byte[60], 0);
            fed.sink().flush();
            fed.sink().end();
            List<RecordedEvent> stalls = flight.end();
            assertEquals(1, stalls.size());
            assertEquals("slow", stalls.getFirst().getString("worker"));
            assertEquals(0, fed.worker(0).blockedNanos());
            assertTrue(fed.worker(1).blockedNanos() >= 29_999_000, "all but the microsecond that each frame may take");
        }
    }

    @Test
    void shouldNotStartIfAHandlerCannot() throws Exception {
        FrameHandler failing = new FrameHandler() {
            @Override
            public void onStart(io.ringtap.frame.HandlerContext context) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void onFrame(Frame frame) {}
        };
        WorkerConfig[] workers = {
            FedRing.inPlace("good", 1, keeper()), FedRing.inPlace("bad", 1, factory(failing)), copies("behind")
        };
        try (FedRing fed = new FedRing(8, 1 << 16, workers).start()) {
            assertEquals("on purpose", fed.sink().begin().getMessage());
            assertTrue(fed.worker(0).isReady());
            assertFalse(fed.worker(1).isReady());
            assertEquals("test", fed.worker(1).unreadyHandler());
        }
    }
}
