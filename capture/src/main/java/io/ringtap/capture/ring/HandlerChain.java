package io.ringtap.capture.ring;

import io.ringtap.ledger.Counter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of one thread of a worker, called one after the other for each frame. A handler that throws harms only that frame;
 * the others still get it. Counts and {@link #abandon} are for any thread, the rest for the one that calls {@link #begin}.
 */
final class HandlerChain {
    /** How often handlers are given the time, whether frames come or not. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final HandlerCalls[] handlers;
    private final HandlerCalls first;
    private final QueryQueue questions;
    private final BusyMeter busy = new BusyMeter(System.nanoTime());

    private final Counter delivered = new Counter();
    private final Counter failed = new Counter();
    private final Counter sampledOut = new Counter();
    private final Counter duplicate = new Counter();

    /** Null for a worker that gets duplicates, too. */
    private final @Nullable Duplicates duplicates;

    /** Handlers whose {@code onStart} has returned. */
    private volatile int ready;

    private long tickAt;
    private Runnable onStart = () -> {};
    private volatile Thread thread;
    private volatile String starting = "";
    private volatile boolean abandoned;

    /** One whose handlers do not get what {@code duplicates} knows again; null for all. */
    HandlerChain(List<HandlerCalls> handlers, QueryQueue questions, @Nullable Duplicates duplicates) {
        this.duplicates = duplicates;
        this.handlers = handlers.toArray(HandlerCalls[]::new);
        first = handlers.getFirst();
        for (int i = 1; i < handlers.size(); i++) {
            handlers.get(i - 1).precede(handlers.get(i));
        }
        this.questions = questions;
    }

    long delivered() {
        return delivered.value();
    }

    long failed() {
        return failed.value();
    }

    /** Frames of flows that the worker's sample leaves out. */
    long sampledOut() {
        return sampledOut.value();
    }

    /** Frames that came before. */
    long duplicate() {
        return duplicate.value();
    }

    /** The share of the time that it was busy of late; any thread. */
    double busyShare(long nanoTime) {
        return busy.share(nanoTime);
    }

    List<HandlerCalls> handlers() {
        return List.of(handlers);
    }

    /** Returns what the handlers are asked. */
    QueryQueue questions() {
        return questions;
    }

    /** Has {@code hook}, which must not throw, called on the thread before its handlers; before {@link #begin()}. */
    void onStart(Runnable hook) {
        onStart = hook;
    }

    /** Starts the handlers. Null, or what one threw. */
    Throwable begin() {
        thread = Thread.currentThread();
        onStart.run();
        tickAt = System.nanoTime() + TICK_NANOS;
        for (int i = 0; i < handlers.length; i++) {
            starting = handlers[i].type();
            Throwable thrown = handlers[i].start();
            if (thrown != null) {
                return thrown;
            }
            ready = i + 1;
        }
        return null;
    }

    /** Returns whether each handler's {@code onStart} has returned. */
    boolean isReady() {
        return ready == handlers.length;
    }

    /** The type of the handler that was started last, and perhaps still is. */
    String starting() {
        return starting;
    }

    /** Has it handle no further frame, and interrupts the one that is being handled. */
    void abandon() {
        abandoned = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    boolean abandoned() {
        return abandoned;
    }

    /** Frames will be delivered from now on, {@code nanoTime}, until {@link #endBatch}. */
    void beginBatch(long nanoTime) {
        busy.begin(nanoTime);
    }

    /** Has each handler that wants it handle a frame, if it is none that came before. */
    void deliver(MemoryFrame frame) {
        if (duplicates != null && duplicates.isOne(frame)) {
            duplicate.add(1);
            return;
        }
        boolean whole = true;
        for (HandlerCalls handler = first; handler != null; handler = handler.next()) {
            whole &= handler.handle(frame);
        }
        if (whole) {
            delivered.add(1);
        } else {
            failed.add(1);
        }
    }

    /** A frame is of a flow that the worker's sample leaves out. */
    void leaveOut() {
        sampledOut.add(1);
    }

    /** Tells the handlers that the batch is over; the time after that. */
    long endBatch() {
        for (HandlerCalls handler : handlers) {
            handler.endBatch();
        }
        long after = System.nanoTime();
        busy.end(after);
        return after;
    }

    /** The sum of what the last timed call of each handler took, nanoseconds. */
    long lastNanos() {
        long nanos = 0;
        for (HandlerCalls handler : handlers) {
            nanos += handler.lastNanos();
        }
        return nanos;
    }

    /** Does what time makes due. */
    void tick(long nanoTime) {
        questions.work();
        if (nanoTime - tickAt < 0) {
            return;
        }
        tickAt = nanoTime + TICK_NANOS;
        long before = nanoTime;
        busy.begin(before);
        for (HandlerCalls handler : handlers) {
            before = handler.tick(before);
        }
        busy.end(before);
        busy.turn(before);
    }

    /** Stops the handlers that have started; nothing more comes. */
    void end() {
        questions.end();
        for (int i = 0; i < ready; i++) {
            handlers[i].stop();
        }
        thread = null;
    }
}
