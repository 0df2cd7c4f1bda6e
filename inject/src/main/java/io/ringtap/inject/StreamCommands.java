package io.ringtap.inject;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Commands that wait for the inject thread: bounded, and nobody waits to put one in. Any thread. */
final class StreamCommands {
    /** Far more than people and handlers have in mind at a time. */
    static final int MOST_WAITING = 256;

    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    private record Waiting(ConfiguredStream stream, StreamCommand command, CompletableFuture<StreamStatus> done) {}

    /** Puts a command in. What it gives ends with the stream's status, or exceptionally if it is refused. */
    CompletableFuture<StreamStatus> offer(ConfiguredStream stream, StreamCommand command) {
        if (size.incrementAndGet() > MOST_WAITING) {
            size.decrementAndGet();
            return refused("too many commands wait for " + stream.name());
        }
        CompletableFuture<StreamStatus> done = new CompletableFuture<>();
        queue.add(new Waiting(stream, command, done));
        return done;
    }

    static CompletableFuture<StreamStatus> refused(String why) {
        return CompletableFuture.failedFuture(new RejectedExecutionException(why));
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Does what the commands say; for the inject thread. */
    void obey(long nowNanos) {
        for (Waiting next = take(); next != null; next = take()) {
            try {
                next.stream().obey(next.command(), nowNanos);
                next.done().complete(next.stream().status());
            } catch (IllegalArgumentException e) {
                next.done().completeExceptionally(e);
            }
        }
    }

    /** Refuses what waits. */
    void refuseAll(String why) {
        for (Waiting next = take(); next != null; next = take()) {
            next.done().completeExceptionally(new RejectedExecutionException(why));
        }
    }

    private Waiting take() {
        Waiting next = queue.poll();
        if (next != null) {
            size.decrementAndGet();
        }
        return next;
    }
}
