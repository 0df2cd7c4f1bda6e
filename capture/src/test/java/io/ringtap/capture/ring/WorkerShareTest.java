package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class WorkerShareTest {
    private static final int FRAMES = 20_000;

    private final RandomFrames frames = new RandomFrames(400);

    /** What one thread got, in order; -1 for a damaged frame. */
    private final class Recorder implements FrameHandler {
        final List<Long> numbers = new ArrayList<>();
        private final Pause pause;

        Recorder(Pause pause) {
            this.pause = pause;
        }

        @Override
        public void onFrame(Frame frame) {
            numbers.add(frames.isIntact(frame) ? frame.timestampNanos() : -1);
            pause.before(frame);
        }
    }

    enum Pause {
        QUICK {
            @Override
            void before(Frame frame) {}
        },
        SLOW_NOW_AND_THEN {
            @Override
            void before(Frame frame) {
                if (frame.timestampNanos() % 2_001 == 0) {
                    LockSupport.parkNanos(20_000_000);
                }
            }
        },
        THROWING {
            @Override
            void before(Frame frame) {
                if (frame.timestampNanos() % 10 == 3) {
                    throw new IllegalStateException("on purpose");
                }
            }
        };

        abstract void before(Frame frame);
    }

    private static FedRing.Making recording(List<Recorder> recorders, Supplier<Recorder> made) {
        return () -> {
            Recorder recorder = made.get();
            recorders.add(recorder);
            return recorder;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "8, 1024, 1, FLOW, QUICK",
        "8, 1024, 4, FLOW, SLOW_NOW_AND_THEN",
        "8, 1024, 3, ROUND_ROBIN, SLOW_NOW_AND_THEN",
        "8, 1024, 2, ROUND_ROBIN, THROWING",
        "1, 1024, 2, FLOW, THROWING",
        "256, 4096, 3, FLOW, QUICK",
        "4096, 1048576, 4, ROUND_ROBIN, THROWING"
    })
    void shouldGiveEveryFrameOnceToEachWorkerAndInOrderToEachThread(
            int slots, int slab, int threads, Share share, Pause pause) throws Exception {
        List<Recorder> mixed = new ArrayList<>();
        List<Recorder> single = new ArrayList<>();
        try (FedRing fed = new FedRing(
                        slots,
                        slab,
                        worker("mixed", threads, share, recording(mixed, () -> new Recorder(pause))),
                        worker("single", 1, Share.FLOW, recording(single, () -> new Recorder(Pause.QUICK))))
                .start()) {
            for (int i = 0; i < FRAMES; i++) {
                assertTrue(fed.put(frames.frame(i), i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());

            assertEquals(threads, mixed.size());
            assertEveryFrameOnceInOrder(mixed);
            assertEveryFrameOnceInOrder(single);
            assertEquals(FRAMES, fed.ring().published());
            assertEquals(
                    pause == Pause.THROWING ? FRAMES / 10 : 0, fed.worker(0).failed());
            assertEquals(FRAMES, fed.worker(0).delivered() + fed.worker(0).failed());
            assertEquals(FRAMES, fed.worker(1).delivered());
        }
        assertShared(mixed, threads, share);
    }

    private static void assertEveryFrameOnceInOrder(List<Recorder> recorders) {
        boolean[] seen = new boolean[FRAMES];
        int count = 0;
        for (Recorder recorder : recorders) {
            long last = -1;
            for (long number : recorder.numbers) {
                assertTrue(number > last, number + " behind " + last);
                last = number;
                assertTrue(!seen[(int) number], "twice: " + number);
                seen[(int) number] = true;
                count++;
            }
        }
        assertEquals(FRAMES, count);
    }

    private static void assertShared(List<Recorder> recorders, int threads, Share share) {
        TreeMap<Integer, Integer> threadOfFlow = new TreeMap<>();
        for (int thread = 0; thread < threads; thread++) {
            for (long number : recorders.get(thread).numbers) {
                int expected = share == Share.ROUND_ROBIN
                        ? (int) (number % threads)
                        : threadOfFlow.computeIfAbsent(RandomFrames.flow(number), threadOf(thread));
                assertEquals(expected, thread, "thread of frame " + number);
            }
            assertTrue(recorders.get(thread).numbers.size() > FRAMES / threads / 4, "an even share, roughly");
        }
    }

    private static Function<Integer, Integer> threadOf(int thread) {
        return flow -> thread;
    }

    @Test
    void shouldCallAllHandlersOfAWorkerInOrderForEachFrame() throws Exception {
        List<String> calls = new ArrayList<>();
        FrameHandler first = frame -> calls.add("first " + frame.timestampNanos());
        FrameHandler second = frame -> calls.add("second " + frame.timestampNanos());
        try (FedRing fed = new FedRing(8, 1_024, worker("w", 1, Share.FLOW, () -> first, () -> second)).start()) {
            fed.put(new byte[60], 7);
            fed.put(new byte[60], 8);
            fed.ring().flush();
            assertTrue(fed.finish());
        }
        assertEquals(List.of("first 7", "second 7", "first 8", "second 8"), calls);
    }
}
