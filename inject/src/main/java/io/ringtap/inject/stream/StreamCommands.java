package io.ringtap.inject.stream;

import io.ringtap.capture.OpenException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Commands that wait for the inject thread: bounded, and nobody waits to put one in. Any thread. */
public final class StreamCommands {
    /** Far more than people and handlers have in mind at a time. */
    public static final int MOST_WAITING = 256;

    private final Queue<Waiting<?>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Why nothing is done any more; null while it is. */
    private volatile String over;

    /** A command to the inject thread. */
    public interface Command<T> {
        /** Does it. @throws IllegalArgumentException if it cannot be done */
        T obey(long nowNanos) throws OpenException;
    }

    private record Waiting<T>(Command<T> command, CompletableFuture<T> done) {
        void obey(long nowNanos) {
            try {
                done.complete(command.obey(nowNanos));
            } catch (OpenException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        }
    }

    /** Puts a command for a stream in. What it gives ends with the outcome, or exceptionally if it is refused. */
    public <T> CompletableFuture<T> offer(String stream, Command<T> command) {
        if (size.incrementAndGet() > MOST_WAITING) {
            size.decrementAndGet();
            return refused("too many commands wait for " + stream);
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        queue.add(new Waiting<>(command, done));
        if (over != null) { // whoever set it may have looked before this was there
            refuseWaiting();
        }
        return done;
    }

    /** Returns the outcome of a command that nobody does. */
    public static <T> CompletableFuture<T> refused(String why) {
        return CompletableFuture.failedFuture(new RejectedExecutionException(why));
    }

    /** Returns whether no command waits; any thread. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Does what the commands say; for the inject thread. */
    public void obey(long nowNanos) {
        for (Waiting<?> next = take(); next != null; next = take()) {
            next.obey(nowNanos);
        }
    }

    /** Refuses what waits, and whatever comes from now on. */
    public void refuseAll(String why) {
        over = why;
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (Waiting<?> next = take(); next != null; next = take()) {
            next.done().completeExceptionally(new RejectedExecutionException(over));
        }
    }

    private Waiting<?> take() {
        Waiting<?> next = queue.poll();
        if (next != null) {
            size.decrementAndGet();
        }
        return next;
    }
}
