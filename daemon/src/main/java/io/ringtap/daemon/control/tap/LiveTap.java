package io.ringtap.daemon.control.tap;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.Tap;
import io.ringtap.capture.FrameFilter;
import io.ringtap.capture.pcap.PcapFilter;
import io.ringtap.capture.ring.tap.TapQueue;
import io.ringtap.daemon.control.ControlRefusal;
import io.ringtap.daemon.control.StreamedCall.Streamed;
import io.ringtap.daemon.control.TapCounts;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A look at a capture's frames while it runs. The capture threads put them into queues, and never wait; a thread of the tap's own,
 * {@code tap-NUMBER}, writes them to the client. It goes on with the capture that takes the place of the one it began with.
 */
final class LiveTap implements Streamed {
    /** The pcapng interface of what is captured. */
    static final int CAPTURED = 0;

    /** Between two looks whether a capture thread has left a queue. */
    private static final long RELEASE_NANOS = 10_000_000;

    private final TapRequest request;
    private final String name;
    private final String label;
    private final String user;
    private final Optional<FrameFilter> filter;
    private final Consumer<LiveTap> onEnd;
    private final Thread thread;
    private SocketChannel channel;
    private byte[] answer;

    /** Those whose frames are not all written; the last is the one that runs, unless {@link #between}. */
    private volatile List<TapSource> sources;

    /** Whether the capture is being stopped, and another may take its place. */
    private volatile boolean between;

    private long closedQueued;
    private long closedShed;
    private volatile String told = "";

    /**
     * One that looks, and waits for {@link #begin}.
     *
     * @param onEnd called when it has released everything
     * @throws ControlRefusal if the filter is bad, or there is no memory
     */
    LiveTap(TapRequest request, String user, Tap capture, int number, Consumer<LiveTap> onEnd) {
        this.request = request;
        this.user = user;
        this.onEnd = onEnd;
        name = capture.config().name();
        label = capture.config().origin().label();
        filter = filter(request.filter());
        try {
            thread = Thread.ofPlatform().name("tap-" + number).daemon().unstarted(this::run);
            sources = List.of(new TapSource(capture, filter, request.snaplenBytes()));
        } catch (OutOfMemoryError e) {
            filter.ifPresent(FrameFilter::close);
            throw new ControlRefusal("there is no memory for the " + (TapSource.QUEUE_BYTES >> 20)
                    + " MiB that a tap takes (" + e.getMessage() + "): end another one first");
        }
    }

    private static Optional<FrameFilter> filter(String expression) {
        try {
            return expression.isEmpty() ? Optional.empty() : Optional.of(PcapFilter.inProcess(expression));
        } catch (IllegalArgumentException e) {
            throw new ControlRefusal(e.getMessage());
        }
    }

    TapRequest request() {
        return request;
    }

    String captureName() {
        return name;
    }

    String user() {
        return user;
    }

    /** The names of what its frames are of, by their numbers. */
    List<String> interfaces() {
        return List.of(label);
    }

    @Override
    public JsonElement result() {
        JsonObject json = new JsonObject();
        json.addProperty("capture", name);
        json.addProperty("interface", label);
        json.addProperty("queue_bytes", sources.getLast().bytes());
        return json;
    }

    @Override
    public void begin(SocketChannel client, byte[] line) {
        channel = client;
        answer = line;
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // there is no thread for it: the one for all clients must go on
            end("there is no thread for it (" + e.getMessage() + ")");
            new TapWriter(this, channel).drop();
            release();
            onEnd.accept(this);
        }
    }

    /** Its capture is about to be stopped; what comes until then is still written. */
    synchronized void leaving(Tap capture) {
        between |= sources.getLast().isOf(capture);
    }

    /** A capture of the same name takes the place of the one before. */
    synchronized void follow(Tap next) {
        String other = next.config().origin().label();
        if (!other.equals(label)) {
            end("capture " + name + " is on " + other + " now");
        } else if (told.isEmpty()) {
            List<TapSource> more = new ArrayList<>(sources);
            try {
                more.add(new TapSource(next, filter, request.snaplenBytes()));
                sources = List.copyOf(more);
                between = false;
            } catch (OutOfMemoryError e) {
                end("there is no memory to go on with (" + e.getMessage() + ")");
            }
        }
    }

    /** Nothing will take the place of a capture that was stopped. */
    synchronized void settle() {
        if (between) {
            end("capture " + name + " has ended");
        }
    }

    /** Has it end, unless it does already: what it has is written, within a second. Any thread. */
    void end(String why) {
        if (told.isEmpty()) {
            told = why;
        }
    }

    /** Why it is to end; empty if it is not. */
    String told() {
        return told.isEmpty() && !between && sources.getLast().hasEnded() ? "capture " + name + " has ended" : told;
    }

    /** Returns whether it has ended, within so long. */
    boolean join(Duration maximum) throws InterruptedException {
        return thread.join(maximum);
    }

    TapCounts counts() {
        return new TapCounts(name, user, request.filter(), queued(), shed());
    }

    synchronized long queued() {
        return closedQueued + sources.stream().mapToLong(TapSource::queued).sum();
    }

    synchronized long shed() {
        return closedShed + sources.stream().mapToLong(TapSource::shed).sum();
    }

    private void run() {
        try {
            new TapWriter(this, channel).write(answer);
        } finally {
            release();
            onEnd.accept(this);
        }
    }

    /** The queue whose next frame is the oldest; null if there is no frame. For the tap's thread. */
    TapQueue oldest() {
        TapQueue oldest = null;
        long least = Long.MAX_VALUE;
        for (TapSource source : sources) {
            for (TapQueue queue : source.queues()) {
                long nanos = queue.nextNanos();
                if (nanos < least) {
                    least = nanos;
                    oldest = queue;
                }
            }
        }
        return oldest;
    }

    /** Has the captures put nothing more into the queues. */
    synchronized void detach() {
        sources.forEach(TapSource::detach);
    }

    /** Releases the queues of captures that are gone, as soon as they are empty. For the tap's thread. */
    void releaseEmpty() {
        if (sources.size() > 1) {
            release(source -> !source.equals(sources.getLast()) && !source.isUsed() && source.isEmpty());
        }
    }

    private synchronized void release(Predicate<TapSource> unused) {
        List<TapSource> rest = new ArrayList<>(sources);
        for (TapSource source : sources) {
            if (unused.test(source)) {
                closedQueued += source.queued();
                closedShed += source.shed();
                rest.remove(source);
                source.close();
            }
        }
        sources = List.copyOf(rest);
    }

    /** Waits for capture threads that may be held up by their workers. */
    private void release() {
        end("it failed");
        detach();
        while (!sources.isEmpty()) {
            release(source -> !source.isUsed());
            pause();
        }
        filter.ifPresent(FrameFilter::close);
    }

    private static void pause() {
        LockSupport.parkNanos(RELEASE_NANOS);
    }
}
