package io.ringtap.capture.ring;

import io.ringtap.capture.FrameSink;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.frame.TunnelPorts;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.GapCounts;
import io.ringtap.testnet.VethPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A ring and its workers, into which a test puts frames as a capture thread does: from one thread. */
final class FedRing implements AutoCloseable {
    static final int LARGEST_FRAME = 262_144;

    /** What takes so long hangs, on any machine: as {@link VethPair#await}. */
    static final Duration HANG = Duration.ofMinutes(2);

    /** What hangs at the end of a test is left behind after this long: no test looks whether it was. */
    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment outside = arena.allocate(LARGEST_FRAME, 8);
    private final FrameRing ring;
    private final FrameSink sink;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Worker> running = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A put that waits for a worker which has died cannot be interrupted: without this, no time-out would end it. */
    private void giveUpInTheEnd() {
        try {
            if (!closed.await(HANG.toSeconds(), TimeUnit.SECONDS)) {
                ring.giveUp();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a handler for a thread. */
    interface Making {
        FrameHandler make();
    }

    FedRing(int slots, long slabBytes, WorkerConfig... configs) {
        this(new FrameRing(slots, slabBytes), configs);
    }

    FedRing(FrameRing ring, WorkerConfig... configs) {
        this.ring = ring;
        boolean inPlace = Arrays.stream(configs).anyMatch(config -> config.delivery() == Delivery.IN_PLACE);
        sink = inPlace ? new InPlaceSink(ring, "test", TunnelPorts.DEFAULT) : ring;
        Thread.ofPlatform().daemon().name("patience").start(this::giveUpInTheEnd);
        for (WorkerConfig config : configs) {
            workers.add(new Worker(
                    config,
                    ring,
                    facts("test"),
                    0,
                    new HandlerTables(config, "test"),
                    () -> frame -> frame.length > 0));
        }
    }

    /** A capture of one ring that has counted nothing. */
    static CaptureFacts facts(String name) {
        return new CaptureFacts(
                name,
                "near0",
                65_535,
                "",
                1,
                () -> new CaptureCounts(
                        name,
                        "near0",
                        CaptureState.RUNNING,
                        0,
                        0,
                        0,
                        OptionalLong.empty(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        OptionalDouble.empty(),
                        GapCounts.NONE));
    }

    static WorkerConfig worker(String name, int threads, Share share, Making... handlers) {
        List<HandlerFactory> factories = new ArrayList<>();
        Arrays.stream(handlers).forEach(h -> factories.add(new HandlerFactory("handler-" + factories.size(), h::make)));
        return new WorkerConfig(name, List.of(), threads, share, Delivery.GATE, factories);
    }

    /** A worker of one thread with a queue of 4,096 slots. */
    static WorkerConfig detached(String name, double sample, Making handler) {
        List<HandlerFactory> factories = List.of(new HandlerFactory("handler", handler::make));
        long queueBytes = WorkerConfig.MIN_QUEUE_BYTES;
        return new WorkerConfig(
                name,
                List.of(),
                1,
                Share.FLOW,
                Delivery.DETACH,
                factories,
                sample,
                queueBytes,
                WorkerConfig.Tunnels.INNER,
                List.of());
    }

    /** One whose handlers the putting thread calls. */
    static WorkerConfig inPlace(String name, double sample, HandlerFactory... handlers) {
        return new WorkerConfig(
                name,
                List.of(),
                1,
                Share.FLOW,
                Delivery.IN_PLACE,
                List.of(handlers),
                sample,
                WorkerConfig.DEFAULT_QUEUE_BYTES,
                WorkerConfig.Tunnels.INNER,
                List.of());
    }

    static WorkerConfig worker(Making handler) {
        return worker("w", 1, Share.FLOW, handler);
    }

    FrameRing ring() {
        return ring;
    }

    /** What frames are put into: the ring, or what comes before it. */
    FrameSink sink() {
        return sink;
    }

    Worker worker(int index) {
        return workers.get(index);
    }

    List<Worker> workers() {
        return workers;
    }

    /** Starts every worker, all of which must be ready. */
    FedRing start() throws InterruptedException {
        for (Worker worker : workers) {
            running.add(worker);
            Throwable failure = worker.start(HANG);
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
        }
        return this;
    }

    /** Puts a frame in, stamped with a time; its original length is 4 more than its own. */
    boolean put(byte[] frame, long timestampNanos) {
        MemorySegment.copy(frame, 0, outside, ValueLayout.JAVA_BYTE, 0, frame.length);
        boolean taken = sink.onFrame(outside.address(), frame.length, frame.length + 4, timestampNanos);
        outside.asSlice(0, frame.length).fill((byte) 0xdb); // what a ring that kept the address would read
        return taken;
    }

    /** Drains the workers, however far behind they are, and says whether all have ended. */
    boolean finish() throws InterruptedException {
        running.forEach(Worker::drain);
        return join(inTheEnd());
    }

    /** When what is waited for hangs. */
    static long inTheEnd() {
        return System.nanoTime() + HANG.toNanos();
    }

    private boolean join(long deadline) throws InterruptedException {
        for (Worker worker : List.copyOf(running)) {
            if (worker.join(deadline)) {
                running.remove(worker);
            }
        }
        return running.isEmpty();
    }

    static void await(BooleanSupplier condition) {
        VethPair.await(condition);
    }

    /** Ends what still runs. A slab that a thread left behind may still read is not freed. */
    @Override
    public void close() {
        closed.countDown();
        ring.giveUp();
        try {
            running.forEach(Worker::drain);
            if (!join(System.nanoTime() + LEAVE_NANOS)) {
                running.forEach(Worker::abandon);
                join(System.nanoTime() + LEAVE_NANOS);
            }
            if (running.isEmpty()) {
                ring.close();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            arena.close();
        }
    }
}
