package io.ringtap.daemon.systemd;

import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the systemd that runs this process that it is ready, how it does, and that it stops; and, where the unit has a watchdog
 * (WatchdogSec=), that it lives, while every thread moves that has work before it. Without systemd it does nothing. A thread of its
 * own, {@code systemd}, looks; whoever is looked at does nothing for it.
 */
public final class Supervision implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.watchdog");
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** The last sign of life must not be much older than the last look at which all moved. */
    private static final int LOOKS_A_WATCHDOG = 6;

    private static final long END_MILLIS = 2_000;

    private final NotifySocket socket;
    private final Supplier<Ledger> books;
    private final Supplier<List<Progress>> threads;
    private final LongSupplier nanoTime;
    private final Pause pause;

    /** The unit's WatchdogSec; 0 for none. */
    private final long watchdogNanos;

    private final Thread thread = Thread.ofPlatform().name("systemd").daemon().unstarted(this::run);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private boolean told = true; // that systemd cannot be told

    private final ProgressWatch progress = new ProgressWatch();
    private long aliveAtNanos;
    private boolean stalled;

    /** The wait between two looks. */
    @FunctionalInterface
    interface Pause {
        /** Waits so long; whether there is nothing more to look at. */
        boolean orEnd(CountDownLatch end, long nanos) throws InterruptedException;
    }

    private Supervision(
            NotifySocket socket,
            Supplier<Ledger> books,
            Supplier<List<Progress>> threads,
            long watchdogNanos,
            LongSupplier nanoTime,
            Pause pause) {
        this.socket = socket;
        this.books = books;
        this.threads = threads;
        this.watchdogNanos = watchdogNanos;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.aliveAtNanos = nanoTime.getAsLong();
    }

    /**
     * Says that the daemon is ready, and goes on from there.
     *
     * @param environment as systemd sets it: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID
     * @param books the counts of now
     * @param threads those that must not hang, and how far they have come
     */
    public static Supervision begin(
            Map<String, String> environment, Supplier<Ledger> books, Supplier<List<Progress>> threads) {
        // On Linux the JVM's nanoTime is CLOCK_MONOTONIC, which is what systemd compares a reload's begin with.
        return begin(
                environment, books, threads, System::nanoTime, (end, nanos) -> end.await(nanos, TimeUnit.NANOSECONDS));
    }

    static Supervision begin(
            Map<String, String> environment,
            Supplier<Ledger> books,
            Supplier<List<Progress>> threads,
            LongSupplier nanoTime,
            Pause pause) {
        NotifySocket socket = null;
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (!address.isEmpty()) {
            try {
                socket = NotifySocket.open(address);
            } catch (IOException e) {
                LOG.warn("systemd cannot be told that this daemon is ready: {}", e.getMessage());
            }
        }
        Supervision supervision = new Supervision(socket, books, threads, watchdogNanos(environment), nanoTime, pause);
        if (socket != null) {
            supervision.tell("READY=1");
            supervision.thread.start();
        }
        return supervision;
    }

    /** As sd_watchdog_enabled(3): it may be meant for another process. */
    private static long watchdogNanos(Map<String, String> environment) {
        String pid = Long.toString(ProcessHandle.current().pid());
        if (!environment.getOrDefault("WATCHDOG_PID", pid).equals(pid)) {
            return 0;
        }
        try {
            return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Says that the daemon begins to take its configuration anew. */
    public void reloading() {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanoTime.getAsLong());
        tell("RELOADING=1\nMONOTONIC_USEC=" + micros + "\nSTATUS=reading the configuration again");
    }

    /** Says that this is done, or was refused: in either case the daemon is ready. */
    public void reloaded() {
        if (!stopping) {
            tell("READY=1");
        }
    }

    /** Says that the daemon stops, and how long that takes at most. */
    public void stopping(Duration atMost) {
        stopping = true; // a stop has its own bound
        tell("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(atMost.toNanos()));
    }

    private void run() {
        StatusLine status = new StatusLine(books.get(), nanoTime.getAsLong());
        long look = LOOK.toNanos();
        if (watchdogNanos > 0) {
            look = Math.min(look, watchdogNanos / LOOKS_A_WATCHDOG);
        }
        try {
            while (!pause.orEnd(ended, look)) {
                try {
                    look(status);
                } catch (RuntimeException | Error e) { // one look without memory is no reason to end the process
                    LOG.error("systemd could not be told how this daemon does: {}", e.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(StatusLine status) {
        long now = nanoTime.getAsLong();
        boolean alive = stopping || watchdogNanos == 0 || allMove(now);
        String message = alive ? "WATCHDOG=1" : "";
        if (!stopping) {
            message = "STATUS=" + status.next(books.get(), now) + "\n" + message;
        }
        tell(message);
    }

    private boolean allMove(long now) {
        List<String> still = progress.still(threads.get());
        if (still.isEmpty()) {
            aliveAtNanos = now;
            stalled = false;
        } else if (!stalled && now - aliveAtNanos > watchdogNanos / 2) {
            stalled = true;
            LOG.error(
                    "{} hangs: has work, and has not moved for {} s; after {} s (WatchdogSec) systemd has this process"
                            + " write where its threads are, and ends it",
                    String.join(", ", still),
                    TimeUnit.NANOSECONDS.toSeconds(now - aliveAtNanos),
                    TimeUnit.NANOSECONDS.toSeconds(watchdogNanos));
            tell(still, now - aliveAtNanos); // last: loading what tells Flight Recorder takes its time
        }
        return still.isEmpty();
    }

    private static void tell(List<String> still, long nanos) {
        HangEvent hang = new HangEvent();
        hang.threads = String.join(", ", still);
        hang.still = nanos;
        hang.commit();
    }

    private void tell(String message) {
        if (socket == null) {
            return;
        }
        try {
            socket.send(message);
            told = true;
        } catch (IOException e) {
            if (told) {
                LOG.warn("systemd cannot be told how this daemon does: {}", e.getMessage());
            }
            told = false;
        }
    }

    /** Tells nothing more. Idempotent. */
    @Override
    public void close() {
        ended.countDown();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (socket != null) {
            socket.close();
        }
    }
}
