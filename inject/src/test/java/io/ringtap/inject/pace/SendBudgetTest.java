package io.ringtap.inject.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Streams on a clock that the test moves, which share what their interface may send. */
class SendBudgetTest {
    private static final long SECOND = 1_000_000_000;

    /** nanoTime may pass from the largest number to the smallest. */
    private static final long START = Math.subtractExact(Long.MAX_VALUE, SECOND);

    private record Sent(long atNanos, long amount) {}

    private final List<Sent> log = new ArrayList<>();

    /** A stream with its share of the budget, as the inject thread drives it. */
    private final class Sender {
        private final SendBudget.Limit most;
        private final int lengthBytes;
        private final RateTrigger pacer;
        private final Allowance allowance;
        private long frames;

        Sender(SendBudget budget, SendRate rate, int lengthBytes) {
            this(budget, rate, lengthBytes, Duration.ofNanos(50_000));
        }

        Sender(SendBudget budget, SendRate rate, int lengthBytes, Duration moment) {
            this.most = budget.limit();
            this.lengthBytes = lengthBytes;
            pacer = RateTrigger.rate(rate, 1, Optional.empty(), 0, _ -> lengthBytes);
            pacer.restart(START);
            allowance = new Allowance(budget, moment);
        }

        long waitNanos(long now) {
            return pacer.isDue(now) ? allowance.waitNanos(now) : pacer.waitNanos(now);
        }

        void turn(long now) {
            while (pacer.isDue(now) && allowance.isOpen(now)) {
                int granted = allowance.grant(64, limit -> pacer.due(limit, now), frames, _ -> lengthBytes, now);
                if (granted == 0) {
                    return;
                }
                for (int i = 0; i < granted; i++) {
                    pacer.advance();
                    frames++;
                    log.add(new Sent(now, most.amountOf(lengthBytes)));
                }
            }
        }
    }

    private Sender frames(SendBudget budget, double framesPerSecond) {
        return new Sender(budget, new Schedule.Rate(framesPerSecond), 60);
    }

    /** Lets the streams run, on a thread that comes as late as the test says. */
    private static void run(Duration time, LongUnaryOperator late, Sender... senders) {
        long now = START;
        while (now - START <= time.toNanos()) {
            long wait = Long.MAX_VALUE;
            for (Sender sender : senders) {
                sender.turn(now);
            }
            for (Sender sender : senders) {
                wait = Math.min(wait, sender.waitNanos(now));
            }
            now = late.applyAsLong(now + Math.max(wait, 1));
        }
    }

    private static long inTime(long now) {
        return now;
    }

    /** In any time, no more than the rate lets pass, and what the streams have booked at once. */
    private void assertNeverPassed(SendRate most, long booked) {
        double nanosPerAmount = 1e9 / most.perSecond();
        for (int from = 0; from < log.size(); from += 1 + from / 50) {
            long sum = 0;
            for (int to = from; to < log.size(); to++) {
                sum += log.get(to).amount();
                long time = log.get(to).atNanos() - log.get(from).atNanos();
                assertTrue(
                        (double) sum <= (double) (time + 1) / nanosPerAmount + (double) booked + 1e-6,
                        sum + " from " + from + " to " + to);
            }
        }
    }

    @Test
    void shouldLetPassExactlyTheMostWhenStreamsAskForMore() {
        for (double most : new double[] {1, 3, 999, 7_000}) {
            log.clear();
            SendBudget budget = SendBudget.of(new Schedule.Rate(most));
            run(
                    Duration.ofSeconds(3),
                    SendBudgetTest::inTime,
                    frames(budget, 100_000),
                    frames(budget, 50_000),
                    frames(budget, 9_000));
            assertNear((long) (3 * most), log.size(), 1);
            for (int i = 1; i < log.size(); i++) {
                long gap = log.get(i).atNanos() - log.get(i - 1).atNanos();
                assertTrue(gap >= (long) (SECOND / most), "gap of " + gap + " ns at " + most + " a second");
            }
            assertNeverPassed(new Schedule.Rate(most), 1);
        }
    }

    @Test
    void shouldNeverPassTheMostHoweverLateTheThreadComes() {
        Schedule.Rate most = new Schedule.Rate(2_000);
        SendBudget budget = SendBudget.of(most);
        Random random = new Random(7);
        LongUnaryOperator late =
                now -> now + (random.nextInt(20) == 0 ? random.nextInt(20_000_000) : random.nextInt(90_000));
        run(Duration.ofSeconds(3), late, frames(budget, 5_000), frames(budget, 700), frames(budget, 1_500));
        assertNeverPassed(most, 1 + 3); // each may come late with the one frame that it has booked
        assertTrue(log.size() > 3_000, "frames " + log.size());
    }

    @Test
    void shouldBookInOneBudgetWhateverTheNamesOfTheInterfaceAre() {
        Schedule.Rate most = new Schedule.Rate(1_000);
        SendBudget budget = SendBudget.of(most);
        SendBudget other = SendBudget.unlimited();
        other.shareWith(budget);
        Sender one = frames(budget, 5_000);
        Sender two = frames(other, 5_000);
        run(Duration.ofSeconds(3), SendBudgetTest::inTime, one, two);
        assertNeverPassed(most, 1 + 1);
        assertNear(1_500, one.frames, 2);
        assertNear(1_500, two.frames, 2);
    }

    @Test
    void shouldTakeThoseThatSendAlongToTheBudgetThatIsShared() {
        SendBudget budget = SendBudget.of(new Schedule.Rate(1_000));
        SendBudget other = SendBudget.of(new Schedule.Rate(7));
        Allowance one = new Allowance(budget, Duration.ofMillis(1));
        Allowance two = new Allowance(other, Duration.ofMillis(50));
        assertEquals(Duration.ofMillis(1), budget.longestMoment());
        other.shareWith(budget);
        assertEquals(Duration.ofMillis(50), budget.longestMoment());
        assertEquals(budget.limit(), other.limit());
        other.shareWith(other);
        assertEquals(Duration.ofMillis(1), budget.longestMoment());
        assertEquals(Duration.ofMillis(50), other.longestMoment());
        other.shareWith(budget);
        two.close();
        assertEquals(Duration.ofMillis(1), budget.longestMoment());
        one.close();
        assertEquals(Duration.ZERO, budget.longestMoment());
    }

    @Test
    void shouldShareFairlyAndLeaveASmallStreamItsRate() {
        SendBudget budget = SendBudget.of(new Schedule.Rate(1_000));
        Sender small = frames(budget, 100);
        Sender large = frames(budget, 5_000);
        Sender larger = frames(budget, 90_000);
        run(Duration.ofSeconds(10), SendBudgetTest::inTime, small, large, larger);
        assertNear(1_000, small.frames, 1);
        assertNear(4_500, large.frames, 5);
        assertNear(4_500, larger.frames, 5);
    }

    @Test
    void shouldLeaveEachStreamItsRateWhereThereIsRoom() {
        SendBudget budget = SendBudget.of(new Schedule.Rate(1_000));
        Sender one = frames(budget, 300);
        Sender other = frames(budget, 699);
        run(Duration.ofSeconds(10), SendBudgetTest::inTime, one, other);
        assertNear(3_000, one.frames, 1);
        assertNear(6_990, other.frames, 1);
        assertNeverPassed(new Schedule.Rate(1_000), 1);
    }

    @Test
    void shouldCountBitsAndShareThemFairlyAmongShortAndLongFrames() {
        Schedule.BitRate most = new Schedule.BitRate(10_000_000);
        SendBudget budget = SendBudget.of(most);
        Sender small = new Sender(budget, new Schedule.BitRate(100_000_000), 60);
        Sender large = new Sender(budget, new Schedule.BitRate(100_000_000), 1_514);
        run(Duration.ofSeconds(3), SendBudgetTest::inTime, small, large);
        long together = 8 * (60 * small.frames + 1_514 * large.frames);
        assertNear(30_000_000, together, 2 * 12_144);
        assertNear(15_000_000, 8 * 60 * small.frames, 300_000);
        assertNeverPassed(most, 12_144);
    }

    @Test
    void shouldSendManyAtOnceOnlyWhereThatManyPassInAMoment() {
        Schedule.Rate most = new Schedule.Rate(1_000_000);
        SendBudget budget = SendBudget.of(most);
        run(Duration.ofMillis(100), now -> now + 30_000, frames(budget, 5_000_000));
        assertNeverPassed(most, 2 * 50);
        assertTrue(log.size() > 50_000, "frames " + log.size());
    }

    @Test
    void shouldShareFairlyWithAnEngineThatSendsForALongTimeAtOnce() {
        SendBudget budget = SendBudget.of(new Schedule.Rate(20_000));
        Schedule.Rate rate = new Schedule.Rate(1_000_000);
        Sender bulk = new Sender(budget, rate, 60, Duration.ofMillis(50));
        Sender small = frames(budget, 100);
        Sender large = frames(budget, 1_000_000);
        assertEquals(Duration.ofMillis(50), budget.longestMoment());
        run(Duration.ofSeconds(2), SendBudgetTest::inTime, bulk, small, large);
        assertNear(200, small.frames, 20); // what is booked before it takes 0.15 s
        assertNear(19_900, bulk.frames, 1_500);
        assertNear(19_900, large.frames, 1_500);
        assertNeverPassed(new Schedule.Rate(20_000), 1_000);
        bulk.allowance.close();
        assertEquals(Duration.ofNanos(50_000), budget.longestMoment());
    }

    @Test
    void shouldMakeNothingUpForATimeInWhichNobodySent() {
        Schedule.Rate most = new Schedule.Rate(10);
        SendBudget budget = SendBudget.of(most);
        assertEquals(START, budget.limit().book(1, START));
        long later = START + 60 * SECOND;
        assertEquals(later, budget.limit().book(1, later));
        assertEquals(later + SECOND / 10, budget.limit().book(1, later));
        assertEquals(later + 2 * SECOND / 10, budget.limit().book(1, later + 1));
    }

    @Test
    void shouldForgetWhatIsBookedAtALimitThatHoldsNoMore() {
        SendBudget budget = SendBudget.of(new Schedule.Rate(10));
        Allowance allowance = new Allowance(budget, Duration.ZERO);
        assertEquals(1, allowance.grant(5, limit -> Math.min(limit, 5), 0, _ -> 60, START));
        assertEquals(0, allowance.grant(5, limit -> Math.min(limit, 5), 0, _ -> 60, START));
        assertFalse(allowance.isOpen(START));
        budget.change(Optional.of(new Schedule.Rate(10)));
        assertFalse(allowance.isOpen(START), "the same limit");
        budget.change(Optional.of(new Schedule.Rate(1_000)));
        assertTrue(allowance.isOpen(START));
        assertEquals(1, allowance.grant(5, limit -> Math.min(limit, 5), 0, _ -> 60, START));
        assertEquals(0, allowance.grant(5, limit -> Math.min(limit, 5), 0, _ -> 60, START));
        assertEquals(SECOND / 1_000, allowance.waitNanos(START));
        budget.change(Optional.empty());
        assertFalse(allowance.isLimited());
        assertTrue(allowance.isOpen(START));
        assertEquals(5, allowance.grant(5, limit -> Math.min(limit, 5), 0, _ -> 60, START));
    }

    @Test
    void shouldForgetWhatAStreamHasBookedWhenItIsStopped() {
        SendBudget budget = SendBudget.of(new Schedule.Rate(10));
        Allowance allowance = new Allowance(budget, Duration.ZERO);
        assertEquals(1, allowance.grant(5, limit -> Math.min(limit, 5), 0, _ -> 60, START));
        assertEquals(0, allowance.grant(5, limit -> Math.min(limit, 5), 0, _ -> 60, START));
        assertEquals(SECOND / 10, allowance.waitNanos(START));
        allowance.drop();
        assertTrue(allowance.isOpen(START));
        assertEquals(
                0,
                allowance.grant(
                        1,
                        limit -> Math.min(limit, 1),
                        0,
                        _ -> 60,
                        START + SECOND / 10)); // booked anew, behind what was left
        assertEquals(1, allowance.grant(1, limit -> Math.min(limit, 1), 0, _ -> 60, START + 2 * SECOND / 10));
    }

    private static void assertNear(long expected, long actual, long by) {
        assertTrue(Math.abs(actual - expected) <= by, actual + " is not within " + by + " of " + expected);
    }

    @Test
    void shouldKeepToTheRatesOfTheFastestInterfacesWhateverIsBookedAtOnce() {
        for (double bits : new double[] {400e9, 333_333_333_333.0, 999_999_999_999.0}) {
            SendBudget.Limit limit = SendBudget.of(new Schedule.BitRate(bits)).limit();
            long amount = limit.mostAtOnce(Duration.ofMillis(50));
            limit.book(amount, START);
            for (int i = 1; i <= 10; i++) {
                double after = (double) (limit.book(amount, START) - START);
                assertEquals(i * 50_000_000.0, after, i, bits + " bits a second");
            }
        }
        SendBudget.Limit frames =
                SendBudget.of(new Schedule.Rate(9_999_999.1234567)).limit();
        frames.book(500_000, START);
        assertEquals(50_000_004.4, (double) (frames.book(1, START) - START), 1.0);
    }
}
