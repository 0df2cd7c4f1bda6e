package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final long GIVE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Never gives a frame. */
    private static final class Silent implements CaptureSource {
        @Override
        public void accept() {}

        @Override
        public int poll(FrameSink sink, int limit) {
            return 0;
        }

        @Override
        public void await(Duration maximum) {}

        @Override
        public SourceCounts counts() {
            return SourceCounts.NONE;
        }

        @Override
        public void quiesce() {}

        @Override
        public String failure() {
            return "";
        }

        @Override
        public void close() {}
    }

    private final List<Lane> lanes =
            Lane.of(CaptureConfig.live("none"), List.of(new Silent(), new Silent(), new Silent()), false, () -> {});
    private final List<Long> deadlines = new ArrayList<>();

    @AfterEach
    void close() {
        lanes.forEach(lane -> lane.close(false));
    }

    @Test
    void shouldGiveLanesThatAreLateOneTimeForAllOfThem() throws Exception {
        long deadline = System.nanoTime() + GIVE_UP_NANOS;
        long before = System.nanoTime();
        assertFalse(Lane.awaitAll(lanes, (_, by) -> deadlines.add(by) && deadlines.size() == 2, deadline));
        long after = System.nanoTime();
        assertEquals(Collections.nCopies(3, deadline), deadlines.subList(0, 3));
        long last = deadlines.get(3);
        assertEquals(Collections.nCopies(3, last), deadlines.subList(3, 6));
        assertTrue(
                last - before >= GIVE_UP_NANOS && last - after <= GIVE_UP_NANOS,
                "not from when they were told to give up");
    }

    @Test
    void shouldWaitOnceForLanesThatAreInTime() throws Exception {
        assertTrue(Lane.awaitAll(lanes, (_, by) -> deadlines.add(by), 7));
        assertEquals(List.of(7L, 7L, 7L), deadlines);
    }
}
