package io.ringtap.frame;

import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The surroundings of a handler instance. Valid as long as the handler; its methods are for the handler's thread. */
public interface HandlerContext {
    /** The name of the capture whose frames come. */
    String captureName();

    /** The name of the worker this handler belongs to. */
    String workerName();

    /** Returns what is known of that capture, and what it has counted so far. */
    CaptureFacts capture();

    /** Instances there are of this handler on the capture: the worker's threads on all kernel rings. */
    int threads();

    /** This instance's thread: 0 to {@link #threads()} - 1, going on over the rings of a fanout group. */
    int thread();

    /** Sends frames out of the interface that is captured; for a capture file, refuses every frame. */
    FrameSender sender();

    /** Starts and stops the configured streams, whatever interface they send on. */
    StreamSwitch streams();

    /** Has configured flight recorders write what they hold to files; this handler's worker is named there. */
    default Recordings recordings() {
        return service(Recordings.class)
                .orElse(Recordings.NONE)
                .by("worker " + workerName() + " on capture " + captureName());
    }

    /** Returns whether frames come as they happen: false for a capture file, whose times are those of its recording. */
    boolean live();

    /**
     * Returns what all instances of this handler on this capture have in common, made by the first that asks: for a handler that
     * must see what all threads see. It must be safe on every thread.
     */
    <T> T shared(Supplier<T> maker);

    /**
     * A counter that {@code stats} shows in the handler's table, made on the first call with these names. The figures
     * of all threads of a worker are added up.
     */
    Counter counter(String row, String column);

    /**
     * A value that goes up and down, shown as counters are: those of all threads added up. A column holds counters or
     * gauges, not both: the other throws {@link IllegalArgumentException}.
     */
    Gauge gauge(String row, String column);

    /** Takes a row of this instance's counters and gauges out of the table: for rows that come and go. */
    void removeRow(String row);

    /**
     * Logs a line, with the handler's name before it. A handler that logs more than {@value #LINES_A_SECOND} lines in a
     * second is cut short: the rest is only counted, and the count told with its next line.
     */
    void log(String line);

    /** As {@link #log}, as a warning. */
    void warn(String line);

    /**
     * Has this instance asked when a client of the control socket asks for {@code name}; {@code ringtap flows} asks for
     * "flows". Each instance gives an answer of its own.
     */
    void answer(String name, Answer answer);

    /** Something that whoever runs the handler shares with it, by its type; absent if there is none. */
    default <T> Optional<T> service(Class<T> type) {
        return Optional.empty();
    }

    /** How many lines a handler instance may log in a second. */
    int LINES_A_SECOND = 10;

    /** The time by which {@code onIdle} ticks, as {@link System#nanoTime}; in a test, what the test says. */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** Nanoseconds since 1970-01-01T00:00Z, to compare with {@link Frame#timestampNanos}; in a test, what the test says. */
    default long epochNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
