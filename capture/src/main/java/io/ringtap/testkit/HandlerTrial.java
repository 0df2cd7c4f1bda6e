package io.ringtap.testkit;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.PcapFileFrames;
import io.ringtap.frame.CheckedHandler;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A handler's life in a test: it is started, given frames and ticks, and stopped, as a worker's thread does it, but all on
 * the caller's thread and when the caller says. Frames are borrowed, as in the daemon: a handler that uses one too late gets
 * an exception, and {@link #stop} fails.
 *
 * <pre>{@code
 * TestContext context = new TestContext();
 * try (HandlerTrial trial = HandlerTrial.start(new VlanCount(), context)) {
 *     trial.file(Path.of("trace.pcapng"));
 *     assertEquals(12, trial.delivered());
 *     assertEquals(7, context.value("VLAN 100", "frames"));
 * }
 * }</pre>
 */
public final class HandlerTrial implements AutoCloseable {
    /** As often as a worker's thread gives a tick. */
    private static final Duration TICK = Duration.ofMillis(100);

    private static final int FILE_BATCH = 64;

    private final CheckedHandler handler;
    private final TestContext context;
    private final List<Throwable> thrown = new ArrayList<>();
    private long delivered;
    private long failed;
    private boolean stopped;

    private HandlerTrial(FrameHandler handler, TestContext context) {
        this.handler = new CheckedHandler(handler.getClass().getName(), handler);
        this.context = context;
    }

    /** An action of a handler. */
    private interface Call {
        void run() throws Exception;
    }

    /** Starts a handler that looks at nothing around it. @throws IllegalStateException if {@code onStart} throws */
    public static HandlerTrial start(FrameHandler handler) {
        return start(handler, new TestContext());
    }

    /** Starts a handler. @throws IllegalStateException if {@code onStart} throws, which the daemon would not start with */
    public static HandlerTrial start(FrameHandler handler, TestContext context) {
        HandlerTrial trial = new HandlerTrial(handler, context);
        try {
            trial.handler.onStart(context);
        } catch (Exception e) {
            throw new IllegalStateException("onStart threw: the daemon would not start: " + e, e);
        }
        return trial;
    }

    /** Returns where the handler finds itself. */
    public TestContext context() {
        return context;
    }

    /** Gives frames that wait together: {@code onFrame} for each, then {@code onBatchEnd}. */
    public HandlerTrial batch(List<Frame> frames) {
        if (stopped) {
            throw new IllegalStateException("the handler has been stopped");
        }
        for (Frame frame : frames) {
            boolean whole = call(() -> handler.onFrame(frame));
            delivered += whole ? 1 : 0;
            failed += whole ? 0 : 1;
        }
        if (!frames.isEmpty()) {
            call(handler::onBatchEnd);
        }
        return this;
    }

    /** Gives a batch of frames. */
    public HandlerTrial frames(Frame... frames) {
        return batch(Arrays.asList(frames));
    }

    /** Gives a batch of one frame, whole, that comes now. */
    public HandlerTrial frame(byte[] bytes) {
        return frames(Frame.of(bytes.clone(), bytes.length, context.epochNanos(), context.captureName()));
    }

    /**
     * Gives the frames of a pcap or pcapng file, {@value #FILE_BATCH} a batch, whole as the daemon takes them by default; time
     * does not pass.
     *
     * @throws IllegalArgumentException if the file cannot be read to its end
     */
    public HandlerTrial file(Path file) {
        List<Frame> batch = new ArrayList<>();
        try {
            PcapFileFrames.forEach(file, context.captureName(), frame -> {
                batch.add(frame);
                if (batch.size() == FILE_BATCH) {
                    batch(batch);
                    batch.clear();
                }
            });
        } catch (OpenException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return batch(batch);
    }

    /** Lets time pass with no frame coming: {@code onIdle} for every 100 ms of it. */
    public HandlerTrial idle(Duration time) {
        Duration left = time;
        for (; left.compareTo(TICK) >= 0; left = left.minus(TICK)) {
            context.pass(TICK);
            tick();
        }
        context.pass(left);
        return this;
    }

    /** {@code onIdle} once, now. */
    public HandlerTrial tick() {
        call(handler::onIdle);
        return this;
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // a handler may throw anything; the test looks at it
    private boolean call(Call call) {
        try {
            call.run();
            return true;
        } catch (Throwable e) {
            thrown.add(e);
            return false;
        }
    }

    /** Frames that the handler handled without throwing. */
    public long delivered() {
        return delivered;
    }

    /** Frames that the handler threw on. */
    public long failed() {
        return failed;
    }

    /** Returns what its methods threw, in order. */
    public List<Throwable> thrown() {
        return List.copyOf(thrown);
    }

    /**
     * Stops the handler. Idempotent.
     *
     * @throws io.ringtap.frame.BorrowedFrameException if it has ever used a frame that was not its own any more
     */
    public void stop() {
        if (!stopped) {
            stopped = true;
            call(handler::onStop);
        }
        handler.misuse().ifPresent(misuse -> {
            throw misuse;
        });
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
