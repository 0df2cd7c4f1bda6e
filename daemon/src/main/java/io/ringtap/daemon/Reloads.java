package io.ringtap.daemon;

import io.ringtap.daemon.control.ReloadRefusedException;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import io.ringtap.daemon.control.ReloadReport;
import io.ringtap.daemon.page.Reloaded;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a daemon take its configuration anew, one time after the other, whoever asks: the control socket waits for the outcome, a
 * signal does not. However many signals come during a reload, one more follows. Any thread.
 */
final class Reloads {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.reload");

    private final ConfigReading reading;
    private final Taking taking;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile Runnable onBegin = () -> {};
    private volatile Runnable onEnd = () -> {};
    private final Consumer<Reloaded> outcomes;

    // Guarded by this.
    private Thread reloading;
    private boolean ended;

    /** Takes a configuration in place of the one there was. */
    @FunctionalInterface
    interface Taking {
        ReloadReport take(DaemonConfig config) throws ReloadRefusedException, InterruptedException;
    }

    Reloads(ConfigReading reading, Taking taking) {
        this(reading, taking, _ -> {});
    }

    /** As the other; {@code outcomes} is told of each reload that was taken or refused, and must not throw. */
    Reloads(ConfigReading reading, Taking taking, Consumer<Reloaded> outcomes) {
        this.reading = reading;
        this.taking = taking;
        this.outcomes = outcomes;
    }

    /** Has hooks called, which must not throw, as a reload begins and when it is done or refused. */
    void watch(Runnable whenBegun, Runnable whenEnded) {
        onBegin = whenBegun;
        onEnd = whenEnded;
    }

    /** The daemon runs: reloads that were asked for before begin now. */
    void begin() {
        begun.countDown();
    }

    /** For a signal: begins one, on a thread of its own, unless one waits to begin. */
    void request(String signal) {
        if (signalled.compareAndSet(false, true)) {
            Thread.ofPlatform().name("reload").daemon().start(() -> onSignal(signal));
        }
    }

    private void onSignal(String signal) {
        try {
            reload(signal, () -> signalled.set(false));
        } catch (ReloadRefusedException e) {
            e.problems().forEach(LOG::error);
        }
    }

    /**
     * Reads the configuration and takes it; returns when that is done.
     *
     * @param askedBy who asks, for the log
     * @throws ReloadRefusedException if it is refused: what ran before runs on
     */
    ReloadReport reload(String askedBy) throws ReloadRefusedException {
        return reload(askedBy, () -> {});
    }

    private ReloadReport reload(String askedBy, Runnable beforeReading) throws ReloadRefusedException {
        try {
            begun.await();
            lock.lockInterruptibly();
            try {
                setReloading(Thread.currentThread());
                beforeReading.run();
                return recorded(askedBy);
            } finally {
                setReloading(null);
                lock.unlock();
            }
        } catch (InterruptedException e) {
            throw new ReloadRefusedException(Reason.FAILED, List.of("the daemon is stopping"));
        }
    }

    private synchronized void setReloading(Thread thread) throws InterruptedException {
        if (thread == null) {
            Thread.interrupted(); // by an end that came too late
        } else if (ended) {
            throw new InterruptedException();
        }
        reloading = thread;
    }

    private ReloadReport recorded(String askedBy) throws ReloadRefusedException, InterruptedException {
        ReloadEvent event = new ReloadEvent();
        event.askedBy = askedBy;
        event.outcome = "ended by a stop";
        event.begin();
        onBegin.run();
        try {
            ReloadReport report = taking.take(reading.read());
            event.outcome = "done";
            event.changes = report.text();
            outcomes.accept(new Reloaded(askedBy, true, report.text()));
            LOG.info("reload asked for by {}: {}", askedBy, report.text());
            return report;
        } catch (ReloadRefusedException e) {
            event.outcome = "refused";
            event.changes = e.getMessage();
            outcomes.accept(new Reloaded(askedBy, false, String.join("; ", e.problems())));
            int more = e.problems().size() - 1;
            LOG.error(
                    "reload asked for by {} is refused, and what ran before runs on: {}{}",
                    askedBy,
                    e.problems().getFirst(),
                    more == 0 ? "" : " (and " + more + " more)");
            throw e;
        } finally {
            event.commit();
            onEnd.run();
        }
    }

    /** Returns whether one is under way. */
    boolean underWay() {
        return lock.isLocked();
    }

    /** The daemon stops: the reload under way begins nothing further, and none follows. Returns when it is over. */
    void end() {
        synchronized (this) {
            ended = true;
            if (reloading != null) {
                reloading.interrupt();
            }
        }
        begun.countDown(); // those that wait for a start that has failed are refused
        lock.lock();
        try {
            onBegin = () -> {};
            onEnd = () -> {};
        } finally {
            lock.unlock();
        }
    }
}
