package io.ringtap.capture.ring;

import io.ringtap.capture.FrameFilter;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.CheckedHandler;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSieve;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.frame.HandlerServices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;

/** Makes the handlers of a worker on one ring, for one thread after the other. */
final class WorkerHandlers {
    /** Whether a handler that uses a frame too late is to be told: see {@link CheckedHandler}. */
    private static final boolean CHECKED_FRAMES = Boolean.getBoolean("ringtap.checked-frames");

    private final WorkerConfig config;
    private final CaptureFacts capture;
    private final HandlerTables tables;
    private final HandlerServices services;
    private final FrameFilter[] filters;

    /** Compiles the filters, which are closed with {@code ring}. */
    WorkerHandlers(
            WorkerConfig config,
            FrameRing ring,
            CaptureFacts capture,
            HandlerTables tables,
            HandlerServices services,
            Function<String, FrameFilter> filterCompiler) {
        this.config = config;
        this.capture = capture;
        this.tables = tables;
        this.services = services;
        filters = new FrameFilter[config.handlers().size()];
        for (int i = 0; i < filters.length; i++) {
            String expression = config.handlers().get(i).filter();
            if (!expression.isBlank()) {
                filters[i] = filterCompiler.apply(expression);
                ring.closeWithIt(filters[i]::close);
            }
        }
    }

    /** Those of a thread, in their order; {@code questions} will be asked of them. */
    List<HandlerCalls> make(int thread, QueryQueue questions) {
        List<HandlerCalls> handlers = new ArrayList<>();
        for (int i = 0; i < filters.length; i++) {
            handlers.add(new HandlerCalls(instance(i, thread, questions), filters[i]));
        }
        return handlers;
    }

    private HandlerInstance instance(int index, int thread, QueryQueue questions) {
        HandlerFactory factory = config.handlers().get(index);
        FrameHandler handler = factory.supplier().get();
        if (handler instanceof FrameSieve && config.delivery() != Delivery.IN_PLACE) {
            throw new IllegalArgumentException("handler " + factory.type()
                    + " chooses which frames go on into the ring: give the worker delivery = \"in-place\"");
        }
        String origin = "worker " + config.name() + " handler " + factory.type() + " on " + capture.name() + " thread "
                + thread;
        return new HandlerInstance(
                factory.type(),
                CHECKED_FRAMES ? new CheckedHandler(factory.type(), handler) : handler,
                capture.passing(factory.filter()),
                config.name(),
                thread,
                config.threads() * capture.threads(),
                tables.of(index),
                new HashMap<>(),
                services,
                new HandlerLog(origin, System::nanoTime),
                questions);
    }
}
