package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random rings, workers, frames, batches, pauses and faults, so many times; a failure names its seed. */
class RingStressTest {
    private static final int ROUNDS = 20;

    /** Checks each frame, then is slow, throws, or leaves its thread interrupted, at random. */
    private static final class Moody implements FrameHandler {
        final BitSet seen = new BitSet();
        long damaged;
        long outOfOrder;
        long thrown;
        private long last = -1;
        private final RandomFrames frames;
        private final RandomGenerator random;

        Moody(RandomFrames frames, long seed) {
            this.frames = frames;
            random = new SplittableRandom(seed);
        }

        @Override
        public void onFrame(Frame frame) {
            long number = frame.timestampNanos();
            damaged += frames.isIntact(frame) ? 0 : 1;
            outOfOrder += number > last ? 0 : 1;
            last = number;
            seen.set((int) number);
            switch (random.nextInt(1_000)) {
                case 0 -> LockSupport.parkNanos(random.nextInt(2_000_000));
                case 1 -> Thread.currentThread().interrupt();
                case 2, 3 -> {
                    thrown++;
                    throw new IllegalStateException("on purpose");
                }
                case 4 -> Thread.onSpinWait();
                default -> {}
            }
        }
    }

    @Test
    void shouldDeliverEveryFrameOnceAndUnharmedWhateverHappens() throws Exception {
        long seed = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            round(seed + i);
        }
    }

    private static void round(long seed) throws Exception {
        RandomGenerator random = new SplittableRandom(seed);
        int slots = 1 << random.nextInt(9);
        int slab = 1 << random.nextInt(10, 16);
        RandomFrames frames = new RandomFrames(random.nextInt(14, slab / 2 + 1));
        List<List<Moody>> handlers = new ArrayList<>();
        WorkerConfig[] workers = new WorkerConfig[random.nextInt(1, 4)];
        for (int i = 0; i < workers.length; i++) {
            List<Moody> own = new ArrayList<>();
            handlers.add(own);
            Share share = random.nextBoolean() ? Share.FLOW : Share.ROUND_ROBIN;
            workers[i] = worker("w" + i, random.nextInt(1, 4), share, () -> {
                own.add(new Moody(frames, random.nextLong()));
                return own.getLast();
            });
        }
        try (FedRing fed = new FedRing(slots, slab, workers).start()) {
            int count = random.nextInt(10_000);
            feed(fed, frames, count, random);
            assertTrue(fed.finish(), "seed " + seed);
            assertEquals(count, fed.ring().published(), "seed " + seed);
            for (int i = 0; i < workers.length; i++) {
                assertAllHandled(fed.worker(i), handlers.get(i), count, "seed " + seed + ", worker " + i);
            }
        }
    }

    private static void feed(FedRing fed, RandomFrames frames, int count, RandomGenerator random) {
        int batch = random.nextInt(1, 300);
        for (int i = 0; i < count; i++) {
            assertTrue(fed.put(frames.frame(i), i));
            if (random.nextInt(batch) == 0) {
                fed.ring().flush();
                if (random.nextInt(50) == 0) {
                    LockSupport.parkNanos(random.nextInt(500_000));
                }
            }
        }
        fed.ring().flush();
    }

    private static void assertAllHandled(Worker worker, List<Moody> handlers, int count, String where) {
        BitSet all = new BitSet();
        int each = 0;
        for (Moody handler : handlers) {
            assertEquals(0, handler.damaged, where);
            assertEquals(0, handler.outOfOrder, where);
            all.or(handler.seen);
            each += handler.seen.cardinality();
        }
        assertEquals(count, all.cardinality(), where);
        assertEquals(count, each, where);
        assertEquals(handlers.stream().mapToLong(h -> h.thrown).sum(), worker.failed(), where);
        assertEquals(count, worker.delivered() + worker.failed(), where);
    }
}
