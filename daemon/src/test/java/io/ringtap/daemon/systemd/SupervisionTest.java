package io.ringtap.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Progress;
import io.ringtap.testjfr.FlightEvents;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTest {
    private static final String STATUS = "STATUS=0 frames/s received, 0/s sent; lost 0|";
    private static final String ALIVE = STATUS + "WATCHDOG=1";
    private static final Ledger NOTHING = new Ledger(List.of(), List.of(), List.of(), List.of(), false);

    @TempDir
    private Path folder;

    private NotifyReceiver systemd;
    private final Map<String, String> environment = new HashMap<>();
    private final AtomicLong position = new AtomicLong();
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

    private Supervision begin() {
        return Supervision.begin(environment, () -> NOTHING, () -> List.of(worker()));
    }

    private Progress worker() {
        return new Progress("worker", hung ? position.get() : position.incrementAndGet(), true);
    }

    @Test
    void shouldSayThatItIsReadyThenHowItDoesAndThatItLives() {
        try (Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, systemd.next());
            assertEquals(ALIVE, systemd.next());
        }
    }

    @Test
    void shouldGoOnAfterALookThatFailed() {
        AtomicInteger looks = new AtomicInteger();
        try (Supervision _ = Supervision.begin(environment, () -> failingAt(looks, 2), () -> List.of(worker()))) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, systemd.next());
        }
        assertTrue(looks.get() > 2, "the look that told came after the one that failed");
    }

    /** The books, but for one time, which is the first after the begin. */
    private static Ledger failingAt(AtomicInteger looks, int failing) {
        if (looks.incrementAndGet() == failing) {
            throw new OutOfMemoryError("on purpose");
        }
        return NOTHING;
    }

    @Test
    void shouldNotSayThatItLivesWhileAThreadHangs() {
        try (Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, systemd.next());
            hung = true;
            String last = systemd.next();
            for (int look = 0; look < 3 && last.equals(ALIVE); look++) { // it may have looked in between
                last = systemd.next();
            }
            for (int look = 0; look < 8; look++) {
                assertEquals(STATUS, last);
                last = systemd.next();
            }
            hung = false;
            while (last.equals(STATUS)) {
                last = systemd.next();
            }
            assertEquals(ALIVE, last);
        }
    }

    @Test
    void shouldTellFlightRecorderWhatHangsOnce() {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Hang");
                Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, systemd.next());
            hung = true;
            for (int look = 0; look < 8; look++) {
                systemd.next();
            }
            List<RecordedEvent> hangs = flight.end();
            assertEquals(1, hangs.size(), hangs::toString);
            assertEquals("worker", hangs.getFirst().getString("threads"));
            long millis = hangs.getFirst().getDuration("still").toMillis();
            assertTrue(millis >= 300, millis + " ms"); // half of WATCHDOG_USEC
        }
    }

    @Test
    void shouldSayThatItStopsHowLongThatTakesAndLiveOnMeanwhile() {
        try (Supervision supervision = begin()) {
            assertEquals("READY=1", systemd.next());
            hung = true; // in a handler that the stop waits for
            supervision.stopping(Duration.ofSeconds(15));
            String next = systemd.next();
            while (next.startsWith(STATUS)) {
                next = systemd.next();
            }
            assertEquals("STOPPING=1|STATUS=stopping|EXTEND_TIMEOUT_USEC=15000000", next);
            next = systemd.next();
            while (next.startsWith(STATUS)) { // of a look that had begun
                next = systemd.next();
            }
            assertEquals("WATCHDOG=1", next);
        }
        while (systemd.next(300) != null) {
            // what was sent before it was closed
        }
        assertEquals(null, systemd.next(300), "closed, it tells nothing more");
    }

    @Test
    void shouldSayThatItReloadsSinceWhenAndThatItIsReadyAgain() {
        try (Supervision supervision = begin()) {
            assertEquals("READY=1", systemd.next());
            long before = System.nanoTime() / 1_000;
            supervision.reloading();
            long after = System.nanoTime() / 1_000;
            String next = skipping(STATUS);
            Matcher told = Pattern.compile("RELOADING=1\\|MONOTONIC_USEC=(\\d+)\\|STATUS=.+")
                    .matcher(next);
            assertTrue(told.matches(), next);
            long micros = Long.parseLong(told.group(1));
            assertTrue(before <= micros && micros <= after, before + " <= " + micros + " <= " + after);
            supervision.reloaded();
            assertEquals("READY=1", skipping(STATUS));
        }
    }

    @Test
    void shouldCountTimeByTheClockThatSystemdComparesItWith() {
        long before = System.nanoTime();
        String clock = VethPair.run("python3", "-c", "import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))");
        long between = Long.parseLong(clock.trim());
        assertTrue(before <= between && between <= System.nanoTime(), before + " <= " + between);
    }

    private String skipping(String start) {
        String next = systemd.next();
        while (next.startsWith(start)) {
            next = systemd.next();
        }
        return next;
    }

    @Test
    void shouldFeedNoWatchdogThatIsMeantForAnotherProcess() {
        environment.put("WATCHDOG_PID", "1");
        hung = true;
        try (Supervision _ = begin()) {
            assertEquals("READY=1", systemd.next());
            assertEquals(ALIVE, systemd.next(), "without a watchdog of its own it looks at no thread");
        }
    }

    @Test
    void shouldDoNothingWithoutSystemd() {
        long before = systemdThreads();
        try (Supervision supervision = Supervision.begin(Map.of(), () -> NOTHING, List::of)) {
            assertEquals(before, systemdThreads());
            supervision.stopping(Duration.ofSeconds(1));
        }
        assertEquals(null, systemd.next(200));
    }

    @Test
    void shouldGoOnWhenNobodyListens() {
        environment.put("NOTIFY_SOCKET", folder.resolve("nobody").toString());
        try (Supervision supervision = begin()) {
            supervision.stopping(Duration.ofSeconds(1));
            assertTrue(systemdThreads() > 0);
        }
    }

    private static long systemdThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("systemd"))
                .count();
    }
}
