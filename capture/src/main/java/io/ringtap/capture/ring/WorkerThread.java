package io.ringtap.capture.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A thread that runs a task on a ring: it sleeps until frames are published, or a tick is due. */
final class WorkerThread implements Runnable {
    private final RingTask task;
    private final SequenceBarrier barrier;
    private final Thread thread;
    private final CountDownLatch started = new CountDownLatch(1);

    private volatile Throwable startFailure;
    private volatile boolean draining;

    WorkerThread(String name, RingTask task, SequenceBarrier barrier) {
        this.task = task;
        this.barrier = barrier;
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
    }

    /** Returns whether it was started. */
    boolean started() {
        return thread.getState() != Thread.State.NEW;
    }

    /** Starts the thread; {@link #awaitStarted} tells when its handlers are ready. */
    void start() {
        thread.start();
    }

    /**
     * Waits for every handler's {@code onStart} to return. Null, what one threw, or that they have not returned.
     *
     * @param deadline of {@link System#nanoTime}
     */
    Throwable awaitStarted(long deadline) throws InterruptedException {
        return started.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                ? startFailure
                : new java.util.concurrent.TimeoutException();
    }

    /** No frame will be published any more: the thread ends after the last one. */
    void drain() {
        draining = true;
        barrier.alert();
    }

    /** Returns whether it runs. */
    boolean isAlive() {
        return thread.isAlive();
    }

    /** Waits for the thread to end, until a deadline of {@link System#nanoTime}; whether it has. */
    boolean join(long deadline) throws InterruptedException {
        if (!started()) {
            return true;
        }
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        return !thread.isAlive();
    }

    @Override
    public void run() {
        startFailure = task.begin();
        started.countDown();
        if (startFailure == null) {
            handleAll();
        }
        task.end();
    }

    private void handleAll() {
        while (!task.abandoned() && !(draining && task.isCaughtUp())) {
            if (!draining && !task.isAsked()) {
                awaitFrames();
            }
            task.handlePublished();
            task.tick(System.nanoTime());
        }
    }

    private void awaitFrames() {
        try {
            barrier.waitFor(task.handled().get() + 1);
        } catch (AlertException e) {
            // draining: the alert stays, so that the thread looks again after what is left, and does not wait
        } catch (InterruptedException e) {
            // a handler left the interrupt flag set, or the thread was abandoned: look, and go on
        } catch (TimeoutException e) {
            // a tick is due
        }
    }
}
