package io.ringtap.capture.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutBlockingWaitStrategy;
import io.ringtap.capture.FrameSink;
import io.ringtap.ledger.Counter;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The ring of one writing thread: of a capture thread, or, as the queue of a detached worker, of the feed that fills it. The
 * frames lie in a packed slab; the Disruptor's slots say where. Frames are published in batches. When slots or slab are used up,
 * a capture thread waits here, and the kernel ring holds what arrives; a feed asks for room first, and sheds what there is none
 * for. Where nobody else is to be woken, the capture thread handles what it has published itself.
 */
public final class FrameRing implements FrameSink {
    /** Small enough for slots and frames to stay in a cache; larger rings did not keep up (native-notes). */
    public static final int DEFAULT_SLOTS = 4_096;

    private static final long DEFAULT_SLAB_BYTES = 1L << 20;

    /** The slab must hold several of the largest frames, or reading and handling would take turns. */
    private static final int LEAST_FRAMES_IN_SLAB = 4;

    private static final int QUEUE_BYTES_A_SLOT = 256;

    /** Slots are objects: so many take some 12 MB of heap. */
    private static final int MOST_SLOTS = 1 << 18;

    /** Waking a worker costs a lock and often a system call: not more often than this many frames, under load. */
    private static final int PUBLISH_FRAMES = 1_024;

    /** Where nobody is to be woken, while the frames are in the nearest cache. */
    private static final int PUBLISH_FRAMES_HERE = 128;

    static final long WAIT_NANOS = 50_000;

    private final Arena arena = Arena.ofShared();
    private final FrameSlab slab;
    private final Idler idler;
    private final RingBuffer<FrameSlot> ring;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Runnable> closing = new ArrayList<>();

    private long cutNow;
    private final Counter cut = new Counter();

    private long claimed = -1;
    private long published = -1;
    private long claimLimit = -1;
    private volatile Alarm alarm = new Alarm(Long.MAX_VALUE, () -> {});

    /** Null if workers have threads of their own. */
    private OnCaptureThread here;

    private int publishFrames = PUBLISH_FRAMES;

    private final Counter blockedNanos = new Counter();
    private volatile boolean givenUp;

    /** What frames come through first; null if nothing is there. */
    private InPlaceSink inPlace;

    /** A ring for frames of up to {@code maximumFrameBytes}. */
    public FrameRing(int maximumFrameBytes) {
        this(DEFAULT_SLOTS, slabBytes(maximumFrameBytes));
    }

    /** A ring of a number of slots and a slab of a number of bytes, both powers of two. */
    public FrameRing(int slots, long slabBytes) {
        this(slots, slabBytes, HandlerChain.TICK_NANOS, Idler.SYSTEM);
    }

    /** As {@link #FrameRing(int, long)}, with threads that wait for frames so long at most, and a capture thread's wait. */
    FrameRing(int slots, long slabBytes, long wakeNanos, Idler idler) {
        this.idler = idler;
        ring = RingBuffer.createSingleProducer(
                FrameSlot::new, slots, new TimeoutBlockingWaitStrategy(wakeNanos, TimeUnit.NANOSECONDS));
        slab = new FrameSlab(slabBytes, arena); // last: when there is no memory for the others, nobody would release it
    }

    /**
     * A ring that holds a detached worker's frames, in a slab of {@code bytes}, rounded down to a power of two, with a
     * slot for every 256 of them: what a mix of sizes fills alike.
     */
    static FrameRing queue(long bytes) {
        long slabBytes = Long.highestOneBit(bytes);
        return new FrameRing((int) Math.min(MOST_SLOTS, slabBytes / QUEUE_BYTES_A_SLOT), slabBytes);
    }

    private static long slabBytes(int maximumFrameBytes) {
        long needed = (long) maximumFrameBytes * LEAST_FRAMES_IN_SLAB;
        return Math.max(DEFAULT_SLAB_BYTES, Long.highestOneBit(2 * needed - 1));
    }

    /** Adds a worker to those that may hold the capture up; before the first frame. */
    void add(Worker worker) {
        workers.add(worker);
    }

    /** Returns whether no worker takes frames from it. */
    boolean isUnused() {
        return workers.isEmpty();
    }

    /** Has frames come through another sink first; before the first worker. */
    void precede(InPlaceSink sink) {
        inPlace = sink;
    }

    /** Returns what frames come through first. */
    InPlaceSink inPlace() {
        return inPlace;
    }

    /** Has something closed when this is, which is when no thread uses either any more. */
    void closeWithIt(Runnable close) {
        closing.add(close);
    }

    /** Keeps every frame until all of the sequences have passed it; before the first frame. */
    void gate(Sequence... sequences) {
        ring.addGatingSequences(sequences);
    }

    /** Has the capture thread do a worker's work. */
    void runHere(OnCaptureThread worker) {
        here = worker;
        publishFrames = PUBLISH_FRAMES_HERE;
    }

    RingBuffer<FrameSlot> slots() {
        return ring;
    }

    FrameSlab slab() {
        return slab;
    }

    /** Bytes of frames that it holds at most. */
    long slabBytes() {
        return slab.bytes().byteSize();
    }

    SequenceBarrier newBarrier() {
        return ring.newBarrier();
    }

    /** Has {@code onReached} called on the capture thread after every so many frames, or at the end of their batch. */
    public void alarmEvery(long frames, Runnable onReached) {
        Alarm set = new Alarm(frames, onReached);
        if (inPlace == null) {
            alarm = set;
        } else {
            inPlace.alarm(set);
        }
    }

    @Override
    public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        return offer(address, capturedBytes, originalBytes, timestampNanos)
                || awaitRoom(address, capturedBytes, originalBytes, timestampNanos);
    }

    /** Takes a copy of a frame if there is room now; what it refuses is the caller's to count. */
    boolean offer(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        if (put(address, capturedBytes, originalBytes, timestampNanos)) {
            return true;
        }
        release();
        return put(address, capturedBytes, originalBytes, timestampNanos);
    }

    /** Takes a copy of a frame if what was last known to be free has room for it. */
    private boolean put(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        if (claimed >= claimLimit) {
            return false;
        }
        long position = slab.write(address, capturedBytes);
        if (position == FrameSlab.NO_ROOM) {
            return false;
        }
        if (capturedBytes < originalBytes) {
            cutNow++;
        }
        claimed++; // the Disruptor is told with the whole batch, when it is published
        FrameSlot slot = ring.get(claimed);
        slot.position = position;
        slot.captured = capturedBytes;
        slot.original = originalBytes;
        slot.timestampNanos = timestampNanos;
        if (claimed - published >= publishFrames) {
            flush();
        }
        return true;
    }

    @Override
    public void flush() {
        if (claimed != published) {
            // Not claimed from the Disruptor first: what is free is known here (claimLimit), and a queue may change
            // hands.
            ring.publish(published + 1, claimed);
            published = claimed;
            if (cutNow > 0) {
                cut.add(cutNow);
                cutNow = 0;
            }
            long frames = published + 1;
            alarm.look(frames);
            if (here != null) {
                here.handlePublished();
            }
        }
    }

    @Override
    public Throwable begin() {
        return here == null ? null : here.begin();
    }

    @Override
    public void tick(long nanoTime) {
        if (here != null) {
            here.tick(nanoTime);
        }
    }

    @Override
    public void end() {
        if (here != null) {
            here.end();
        }
    }

    /** Takes a copy of a frame when there is room; false if it was told not to wait for that. */
    private boolean awaitRoom(long address, int capturedBytes, int originalBytes, long timestampNanos) {
        flush();
        long start = idler.nanoTime();
        long before = start;
        Worker slowest = null; // where no worker is, a flush makes room
        while (!offer(address, capturedBytes, originalBytes, timestampNanos)) {
            if (givenUp) {
                return false;
            }
            slowest = slowest();
            idler.park(WAIT_NANOS);
            long now = idler.nanoTime();
            blockedNanos.add(now - before);
            slowest.heldUp(now - before);
            before = now;
        }
        if (slowest != null) {
            slowest.stalled(before - start);
        }
        return true;
    }

    /** Asked with every wait, thousands of times a second: an iterator or a comparator would be garbage each time. */
    private Worker slowest() {
        Worker slowest = workers.getFirst();
        for (int i = 1; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            slowest = worker.position() < slowest.position() ? worker : slowest;
        }
        return slowest;
    }

    /** Makes known as free what has been handled. */
    private void release() {
        long handled = ring.getMinimumGatingSequence();
        claimLimit = handled + ring.getBufferSize();
        if (handled >= claimed) {
            slab.releaseAll();
        } else {
            slab.releaseUntil(ring.get(handled + 1).position);
        }
    }

    /** The time stamp of the frame behind a sequence that gates this ring; {@link Long#MAX_VALUE} if none is. Any thread. */
    long timestampBehind(Sequence handled) {
        while (true) {
            long position = handled.get();
            if (position >= ring.getCursor()) {
                return Long.MAX_VALUE;
            }
            long timestampNanos = ring.get(position + 1).timestampNanos;
            if (handled.get() == position) { // else the slot may hold another frame by now
                return timestampNanos;
            }
        }
    }

    /** Frames published in this ring; any thread. */
    long published() {
        return ring.getCursor() + 1;
    }

    /** Frames that came this way: those published, and those that in-place workers took and left out; any thread. */
    public long entered() {
        return inPlace == null ? published() : inPlace.published();
    }

    /** Frames that in-place workers left out; any thread. */
    public long sieved() {
        return inPlace == null ? 0 : inPlace.sieved();
    }

    /** Of the frames that came this way, those of which less was captured than there was on the wire; any thread. */
    public long cut() {
        return inPlace == null ? cut.value() : inPlace.cut();
    }

    /** Slots that hold a frame now; any thread. */
    public long used() {
        long handled = ring.getMinimumGatingSequence();
        return Math.clamp(ring.getCursor() - handled, 0, ring.getBufferSize()); // the two are not read at once
    }

    /** Slots. */
    public int capacity() {
        return ring.getBufferSize();
    }

    /** Time the capture thread has waited for room, nanoseconds; any thread. */
    public long blockedNanos() {
        return blockedNanos.value();
    }

    /** From now on the capture thread does not wait for room: a frame that does not fit is refused. Any thread. */
    public void giveUp() {
        givenUp = true;
        if (inPlace != null) {
            inPlace.giveUp();
        }
        if (here != null) {
            here.abandon();
        }
    }

    /** Releases the slab; only after the capture thread and all worker threads have ended. */
    public void close() {
        closing.reversed().forEach(Runnable::run);
        arena.close();
    }
}
