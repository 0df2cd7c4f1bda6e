package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.frame.HandlerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code [[worker]]} tables. */
final class WorkerReader {
    private final HandlerReader handlers;
    private final CaptureNames captureNames;
    private final StreamNames streams;
    private final UniqueNames names = new UniqueNames();

    WorkerReader(HandlerReader handlers, CaptureNames captureNames, StreamNames streams) {
        this.handlers = handlers;
        this.captureNames = captureNames;
        this.streams = streams;
    }

    /** The worker, absent if it cannot be. */
    Optional<WorkerConfig> read(Section section) {
        String name = section.text("name").orElse("default");
        names.take(name, section);
        List<HandlerFactory> factories = section.tables("handler").stream()
                .map(handler -> handlers.read(handler, streams))
                .toList();
        try {
            return Optional.of(new WorkerConfig(
                    name,
                    captures(section),
                    section.integer("threads").orElse(1),
                    section.choice("share", Share.FLOW),
                    section.choice("delivery", Delivery.GATE),
                    factories,
                    section.share("sample").orElse(1.0),
                    queue(section),
                    section.integers("cpu")));
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    private static long queue(Section section) {
        Optional<Long> bytes = section.bytes("queue");
        if (section.has("queue") && section.choice("delivery", Delivery.GATE) != Delivery.DETACH) {
            section.problem("queue", "goes with delivery = \"detach\": another worker has no queue of its own");
        }
        return bytes.orElse(WorkerConfig.DEFAULT_QUEUE_BYTES);
    }

    private List<String> captures(Section section) {
        List<String> captures = new ArrayList<>();
        for (Entry.Scalar reference : section.texts("captures")) {
            String name = reference.text().orElseThrow();
            Optional<String> problem = captures.contains(name)
                    ? Optional.of("names " + Quoted.of(name) + " twice")
                    : captureNames.problemWith(name);
            problem.ifPresent(message -> section.problem(reference.place(), "captures", message));
            captures.add(name);
        }
        return captures;
    }
}
