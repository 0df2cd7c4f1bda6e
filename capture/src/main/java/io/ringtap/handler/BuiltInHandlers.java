package io.ringtap.handler;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.flight.FlightRecorderHandler;
import io.ringtap.handler.flows.FlowsHandler;
import io.ringtap.handler.latency.LatencyHandler;
import io.ringtap.handler.record.RecordHandler;
import io.ringtap.handler.watch.WatchHandler;
import java.util.Map;
import java.util.function.Function;

/** The handlers that configuration can name without a class. */
public final class BuiltInHandlers {
    /** By the name that {@code type} gives. */
    public static final Map<String, Function<HandlerSettings, FrameHandler>> BY_TYPE = Map.of(
            "count",
            settings -> new CountHandler(),
            FlightRecorderHandler.TYPE,
            FlightRecorderHandler::new,
            "flows",
            FlowsHandler::new,
            "latency",
            LatencyHandler::new,
            "log",
            LogHandler::new,
            "record",
            RecordHandler::new,
            "watch",
            WatchHandler::new);

    private BuiltInHandlers() {}
}
