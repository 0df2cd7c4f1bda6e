package io.ringtap.daemon.config;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Fanout;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.FilterPlace;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.InvalidConfigException;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.FrameRate;
import io.ringtap.daemon.config.value.InterfaceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads {@code [[capture]]} tables. */
final class CaptureReader {
    /** Stands for an origin that was refused, so that the other keys are looked at all the same. */
    private static final CaptureOrigin REFUSED = new CaptureOrigin.Live("refused");

    private final BiFunction<String, FilterPlace, Optional<String>> filterProblem;
    private final CaptureNames captureNames;
    private final UniqueNames names = new UniqueNames();

    CaptureReader(BiFunction<String, FilterPlace, Optional<String>> filterProblem, CaptureNames captureNames) {
        this.filterProblem = filterProblem;
        this.captureNames = captureNames;
    }

    /** The capture, absent if it cannot be; its name goes to the captureNames in either case. */
    Optional<CaptureConfig> read(Section section) {
        Optional<CaptureOrigin> origin = origin(section);
        Optional<String> name = section.text("name").or(() -> origin.map(CaptureReader::defaultName));
        name.ifPresent(given -> {
            names.take(given, section);
            captureNames.add(given, origin.flatMap(CaptureReader::interfaceName));
        });
        return build(section, name.orElse("refused"), origin.orElse(REFUSED));
    }

    private Optional<CaptureConfig> build(Section section, String name, CaptureOrigin origin) {
        Mode mode = section.choice("mode", Mode.THROUGHPUT);
        try {
            return Optional.of(new CaptureConfig(
                    name,
                    origin,
                    mode,
                    section.choice("engine", Engine.FFM),
                    section.bytes("buffer").orElse(CaptureConfig.DEFAULT_BUFFER_BYTES),
                    section.integer("snaplen").orElse(CaptureConfig.WHOLE_FRAMES),
                    section.duration("timeout").orElse(CaptureConfig.DEFAULT_TIMEOUT),
                    section.flag("promiscuous").orElse(true),
                    section.choice("direction", Direction.IN),
                    filter(section, origin),
                    section.integer("threads").orElse(1),
                    section.choices("fanout", Fanout.class),
                    section.integers("cpu"),
                    expect(section, origin),
                    section.choice("own-frames", OwnFrames.IGNORE)));
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    private static double expect(Section section, CaptureOrigin origin) {
        Optional<Double> rate = section.rate("expect", FrameRate::parse);
        if (origin instanceof CaptureOrigin.File && section.has("expect")) {
            section.problem("expect", "goes with an interface: a file has no kernel ring to be too small");
        }
        return rate.orElse(CaptureConfig.DEFAULT_EXPECTED_RATE);
    }

    private Optional<CaptureOrigin> origin(Section section) {
        Optional<String> interfaceName = section.parsed("interface", InterfaceName::parse);
        Optional<Path> file = section.parsed("file", CaptureReader::path);
        Optional<FramePace> pace = pace(section);
        boolean live = section.has("interface");
        if (live == section.has("file")) {
            section.problem(
                    live ? "file" : "interface",
                    live
                            ? "a capture has an interface or a file, not both"
                            : "needs a value: the interface to capture (or give a file to read)");
        } else if (live && section.has("pace")) {
            section.problem("pace", "goes with a file: an interface has a pace of its own");
        }
        Missing missing = section.choice("missing", Missing.WAIT);
        if (!live && section.has("missing")) {
            section.problem("missing", "goes with an interface: a file that is missing is an error");
        }
        return interfaceName
                .<CaptureOrigin>map(name -> new CaptureOrigin.Live(name, missing))
                .or(() -> file.map(path -> new CaptureOrigin.File(path, pace.orElse(new FramePace.Max()))));
    }

    private static Path path(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return Path.of(text);
    }

    private static Optional<FramePace> pace(Section section) {
        Optional<FramePace> pace = section.rate("pace", CaptureReader::pace);
        Optional<Duration> maxGap = section.duration("max-gap");
        if (section.has("max-gap") && !pace.equals(Optional.of(new FramePace.Original()))) {
            section.problem("max-gap", "goes with pace = \"original\": it is about the file's own times");
            return pace;
        }
        if (maxGap.filter(Duration::isZero).isPresent()) {
            section.problem("max-gap", "must be more than 0");
        }
        return maxGap.isPresent() ? Optional.of(new FramePace.Original(maxGap)) : pace;
    }

    private static FramePace pace(String text) {
        return switch (text) {
            case "max" -> new FramePace.Max();
            case "original" -> new FramePace.Original();
            default -> rate(text);
        };
    }

    private static FramePace rate(String text) {
        try {
            return new FramePace.Rate(FrameRate.parse(text));
        } catch (IllegalArgumentException e) {
            String message = e.getMessage().replaceFirst("must be ", "must be \"max\", \"original\" or ");
            throw new IllegalArgumentException(message, e);
        }
    }

    private String filter(Section section, CaptureOrigin origin) {
        String filter = section.text("filter").orElse("");
        if (!filter.isBlank()) {
            FilterPlace place = origin instanceof CaptureOrigin.File ? FilterPlace.PROCESS : FilterPlace.KERNEL;
            filterProblem.apply(filter, place).ifPresent(problem -> section.problem("filter", problem));
        }
        return filter;
    }

    private static Optional<String> interfaceName(CaptureOrigin origin) {
        return origin instanceof CaptureOrigin.Live live ? Optional.of(live.interfaceName()) : Optional.empty();
    }

    // A file's name without its folders, and without the white space that names must not hold.
    private static String defaultName(CaptureOrigin origin) {
        return switch (origin) {
            case CaptureOrigin.Live live -> live.interfaceName();
            case CaptureOrigin.File file -> {
                Path fileName = file.path().getFileName();
                yield (fileName == null ? file.path() : fileName).toString().replaceAll("\\s", "_");
            }
        };
    }
}
