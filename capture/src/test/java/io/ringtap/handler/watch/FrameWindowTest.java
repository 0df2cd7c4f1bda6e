package io.ringtap.handler.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameWindowTest {
    private static final Duration HUNDRED = Duration.ofNanos(100);

    @Test
    void shouldTellWhenTheLastIsNoMoreThanTheTimeAfterTheFirst() {
        FrameWindow window = new FrameWindow(3, HUNDRED);
        assertFalse(window.add(1_000));
        assertFalse(window.add(1_050));
        assertFalse(window.add(1_101));
        assertTrue(window.add(1_150));
        assertFalse(window.add(1_202));
        assertFalse(window.add(1_251)); // 101 after 1,150
    }

    @Test
    void shouldTellOfEveryFrameWhereOneIsEnough() {
        FrameWindow window = new FrameWindow(1, HUNDRED);
        assertTrue(window.add(5));
        assertTrue(window.add(1_000_000));
    }

    @Test
    void shouldTellOfAWindowThatALateFrameCompletes() {
        FrameWindow window = new FrameWindow(3, HUNDRED);
        assertFalse(window.add(1_000));
        assertFalse(window.add(1_090));
        assertFalse(window.add(5_000)); // of a thread that is ahead
        assertTrue(window.add(1_040));
    }

    @Test
    void shouldForgetNothingForOneFrameWithATimeThatIsFarOff() {
        FrameWindow window = new FrameWindow(3, HUNDRED);
        assertFalse(window.add(1_000));
        assertFalse(window.add(Long.MAX_VALUE / 2));
        assertFalse(window.add(1_010));
        assertFalse(window.add(-1_000_000_000_000L));
        assertTrue(window.add(1_020));
    }

    @Test
    void shouldAgreeWithCountingAllPairsForFramesInOrder() {
        for (int seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            int frames = 2 + random.nextInt(6);
            FrameWindow window = new FrameWindow(frames, HUNDRED);
            List<Long> all = new ArrayList<>();
            long time = 0;
            for (int i = 0; i < 5_000; i++) {
                time += random.nextInt(60);
                all.add(time);
                long oldest = i + 1 >= frames ? all.get(i + 1 - frames) : Long.MIN_VALUE / 2;
                assertEquals(time - oldest <= HUNDRED.toNanos(), window.add(time), "seed " + seed + " frame " + i);
            }
        }
    }

    @Test
    void shouldAgreeWithLookingAtEveryWindowForFramesThatComeOutOfOrder() {
        for (int seed = 1; seed <= 10; seed++) {
            Random random = new Random(seed);
            int frames = 2 + random.nextInt(4);
            FrameWindow window = new FrameWindow(frames, HUNDRED);
            List<Long> sorted = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                long time = 40L * i + random.nextInt(2_000);
                boolean told = window.add(time);
                sorted.add(time);
                sorted.sort(null);
                assertEquals(anyWindowWith(sorted, time, frames), told, "seed " + seed + " frame " + i);
            }
        }
    }

    private static boolean anyWindowWith(List<Long> sorted, long time, int frames) {
        for (int start = 0; start + frames <= sorted.size(); start++) {
            long first = sorted.get(start);
            long last = sorted.get(start + frames - 1);
            if (first <= time && time <= last && last - first <= HUNDRED.toNanos()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldBeginAnewWhenTheClockWasSetBack() {
        long now = Duration.ofHours(5).toNanos();
        FrameWindow window = new FrameWindow(2, HUNDRED);
        assertFalse(window.add(now));
        assertTrue(window.add(now + 1));
        long back = now - Duration.ofHours(1).toNanos();
        assertFalse(window.add(back));
        assertTrue(window.add(back + 1));
    }

    @Test
    void shouldForgetTheOldestWhenItIsFull() {
        FrameWindow window = new FrameWindow(2, HUNDRED);
        for (int i = 0; i < 10_000; i++) {
            assertFalse(window.add(i * 1_000L));
        }
        assertFalse(window.add(7_000_000)); // older than all that is kept
        assertTrue(window.add(9_999_050));
    }
}
