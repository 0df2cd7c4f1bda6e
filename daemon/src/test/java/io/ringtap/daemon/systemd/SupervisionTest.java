package io.ringtap.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Progress;
import io.ringtap.testjfr.FlightEvents;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupervisionTest {
    private static final String STATUS = "STATUS=0 frames/s received, 0/s sent; lost 0|";
    private static final String ALIVE = STATUS + "WATCHDOG=1";
    private static final Ledger NOTHING = new Ledger(List.of(), List.of(), List.of(), List.of(), false);

    private static final long LOOK_NANOS = 100_000_000;

    @TempDir
    private Path folder;

    private NotifyReceiver systemd;
    private final Map<String, String> environment = new HashMap<>();
    private final AtomicLong position = new AtomicLong();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 3 * LOOK_NANOS); // the clock may wrap
    private final Semaphore looks = new Semaphore(0);
    private volatile long pauseNanos;
    private volatile boolean hung;

    @BeforeEach
    void listen() {
        String address = folder.resolve("notify").toString();
        systemd = new NotifyReceiver(address);
        environment.put("NOTIFY_SOCKET", address);
        environment.put("WATCHDOG_USEC", "600000"); // a look every 100 ms
    }

    @AfterEach
    void close() {
        systemd.close();
    }

    /** Looks when {@link #look()} has it look. */
    private Supervision begin(Supplier<Ledger> books) {
        return Supervision.begin(environment, books, () -> List.of(worker()), now::get, this::pause);
    }

    private Supervision begin() {
        return begin(() -> NOTHING);
    }

    private boolean pause(CountDownLatch end, long nanos) throws InterruptedException {
        pauseNanos = nanos;
        while (!looks.tryAcquire(1, TimeUnit.MILLISECONDS)) {
            if (end.getCount() == 0) {
                return true;
            }
        }
        now.addAndGet(nanos);
        return false;
    }

    /** Has it look once more, and gives what it tells. */
    private String look() {
        looks.release();
        return systemd.next();
    }

    private Progress worker() {
        return new Progress("worker", hung ? position.get() : position.incrementAndGet(), true);
    }

    @Test
    void shouldSayThatItIsReadyThenHowItDoesAndThatItLives() {
        try (Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, look());
            assertEquals(ALIVE, look());
            assertEquals(LOOK_NANOS, pauseNanos);
        }
    }

    @ParameterizedTest
    @CsvSource({"'',2000000000", "no number,2000000000", "600000,100000000", "30000000,2000000000"})
    void shouldLookSixTimesAWatchdogAndEveryTwoSecondsAtLeast(String watchdog, long nanos) {
        environment.put("WATCHDOG_USEC", watchdog);
        try (Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, look());
            assertEquals(nanos, pauseNanos);
        }
    }

    /** The one whose pauses are the clock's: a look without a word from the test. */
    @Test
    void shouldLookByItself() {
        environment.put("WATCHDOG_USEC", "6000");
        try (Supervision _ = Supervision.begin(environment, () -> NOTHING, () -> List.of(worker()))) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, systemd.next());
            assertEquals(ALIVE, systemd.next());
        }
    }

    @Test
    void shouldGoOnAfterALookThatFailed() {
        AtomicInteger looked = new AtomicInteger();
        try (Supervision _ = begin(() -> failingAt(looked, 2))) {
            assertEquals("READY=1", systemd.next());
            looks.release();
            assertEquals(ALIVE, look());
        }
        assertEquals(3, looked.get(), "the look that told came after the one that failed");
    }

    /** The books, but for one time, which is the first after the begin. */
    private static Ledger failingAt(AtomicInteger looked, int failing) {
        if (looked.incrementAndGet() == failing) {
            throw new OutOfMemoryError("on purpose");
        }
        return NOTHING;
    }

    @Test
    void shouldNotSayThatItLivesWhileAThreadHangs() {
        try (Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, look());
            hung = true;
            for (int look = 0; look < 8; look++) {
                assertEquals(STATUS, look());
            }
            hung = false;
            assertEquals(ALIVE, look());
        }
    }

    @Test
    void shouldTellFlightRecorderWhatHangsOnce() {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Hang");
                Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, look());
            hung = true;
            for (int look = 0; look < 8; look++) {
                assertEquals(STATUS, look());
            }
            List<RecordedEvent> hangs = flight.end();
            assertEquals(1, hangs.size(), hangs::toString);
            assertEquals("worker", hangs.getFirst().getString("threads"));
            // The first look that is more than half of WATCHDOG_USEC after the one at which it moved.
            assertEquals(4 * LOOK_NANOS, hangs.getFirst().getDuration("still").toNanos());
        }
    }

    @Test
    void shouldTellFlightRecorderOfNoThreadThatMovesAgainInTime() {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Hang");
                Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            for (int time = 0; time < 3; time++) {
                hung = false;
                assertEquals(ALIVE, look());
                hung = true;
                for (int look = 0; look < 3; look++) {
                    assertEquals(STATUS, look());
                }
            }
            assertEquals(List.of(), flight.end());
        }
    }

    @Test
    void shouldSayThatItStopsHowLongThatTakesAndLiveOnMeanwhile() throws Exception {
        Supervision closed;
        try (Supervision supervision = begin()) {
            closed = supervision;
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, look());
            hung = true; // in a handler that the stop waits for
            assertEquals(STATUS, look());
            supervision.stopping(Duration.ofSeconds(15));
            assertEquals("STOPPING=1|STATUS=stopping|EXTEND_TIMEOUT_USEC=15000000", systemd.next());
            for (int look = 0; look < 8; look++) {
                assertEquals("WATCHDOG=1", look());
            }
        }
        looks.release();
        closed.stopping(Duration.ofSeconds(15));
        assertNothingElseIsTold("closed, it tells nothing more");
    }

    private void assertNothingElseIsTold(String why) throws IOException {
        try (NotifySocket other = NotifySocket.open(folder.resolve("notify").toString())) {
            other.send("the next");
        }
        assertEquals("the next", systemd.next(), why);
    }

    @Test
    void shouldSayThatItReloadsSinceWhenAndThatItIsReadyAgain() {
        now.set(7_001_999);
        try (Supervision supervision = begin()) {
            assertEquals("READY=1", systemd.next());
            supervision.reloading();
            assertEquals("RELOADING=1|MONOTONIC_USEC=7001|STATUS=reading the configuration again", systemd.next());
            supervision.reloaded();
            assertEquals("READY=1", systemd.next());
        }
    }

    @Test
    void shouldCountTimeByTheClockThatSystemdComparesItWith() {
        try (Supervision supervision = Supervision.begin(environment, () -> NOTHING, () -> List.of(worker()))) {
            assertEquals("READY=1", systemd.next());
            long before = monotonicMicros();
            supervision.reloading();
            long after = monotonicMicros();
            String next = systemd.next();
            while (next.startsWith(STATUS)) {
                next = systemd.next();
            }
            Matcher told = Pattern.compile("RELOADING=1\\|MONOTONIC_USEC=(\\d+)\\|STATUS=.+")
                    .matcher(next);
            assertTrue(told.matches(), next);
            long micros = Long.parseLong(told.group(1));
            assertTrue(before <= micros && micros <= after, before + " <= " + micros + " <= " + after);
        }
    }

    private static long monotonicMicros() {
        String clock = VethPair.run("python3", "-c", "import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))");
        return Long.parseLong(clock.trim()) / 1_000;
    }

    @Test
    void shouldFeedNoWatchdogThatIsMeantForAnotherProcess() {
        environment.put("WATCHDOG_PID", "1");
        hung = true;
        try (Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            for (int look = 0; look < 3; look++) {
                assertEquals(ALIVE, look(), "without a watchdog of its own it looks at no thread");
            }
        }
    }

    @Test
    void shouldDoNothingWithoutSystemd() throws Exception {
        Set<Thread> before = systemdThreads();
        try (Supervision supervision = Supervision.begin(Map.of(), () -> NOTHING, List::of)) {
            Set<Thread> more = systemdThreads();
            more.removeAll(before);
            assertEquals(Set.of(), more);
            supervision.stopping(Duration.ofSeconds(1));
        }
        assertNothingElseIsTold("there is no systemd");
    }

    @Test
    void shouldGoOnWhenNobodyListens() {
        environment.put("NOTIFY_SOCKET", folder.resolve("nobody").toString());
        Set<Thread> before = systemdThreads();
        try (Supervision supervision = begin()) {
            supervision.stopping(Duration.ofSeconds(1));
            Set<Thread> more = systemdThreads();
            more.removeAll(before);
            assertEquals(1, more.size());
        }
    }

    private static Set<Thread> systemdThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("systemd"))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
