package io.ringtap.handler.flows;

import io.ringtap.frame.Answer;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a table of flows, conversations by {@link FlowKey}: frames and bytes (as on the link) each way, the first and the last
 * time, TCP flags. Its memory is taken at the start and never grows. Keys: {@code memory}, {@code idle}, {@code active},
 * {@code file}, {@code tunnels}, {@code vlan}, {@code sensor},
 * {@code community-id-seed}. It answers {@code ringtap flows}.
 */
public final class FlowsHandler implements FrameHandler {
    private static final String ROW = "flows";

    /** A search for flows that are due goes round the table in a quarter of {@code idle}, within these. */
    private static final long SHORTEST_ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_ROUND_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What the end may take: a daemon's stop has five seconds for everything. */
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final FlowsSettings settings;
    private final Map<FlowEnd, Counter> ends = new EnumMap<>(FlowEnd.class);
    private HandlerContext context;
    private FlowTable table;
    private FlowTracker tracker;
    private FlowText text;
    private FlowWriter writer;
    private FlowOutlet outlet;
    private Gauge active;
    private Gauge unwritten;
    private Counter tooShort;
    private long lastFrameNanos;

    /** Of the frame before the last one. */
    private long frameBeforeNanos;

    /** When the last frame was counted, by the clock that nobody sets. */
    private long countedAt;

    private long sweptAt;

    /** Reads its keys. */
    public FlowsHandler(HandlerSettings keys) {
        settings = FlowsSettings.read(keys);
    }

    @Override
    public void onStart(HandlerContext handlerContext) throws IOException {
        context = handlerContext;
        text = text();
        long tableBytes = settings.tableBytes(context.threads());
        if (settings.file().isPresent()) {
            openFile(settings.file().get());
        }
        table = new FlowTable(tableBytes);
        if (writer != null) {
            writer.start();
        }
        tracker = new FlowTracker(
                table,
                new FlowKey(settings.tunnels(), settings.vlan()),
                settings.idle(),
                settings.active(),
                this::onEnd);
        active = context.gauge(ROW, "active");
        context.gauge(ROW, "memory_bytes").set(table.slots() * FlowTable.ENTRY_BYTES + queueBytes());
        Counter ended = context.counter(ROW, "ended");
        ends.put(FlowEnd.IDLE, ended);
        ends.put(FlowEnd.ACTIVE, ended);
        ends.put(FlowEnd.STOP, ended);
        ends.put(FlowEnd.CLOSED, ended);
        ends.put(FlowEnd.EVICTED, context.counter(ROW, "evicted"));
        sweptAt = context.nanoTime();
        context.answer("flows", this::answer);
        FlowExports exports = context.service(FlowExports.class).orElseGet(FlowExports::new);
        outlet = new FlowOutlet(context.workerName(), exports);
        exports.add(outlet);
    }

    /** One for each thread that writes. */
    private FlowText text() {
        return new FlowText(context.workerName(), context.captureName(), settings.sensor(), settings.communityIdSeed());
    }

    private long queueBytes() {
        return settings.file().isPresent() ? FlowQueue.BYTES : 0;
    }

    private void openFile(Path path) throws IOException {
        FlowFile file = new FlowFile(path, settings.mode());
        file.make();
        writer = new FlowWriter(
                file, text(), "flows-" + context.workerName() + "-" + context.thread(), context::nanoTime);
        unwritten = context.gauge(ROW, "unwritten");
    }

    @Override
    public void onFrame(Frame frame) {
        frameBeforeNanos = lastFrameNanos;
        lastFrameNanos = frame.timestampNanos();
        if (!tracker.count(frame)) {
            countTooShort();
        }
    }

    private void countTooShort() {
        if (tooShort == null) {
            tooShort = context.counter("frames", "too_short");
        }
        tooShort.add(1);
    }

    private void onEnd(FlowTable from, long slot, FlowEnd end) {
        ends.get(end).add(1);
        if (writer != null) {
            writer.write(from, slot, end);
        }
        outlet.write(from, slot, end);
    }

    @Override
    public void onBatchEnd() {
        countedAt = context.nanoTime();
        active.set(table.size());
    }

    /**
     * Ends what is due, by the clock of the frames; where they come from an interface, it goes on while none comes, by the time
     * that passes, so that a system's clock that is set ends nothing.
     */
    @Override
    public void onIdle() {
        long silence = silence();
        long elapsed = context.nanoTime() - sweptAt;
        sweptAt += elapsed;
        long round = Math.clamp(settings.idle().toNanos() / 4, SHORTEST_ROUND_NANOS, LONGEST_ROUND_NANOS);
        double share = Math.min(1, (double) elapsed / round);
        tracker.sweep((long) Math.ceil(table.slots() * share), lastFrameNanos + silence, frameBeforeNanos + silence);
        active.set(table.size());
        if (writer != null) {
            writer.flush();
            unwritten.set(writer.notWritten());
        }
        tellUnexported();
    }

    private void tellUnexported() {
        if (!outlet.isEmpty()) {
            context.gauge(ROW, "unexported").set(outlet.refused());
        }
    }

    /** How long no frame has come from an interface. */
    private long silence() {
        return context.live() ? context.nanoTime() - countedAt : 0;
    }

    private Answer.Slices answer(Map<String, String> parameters) {
        return new TopFlows(table, text, FlowQuery.read(parameters), lastFrameNanos + silence());
    }

    /** Ends all flows, and writes and exports them if that does not take too long. */
    @Override
    public void onStop() throws InterruptedException {
        try {
            giveRest();
            tellUnexported();
            if (writer != null) {
                endFile();
            }
        } finally { // it may be interrupted while a disk hangs
            outlet.close();
            ends.get(FlowEnd.STOP).add(table.size());
            active.set(0);
            table.close();
        }
    }

    private void giveRest() {
        if (writer == null && outlet.isEmpty()) {
            return;
        }
        long deadline = context.nanoTime() + STOP_NANOS;
        for (long slot = 0; slot < table.slots(); slot++) {
            if (table.isUsed(slot)) {
                if (writer != null) {
                    writer.writeBy(table, slot, FlowEnd.STOP, deadline);
                }
                outlet.writeBy(table, slot, FlowEnd.STOP, deadline, context::nanoTime);
            }
        }
    }

    private void endFile() throws InterruptedException {
        try {
            writer.close();
        } finally {
            unwritten.set(writer.notWritten());
            if (writer.notWritten() > 0) {
                context.warn(
                        "flows that did not come into " + settings.file().orElseThrow() + ": " + writer.notWritten());
            }
        }
    }
}
