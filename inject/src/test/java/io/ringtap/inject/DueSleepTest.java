package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class DueSleepTest {
    private final DueSleep sleep = new DueSleep();

    @Test
    void shouldSleepUntilTheDeadlineAndNotLess() {
        for (long wait : new long[] {1, 20_000, 60_000, 190_000}) {
            AtomicLong due = new AtomicLong();
            int early = 0;
            for (int i = 0; i < 20; i++) {
                sleep.sleep(now -> due.updateAndGet(_ -> now + wait) - now, () -> false);
                early += System.nanoTime() - due.get() < 0 ? 1 : 0;
                assertFalse(sleep.isAsleep());
            }
            assertTrue(early <= 2, early + " of 20 sleeps of " + wait + " ns ended early"); // a park may, for no reason
        }
    }

    @Test
    void shouldComeBackFromALongSleepWhileThereIsTimeForOtherWork() {
        int tooEarly = 0;
        int inTime = 0;
        for (int i = 0; i < 50; i++) {
            AtomicLong due = new AtomicLong();
            sleep.sleep(now -> due.updateAndGet(_ -> now + 3_000_000) - now, () -> false);
            long left = due.get() - System.nanoTime();
            tooEarly += left > DueSleep.NAP_NANOS ? 1 : 0;
            inTime += left > 0 ? 1 : 0;
        }
        assertTrue(tooEarly <= 5, tooEarly + " of 50 ended too early");
        assertTrue(inTime > 0, "each took all of its time");
    }

    @Test
    void shouldGoOnAtOnceWhenAParkEndsEarlyForSomethingToDo() {
        // As a stop does it: the thread is unparked, and sees for itself why.
        AtomicBoolean over = new AtomicBoolean();
        Thread sleeper = Thread.ofPlatform().daemon().start(() -> {
            while (!over.get()) {
                sleep.sleep(_ -> 60_000_000_000L, over::get);
            }
        });
        VethPair.await(() -> sleeper.getState() == Thread.State.TIMED_WAITING);
        over.set(true);
        LockSupport.unpark(sleeper);
        VethPair.await(() -> !sleeper.isAlive());
    }

    @Test
    void shouldUseNextToNoProcessorInALongSleep() {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        sleep.sleep(_ -> 300_000_000, () -> false);
        long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertTrue(used < 20_000_000, "used " + used + " ns");
    }

    @Test
    void shouldNotSleepWhereNothingIsLeftToWaitForOrThereIsSomethingToDo() {
        long before = System.nanoTime();
        sleep.sleep(_ -> 0, () -> false);
        sleep.sleep(_ -> -1, () -> false);
        sleep.sleep(_ -> Long.MAX_VALUE, () -> true);
        assertTrue(System.nanoTime() - before < 5_000_000_000L);
    }

    @Test
    void shouldBeWokenFromASleepWithoutEnd() {
        AtomicBoolean over = new AtomicBoolean();
        Thread sleeper = Thread.ofPlatform().daemon().start(() -> {
            while (!over.get()) {
                sleep.sleep(_ -> Long.MAX_VALUE, over::get);
            }
        });
        VethPair.await(sleep::isAsleep);
        over.set(true);
        sleep.wake();
        VethPair.await(() -> !sleeper.isAlive());
        assertFalse(sleep.isAsleep());
    }
}
