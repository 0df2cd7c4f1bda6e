package io.ringtap.handler.flows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes ended flows to a file on a thread of its own, so that no disk holds the handler up. What the file does not take is
 * counted as not written, said once until it goes again, and not tried twice.
 */
final class FlowWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.flows");

    private static final int WAKE_AT = FlowQueue.ENTRIES / 2;
    static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration CLOSE_LOOK = Duration.ofMillis(10);
    private static final long ROOM_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final FlowQueue queue = new FlowQueue();
    private final FlowFile file;
    private final FlowText text;
    private final Thread thread;
    private final LongSupplier nanoTime;
    private final StringBuilder lines = new StringBuilder();
    private long taken;
    private long notTaken;
    private long leftBehind;
    private volatile long written;
    private volatile long failed;
    private volatile boolean closing;
    private boolean failing;

    /** A writer, to be {@link #start started}. */
    FlowWriter(FlowFile file, FlowText text, String threadName, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.file = file;
        this.text = text;
        thread = Thread.ofPlatform().name(threadName).daemon().unstarted(this);
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    /** Takes a flow to write if there is room, and counts it if not. */
    void write(FlowTable table, long slot, FlowEnd end) {
        if (!queue.offer(table, slot, end)) {
            notTaken++;
            return;
        }
        taken++;
        if (queue.size() == WAKE_AT) {
            LockSupport.unpark(thread);
        }
    }

    /** As {@link #write}, but waits for room, until a deadline of its clock. */
    void writeBy(FlowTable table, long slot, FlowEnd end, long deadline) {
        while (!queue.offer(table, slot, end)) {
            if (nanoTime.getAsLong() - deadline > 0) {
                notTaken++;
                return;
            }
            LockSupport.unpark(thread);
            LockSupport.parkNanos(ROOM_PAUSE_NANOS);
        }
        taken++;
    }

    /** Has what was taken written now. */
    void flush() {
        if (!queue.isEmpty()) {
            LockSupport.unpark(thread);
        }
    }

    /** Flows that did not come into the file. */
    long notWritten() {
        return notTaken + failed + leftBehind;
    }

    @Override
    public void run() {
        while (true) {
            boolean last = closing;
            if (writeQueued() == 0) {
                if (last) {
                    return;
                }
                LockSupport.park(this);
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    private int writeQueued() {
        lines.setLength(0);
        int flows = queue.drain((entry, from, end) -> {
            text.open(lines, entry, from);
            lines.append(",\"end\":\"").append(end.text()).append("\"}\n");
        });
        if (flows > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
            try {
                file.append(bytes);
                written += flows;
                if (failing) {
                    LOG.info("flows are written to {} again", file.path());
                    failing = false;
                }
            } catch (IOException e) {
                int whole = lines(bytes.flip());
                written += whole;
                failed += flows - whole;
                if (!failing) {
                    LOG.warn(
                            "flows cannot be written to {}: {}: they are counted as unwritten",
                            file.path(),
                            e.toString());
                    failing = true;
                }
            }
        }
        return flows;
    }

    private static int lines(ByteBuffer bytes) {
        int lines = 0;
        while (bytes.hasRemaining()) {
            lines += bytes.get() == '\n' ? 1 : 0;
        }
        return lines;
    }

    /** Writes what was taken, for a bounded time; what is not in the file by then counts as not written. */
    void close() throws InterruptedException {
        closing = true;
        LockSupport.unpark(thread);
        try {
            long deadline = nanoTime.getAsLong() + CLOSE_NANOS;
            boolean ended = thread.join(CLOSE_LOOK);
            while (!ended && nanoTime.getAsLong() - deadline < 0) {
                ended = thread.join(CLOSE_LOOK);
            }
        } finally {
            leftBehind = taken - written - failed;
        }
    }
}
