package io.ringtap.handler.flight;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.record.PcapngFormat;
import io.ringtap.ledger.Gauge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the last frames in memory, and has them written, with those that follow, when somebody asks for a dump. It never waits:
 * a frame that finds no room, as dumps have still to write all that is there, is counted as missed.
 */
public final class FlightRecorderHandler implements FrameHandler {
    /** Its name in configurations. */
    public static final String TYPE = "flight-recorder";

    /** The name of one that is given none. */
    public static final String DEFAULT_NAME = TYPE;

    private final FlightSettings settings;
    private HandlerContext context;
    private FlightRecorder recorder;
    private FlightRing ring;
    private FlightChunk chunk;
    private Gauge frames;
    private Gauge bytes;
    private Gauge seconds;

    /** Reads its keys. */
    public FlightRecorderHandler(HandlerSettings settings) {
        this.settings = FlightSettings.read(settings);
    }

    /** Returns where its files go. */
    public Path folder() {
        return settings.files().folder();
    }

    @Override
    public void onStart(HandlerContext handlerContext) throws IOException, InterruptedException {
        context = handlerContext;
        frames = context.gauge("held", "frames held");
        bytes = context.gauge("held", "bytes held");
        seconds = context.gauge("held", "seconds held");
        recorder = context.shared(() -> new FlightRecorder(settings, context));
        ring = recorder.join(context.counter("missed", "frames"));
        chunk = ring.current();
        service().ifPresent(recorders -> recorders.add(recorder));
    }

    private Optional<FlightRecorders> service() {
        return context.service(FlightRecorders.class);
    }

    @Override
    public void onFrame(Frame frame) {
        int record = PcapngFormat.bytesOf(frame.length());
        if (chunk.filled + record > FlightChunk.BYTES && !nextChunk()) {
            ring.miss();
            return;
        }
        PcapngFormat.write(frame, frame.length(), chunk.bytes, chunk.filled);
        chunk.filled += record;
        chunk.frames++;
        chunk.lastNanos = frame.timestampNanos();
    }

    private boolean nextChunk() {
        FlightChunk next = ring.next(chunk);
        boolean there = next != chunk;
        chunk = next;
        return there;
    }

    @Override
    public void onBatchEnd() {
        ring.publish(chunk);
    }

    @Override
    public void onIdle() {
        if (context.live()) {
            ring.expire(context.epochNanos());
        }
        show();
    }

    private void show() {
        FlightRing.Held held = ring.held();
        frames.set(held.frames());
        bytes.set(held.bytes());
        if (context.thread() == 0) { // what threads hold is added up: time is not
            seconds.set(TimeUnit.NANOSECONDS.toSeconds(held.nanos()));
        }
    }

    /** Every dump has its file when this returns; unless the disk takes too long. */
    @Override
    public void onStop() throws InterruptedException {
        show();
        Optional<Thread> last = recorder.leave(ring);
        if (last.isPresent()) {
            service().ifPresent(recorders -> recorders.remove(recorder));
            last.get().join();
        }
    }
}
