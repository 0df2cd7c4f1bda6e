package io.ringtap.daemon.config;

import io.ringtap.capture.FilterPlace;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.daemon.plugin.PluginType;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.flight.FlightRecorderHandler;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Reads {@code [[worker.handler]]} tables. Each handler is made once here, for its constructor alone knows its keys; that
 * instance is dropped, and every thread gets one of its own.
 */
final class HandlerReader {
    /** What others name a flight recorder by. */
    private static final Key<String> RECORDER_NAME = Key.text("name", FlightRecorderHandler.DEFAULT_NAME);

    private final Map<String, Function<HandlerSettings, FrameHandler>> builtIns;
    private final BiFunction<String, FilterPlace, Optional<String>> filterProblem;

    HandlerReader(
            Map<String, Function<HandlerSettings, FrameHandler>> builtIns,
            BiFunction<String, FilterPlace, Optional<String>> filterProblem) {
        this.filterProblem = filterProblem;
        this.builtIns = new TreeMap<>(builtIns);
    }

    /**
     * A factory; where there is a problem it stands for one, and makes nothing.
     *
     * @param names takes what the handler says of streams and flight recorders
     */
    HandlerFactory read(Section section, HandlerNames names) {
        Optional<String> type = section.given(WorkerKeys.TYPE);
        if (!section.has(WorkerKeys.TYPE)) {
            section.problem(WorkerKeys.TYPE, "needs a value: " + choices());
        }
        String filter = filter(section);
        Optional<Function<HandlerSettings, FrameHandler>> maker = type.flatMap(name -> maker(section, name));
        type.filter(FlightRecorderHandler.TYPE::equals)
                .ifPresent(_ -> names.recorders().add(section.value(RECORDER_NAME)));
        maker.ifPresent(made -> tryOut(section, made, names));
        return new HandlerFactory(
                type.orElse(""), new ConfiguredHandler(section, maker.orElse(HandlerReader::none)), filter);
    }

    /** Every handler has this key, whatever others it knows. */
    private String filter(Section section) {
        String filter = section.value(WorkerKeys.FILTER);
        if (!filter.isBlank()) {
            filterProblem
                    .apply(filter, FilterPlace.PROCESS)
                    .ifPresent(problem -> section.problem(WorkerKeys.FILTER, problem));
        }
        return filter;
    }

    private Optional<Function<HandlerSettings, FrameHandler>> maker(Section section, String type) {
        Function<HandlerSettings, FrameHandler> builtIn = builtIns.get(type);
        if (builtIn != null) {
            return Optional.of(builtIn);
        }
        return section.parsed(
                "type", name -> HandlerClass.find(name).orElseThrow(() -> new IllegalArgumentException(unknown(name))));
    }

    private String unknown(String type) {
        return type.indexOf('.') < 0
                ? "must be " + choices() + ", not " + Quoted.of(type) + Suggestion.hint(type, builtIns.keySet())
                : "there is no class " + Quoted.of(type) + " on the class path, and no plug-in brings that type"
                        + Suggestion.hint(type, builtIns.keySet());
    }

    private String choices() {
        String names =
                String.join(" or ", builtIns.keySet().stream().map(Quoted::of).toList());
        return (names.isEmpty() ? "" : names + ", or ") + "a class such as \"org.example.MyHandler\"";
    }

    // A constructor is somebody's code: whatever it throws is a problem of this handler, at its place.
    private static void tryOut(Section section, Function<HandlerSettings, FrameHandler> maker, HandlerNames names) {
        try {
            Objects.requireNonNull(maker.apply(new HandlerSection(section, names)), "no handler was made");
            section.reportUnknownKeys();
        } catch (RuntimeException | LinkageError e) {
            String of = maker instanceof PluginType plugin ? " of plug-in " + plugin.jar() : "";
            section.problem(
                    WorkerKeys.TYPE,
                    Quoted.of(section.given(WorkerKeys.TYPE).orElse("")) + of + " cannot be made: " + reason(e));
        }
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown instanceof HandlerClass.Failure ? thrown.getCause() : thrown;
        String message = cause.getMessage();
        if (cause instanceof NoClassDefFoundError && message != null && message.indexOf(' ') < 0) {
            return "the class " + message.replace('/', '.') + " is missing: put it where the handler's own class is";
        }
        return cause.getClass().getName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }

    private static FrameHandler none(HandlerSettings settings) {
        throw new NoSuchElementException("the type of this handler was refused");
    }
}
