package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.SpillConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.frame.HandlerFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code [[worker]]} tables. */
final class WorkerReader {
    private final HandlerReader handlers;
    private final CaptureNames captureNames;
    private final HandlerNames handlerNames;
    private final UniqueNames names = new UniqueNames();

    WorkerReader(HandlerReader handlers, CaptureNames captureNames, HandlerNames handlerNames) {
        this.handlers = handlers;
        this.captureNames = captureNames;
        this.handlerNames = handlerNames;
    }

    /** The worker, absent if it cannot be. */
    Optional<WorkerConfig> read(Section section) {
        String name = section.value(WorkerKeys.NAME);
        names.take(name, section);
        List<HandlerFactory> factories = section.tables(WorkerKeys.HANDLER).stream()
                .map(handler -> handlers.read(handler, handlerNames))
                .toList();
        try {
            return Optional.of(new WorkerConfig(
                    name,
                    captures(section),
                    section.value(WorkerKeys.THREADS).intValue(),
                    section.value(WorkerKeys.SHARE),
                    section.value(WorkerKeys.DELIVERY),
                    factories,
                    section.value(WorkerKeys.SAMPLE),
                    queue(section),
                    section.value(WorkerKeys.TUNNELS),
                    section.value(WorkerKeys.CPU),
                    section.value(WorkerKeys.DEDUPLICATE),
                    spill(section)));
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    private static long queue(Section section) {
        long bytes = section.value(WorkerKeys.QUEUE);
        if (section.has(WorkerKeys.QUEUE) && section.value(WorkerKeys.DELIVERY) != Delivery.DETACH) {
            section.problem(
                    WorkerKeys.QUEUE, "goes with delivery = \"detach\": another worker has no queue of its own");
        }
        return bytes;
    }

    private static Optional<SpillConfig> spill(Section section) {
        long bytes = section.value(WorkerKeys.SPILL);
        Path folder = section.value(WorkerKeys.SPILL_FOLDER);
        boolean resume = section.value(WorkerKeys.SPILL_RESUME);
        if (bytes > 0) {
            return Optional.of(new SpillConfig(bytes, folder, resume));
        }
        for (Key<?> key : List.of(WorkerKeys.SPILL_FOLDER, WorkerKeys.SPILL_RESUME)) {
            if (section.has(key) && !section.has(WorkerKeys.SPILL)) {
                section.problem(key, "goes with spill, which says how much may be there: spill = \"20 GiB\"");
            }
        }
        return Optional.empty();
    }

    private List<String> captures(Section section) {
        List<String> captures = new ArrayList<>();
        for (Entry.Scalar reference : section.value(WorkerKeys.CAPTURES)) {
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
