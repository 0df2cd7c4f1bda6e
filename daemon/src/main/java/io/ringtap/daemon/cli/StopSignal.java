package io.ringtap.daemon.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets a command end in its own time, with its own exit code, when SIGTERM or SIGINT comes: the JVM's shutdown waits in
 * {@link #await()} until the command says {@link #finished}. Any thread.
 */
public final class StopSignal {
    /** What a shell gives a program that SIGINT ended; for a command that did not end when interrupted. */
    private static final int INTERRUPTED = 130;

    /** For closing what a stop within its time-out left open, and then some. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private Runnable onStop = Thread.currentThread()::interrupt;
    private Duration patience = Duration.ofSeconds(15);
    private boolean stopping;

    /**
     * Has {@code action} called when the process is told to stop, instead of interrupting the thread that made this; at
     * once if that was just interrupted, which is undone.
     */
    synchronized void onStop(Runnable action) {
        onStop = action;
        if (stopping) {
            Thread.interrupted();
            action.run();
        }
    }

    /** The command's stop is bounded by this; it is given a little more, and the most time that it may take is returned. */
    synchronized Duration allow(Duration stopTimeout) {
        patience = stopTimeout.plus(SLACK);
        return patience;
    }

    /** The command has ended. */
    public void finished(int code) {
        exitCode.complete(code);
    }

    /** For the JVM's shutdown: stops the command, waits for its end, and gives its exit code. */
    public int await() {
        Duration most;
        synchronized (this) {
            stopping = true;
            most = patience;
            if (!exitCode.isDone()) {
                onStop.run();
            }
        }
        try {
            return exitCode.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            return INTERRUPTED;
        }
    }
}
