package io.ringtap.capture;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A source that holds as many frames as a test put there, and ends as it was told to. */
final class ScriptedSource implements CaptureSource, AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final long frame = arena.allocate(64).address();
    private final Semaphore wake = new Semaphore(0);

    private long ready;
    private long held;
    private long received;
    private long dropped;
    private boolean quiet;
    private int ending;
    private boolean endingComesFirst;
    private RuntimeException breaks;

    private int polls;
    private int awaits;
    private int emptyPolls;
    private int looks;
    private int quiesces;
    private Duration longestAwait = Duration.ZERO;

    /** Frames arrive; once quiet, none does. */
    synchronized void arrive(long count) {
        if (!quiet) {
            ready += count;
            received += count;
        }
        wake.release();
    }

    /** Frames that were accepted and can be read only when {@link #release} says so, as in a block not full. */
    synchronized void hold(long count) {
        held += count;
        received += count;
    }

    synchronized void release() {
        ready += held;
        held = 0;
    }

    /** Frames that came while there was no room. */
    synchronized void drop(long count) {
        received += count;
        dropped += count;
    }

    /** After the frames that are there, polls give this. */
    synchronized void endWith(int result) {
        ending = result;
        wake.release();
    }

    /** The next poll gives this, and only then come the frames that are there. */
    synchronized void failFirst() {
        ending = FAILED;
        endingComesFirst = true;
        wake.release();
    }

    synchronized void breakWith(RuntimeException thrown) {
        breaks = thrown;
        wake.release();
    }

    @Override
    public void accept() {}

    @Override
    public synchronized int poll(FrameSink sink, int limit) {
        polls++;
        if (breaks != null) {
            throw breaks;
        }
        if (endingComesFirst) {
            endingComesFirst = false;
            return ending;
        }
        int count = 0;
        while (count < limit && ready > 0) {
            if (!sink.onFrame(frame, 60, 60, 0)) {
                return REFUSED;
            }
            ready--;
            count++;
        }
        emptyPolls += count == 0 && ending == 0 ? 1 : 0;
        return count == 0 ? ending : count;
    }

    @Override
    public void await(Duration maximum) {
        synchronized (this) {
            awaits++;
            longestAwait = maximum.compareTo(longestAwait) > 0 ? maximum : longestAwait;
        }
        try {
            if (wake.tryAcquire(maximum.toNanos(), TimeUnit.NANOSECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized SourceCounts counts() {
        looks++;
        return new SourceCounts(received, dropped, 0);
    }

    @Override
    public synchronized void quiesce() {
        quiesces++;
        quiet = true;
    }

    synchronized int polls() {
        return polls;
    }

    synchronized int awaits() {
        return awaits;
    }

    /** Polls that found nothing and were not followed by a wait; a poll that has just been made is one. */
    synchronized int restless() {
        return emptyPolls - awaits;
    }

    synchronized int looks() {
        return looks;
    }

    synchronized int quiesces() {
        return quiesces;
    }

    synchronized long unread() {
        return ready + held;
    }

    synchronized Duration longestAwait() {
        return longestAwait;
    }

    @Override
    public String failure() {
        return "";
    }

    @Override
    public void close() {
        arena.close();
    }
}
