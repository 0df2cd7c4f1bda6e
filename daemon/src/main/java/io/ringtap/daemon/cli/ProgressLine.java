package io.ringtap.daemon.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A line on standard error, where that is a terminal, which says how far something has come that takes over two seconds: rewritten in
 * place by a thread of its own, and gone when it is closed.
 */
final class ProgressLine implements AutoCloseable {
    private static final Duration SILENT = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final String TO_LINE_START_AND_CLEAR = "\r\033[K";

    private final Thread thread;
    private final PrintStream out;
    private boolean shown; // the thread's, and whose who has seen it end

    /** Begins; {@code line} says what is to be shown, nothing if it is empty. */
    static ProgressLine begin(Supplier<String> line) {
        ProgressLine progress = new ProgressLine(line, SILENT, System.err);
        if (InjectProgress.isTerminal()) {
            progress.thread.start();
        }
        return progress;
    }

    /** One that begins later, and wherever it goes. */
    ProgressLine(Supplier<String> line, Duration silent, PrintStream out) {
        this.out = out;
        thread = Thread.ofPlatform().name("progress").daemon().unstarted(() -> show(line, silent));
    }

    void start() {
        thread.start();
    }

    private void show(Supplier<String> line, Duration silent) {
        try {
            Thread.sleep(silent);
            while (true) {
                String text = line.get();
                if (shown || !text.isEmpty()) {
                    out.print(TO_LINE_START_AND_CLEAR + text);
                    out.flush();
                    shown = true;
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Takes the line away; idempotent. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LOOK.toMillis()); // at once, if it was never started
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (shown) {
            shown = false;
            out.print(TO_LINE_START_AND_CLEAR);
            out.flush();
        }
    }
}
