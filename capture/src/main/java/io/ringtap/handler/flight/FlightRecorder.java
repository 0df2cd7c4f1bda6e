package io.ringtap.handler.flight;

import io.ringtap.frame.HandlerContext;
import io.ringtap.handler.record.DumpFiles;
import io.ringtap.ledger.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all threads of a flight recorder on a capture have in common: their rings, the dumps that are under way, and the thread that
 * writes them, which is never interrupted: that would close a file under it. Any thread, but for {@link #run}.
 */
final class FlightRecorder implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.flight");

    /** Dumps under way. */
    static final int MOST_DUMPS = 8;

    /** While there is a dump, the rings are looked at this often. */
    private static final long LOOK_MILLIS = 10;

    private final FlightSettings settings;
    private final HandlerContext context;
    private final List<FlightRing> rings = new ArrayList<>();
    private final List<Dump> dumps = new ArrayList<>();
    private final List<Thread> finishing = new ArrayList<>();

    /** A permit for whatever its thread must look at. */
    private final Semaphore work = new Semaphore(0);

    private @Nullable DumpFiles files;
    private @Nullable Thread thread;
    private int open;
    private boolean closing;

    /** What a dump is to be. */
    record Wish(String reason, String who, OptionalLong atNanos, Optional<Duration> before, boolean ofItsOwn) {}

    FlightRecorder(FlightSettings settings, HandlerContext context) {
        this.settings = settings;
        this.context = context;
    }

    /**
     * A thread of the handler begins; the first takes the names of files, and has the recorder's thread run.
     *
     * @throws IOException whose message says what, where, why, and what to do
     */
    synchronized FlightRing join(Counter missed) throws IOException, InterruptedException {
        int threads = context.threads();
        if (settings.memoryBytes() / threads < FlightRing.LEAST_BYTES) {
            throw new IOException("cannot record: with " + threads + " threads, memory must be at least "
                    + threads * FlightRing.LEAST_BYTES + " bytes");
        }
        FlightRing ring = new FlightRing(
                settings.memoryBytes() / threads, settings.before().toNanos(), missed);
        try {
            begin();
        } catch (IOException
                | InterruptedException
                | RuntimeException
                | Error e) { // there may be no memory for a thread
            ring.release();
            throw e;
        }
        rings.add(ring);
        open++;
        return ring;
    }

    private void begin() throws IOException, InterruptedException {
        if (files == null) {
            String name = "flight-" + settings.name();
            DumpFiles opened = DumpFiles.open(
                    settings.files(), context, Thread.ofPlatform().daemon().name(name + "-file"));
            try {
                thread = Thread.ofPlatform().daemon().name(name).start(this);
                files = opened;
            } catch (RuntimeException | Error e) {
                opened.close();
                throw e;
            }
        }
    }

    /** A thread of the handler ends. Returns what the last one has to wait for: until every dump has its file. */
    synchronized Optional<Thread> leave(FlightRing ring) {
        ring.end();
        open--;
        closing = open == 0;
        work.release();
        return closing ? Optional.ofNullable(thread) : Optional.empty();
    }

    /** Has a dump begin, by the next of the numbers, or an event prolong one; empty if too many are under way, or it ends. */
    synchronized Optional<Dump> dump(Wish wish, LongSupplier ids) {
        DumpEvent event = DumpEvent.of(wish.reason(), wish.who(), wish.atNanos().orElseGet(this::now));
        if (closing || rings.isEmpty()) {
            return Optional.empty();
        }
        if (!wish.ofItsOwn()) {
            Optional<Dump> joined =
                    dumps.stream().filter(dump -> dump.join(event, this)).findFirst();
            if (joined.isPresent()) {
                return joined;
            }
        }
        if (dumps.size() == MOST_DUMPS) {
            return Optional.empty();
        }
        long from = event.atNanos() - wish.before().orElse(settings.before()).toNanos();
        List<RingCursor> cursors = rings.stream().map(ring -> ring.open(from)).toList();
        Dump dump = new Dump(ids.getAsLong(), this, cursors, event, !wish.ofItsOwn());
        dumps.add(dump);
        work.release();
        return Optional.of(dump);
    }

    @Override
    public void run() {
        try {
            while (step(nanoTime())) {
                // until it ends
            }
            rings.forEach(FlightRing::release);
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.error("flight recorder {} ended: this is a defect of ringtap: please report it", settings.name(), e);
            abandon();
        } finally {
            finishing.forEach(FlightRecorder::await);
            files().close();
        }
    }

    /** Moves every dump on, and waits a little; false if there will be none any more. */
    private boolean step(long nowNano) throws InterruptedException {
        boolean more = false;
        for (Dump dump : underWay()) {
            more |= dump.step(nowNano, isClosing());
            if (dump.isOver(nowNano)) {
                end(dump);
            }
        }
        return more || rest();
    }

    private synchronized List<Dump> underWay() {
        return List.copyOf(dumps);
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private boolean rest() throws InterruptedException {
        boolean idle;
        synchronized (this) {
            if (closing) {
                return !dumps.isEmpty();
            }
            idle = dumps.isEmpty();
        }
        if (idle) {
            work.acquire();
        } else {
            boolean _ = work.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void end(Dump dump) {
        dump.letGo();
        synchronized (this) {
            dumps.remove(dump);
        }
        finishing.removeIf(each -> !each.isAlive());
        finishing.add(Thread.ofPlatform()
                .daemon()
                .name("flight-" + settings.name() + "-file")
                .start(dump::finish));
    }

    private synchronized void abandon() {
        closing = true;
        dumps.forEach(Dump::letGo);
        dumps.clear();
    }

    private static void await(Thread thread) {
        boolean ended = false;
        while (!ended) {
            try {
                thread.join();
                ended = true;
            } catch (InterruptedException e) {
                LOG.debug("flight recorder: waits for its files", e); // nobody interrupts it
            }
        }
    }

    FlightSettings settings() {
        return settings;
    }

    String capture() {
        return context.captureName();
    }

    String worker() {
        return context.workerName();
    }

    boolean live() {
        return context.live();
    }

    synchronized DumpFiles files() {
        if (files == null) {
            throw new IllegalStateException("it has not begun");
        }
        return files;
    }

    long nanoTime() {
        return context.nanoTime();
    }

    /** The frames' clock: of a capture file, its last frame's time. */
    synchronized long now() {
        return live()
                ? context.epochNanos()
                : rings.stream().mapToLong(FlightRing::newestNanos).max().orElse(0);
    }
}
