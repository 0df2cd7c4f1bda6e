package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** By a clock that goes on a nanosecond each time it is read, and by what a park takes. */
class DueSleepTest {
    private long nowNanos = Long.MAX_VALUE - 1_000_000;

    /** How late a park ends. */
    private long lateNanos;

    private final List<Long> parks = new ArrayList<>();
    private final DueSleep sleep = new DueSleep(() -> ++nowNanos, this::park);
    private Runnable inPark = () -> {};

    private void park(long nanos) {
        parks.add(nanos);
        nowNanos += nanos + lateNanos;
        inPark.run();
    }

    /** Sleeps so long; gives how long after that it came back. */
    private long sleepFor(long wait) {
        long[] due = new long[1];
        sleep.sleep(
                now -> {
                    due[0] = now + wait;
                    return wait;
                },
                () -> false);
        assertFalse(sleep.isAsleep());
        return nowNanos - due[0];
    }

    @Test
    void shouldSleepUntilTheDeadlineAndNotLess() {
        for (long wait : new long[] {1, 2, 20_000, 50_000, 60_000, 190_000, DueSleep.NAP_NANOS}) {
            assertEquals(0, sleepFor(wait), "wait of " + wait);
        }
    }

    @Test
    void shouldComeBackFromALongSleepWhileThereIsTimeForOtherWork() {
        for (long wait : new long[] {DueSleep.NAP_NANOS + 1, 3_000_000, 1_000_000_000}) {
            parks.clear();
            assertEquals(-DueSleep.NAP_NANOS, sleepFor(wait));
            assertEquals(List.of(wait - DueSleep.NAP_NANOS), parks);
        }
    }

    @Test
    void shouldSpinOnlyForTheLastOfItAndParkForTheRest() {
        sleepFor(190_000);
        assertEquals(List.of(190_000 - DueSleep.SPIN_NANOS), parks);
        parks.clear();
        sleepFor(DueSleep.SPIN_NANOS);
        assertEquals(List.of(), parks);
    }

    @Test
    void shouldParkForSoMuchLessAsAParkUsuallyEndsLate() {
        for (long late : new long[] {30_000, 0}) {
            lateNanos = late;
            for (int i = 0; i < 200; i++) {
                assertEquals(0, sleepFor(190_000));
            }
            parks.clear();
            sleepFor(190_000);
            long less = 190_000 - DueSleep.SPIN_NANOS - parks.getFirst();
            assertTrue(Math.abs(less - late) <= 1_000, less + " ns less, late by " + late);
        }
    }

    @Test
    void shouldParkAgainWhereAParkEndedForNoReason() {
        inPark = () -> {
            nowNanos -= parks.size() == 1 ? 100_000 : 0;
        };
        assertEquals(0, sleepFor(190_000));
        assertEquals(2, parks.size());
    }

    @Test
    void shouldGoOnAtOnceWhenItIsWokenInTheMidstOfASleep() {
        inPark = () -> {
            nowNanos -= 100_000;
            sleep.wake();
        };
        assertTrue(sleepFor(190_000) < -140_000);
        assertTrue(sleepFor(3_000_000_000L) < -DueSleep.NAP_NANOS);
        assertEquals(2, parks.size());
    }

    @Test
    void shouldNotSleepWhereNothingIsLeftToWaitForOrThereIsSomethingToDo() {
        sleep.sleep(_ -> 0, () -> false);
        sleep.sleep(_ -> -1, () -> false);
        sleep.sleep(_ -> Long.MAX_VALUE, () -> true);
        sleep.sleep(_ -> DueSleep.SPIN_NANOS, () -> true);
        assertEquals(List.of(), parks);
        assertTrue(nowNanos - (Long.MAX_VALUE - 1_000_000) < 10, "it has spun");
    }

    @Test
    void shouldSleepInOneParkByTheMachinesClock() {
        long[] sleeps = new long[1];
        DueSleep real = new DueSleep();
        long before = System.nanoTime();
        while (System.nanoTime() - before < 300_000_000) {
            real.sleep(now -> 300_000_000 - (now - before), () -> false);
            sleeps[0]++;
        }
        assertTrue(sleeps[0] <= 10, sleeps[0] + " sleeps"); // two, but any can end early for no reason
    }

    @Test
    void shouldBeWokenFromASleepWithoutEndByTheMachinesClock() {
        DueSleep real = new DueSleep();
        AtomicBoolean over = new AtomicBoolean();
        Thread sleeper = Thread.ofPlatform().daemon().start(() -> {
            while (!over.get()) {
                real.sleep(_ -> Long.MAX_VALUE, over::get);
            }
        });
        VethPair.await(() -> sleeper.getState() == Thread.State.TIMED_WAITING);
        over.set(true);
        real.wake();
        VethPair.await(() -> !sleeper.isAlive());
        assertFalse(real.isAsleep());
    }
}
