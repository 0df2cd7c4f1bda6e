package io.ringtap.daemon.config;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.FilterPlace;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.InvalidConfigException;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.frame.Tunnel;
import io.ringtap.frame.TunnelPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads {@code [[capture]]} tables. */
final class CaptureReader {
    /** Stands for an origin that was refused, so that the other keys are looked at all the same. */
    private static final CaptureOrigin REFUSED = new CaptureOrigin.Live("refused");

    private static final Map<Key<List<Integer>>, Tunnel> PORTS = new LinkedHashMap<>();

    static {
        PORTS.put(CaptureKeys.VXLAN_PORTS, Tunnel.VXLAN);
        PORTS.put(CaptureKeys.GENEVE_PORTS, Tunnel.GENEVE);
        PORTS.put(CaptureKeys.GTP_PORTS, Tunnel.GTP_U);
        PORTS.put(CaptureKeys.TEREDO_PORTS, Tunnel.TEREDO);
    }

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
        Optional<String> name = section.given(CaptureKeys.NAME).or(() -> origin.map(CaptureReader::defaultName));
        name.ifPresent(given -> {
            names.take(given, section);
            captureNames.add(given, origin.flatMap(CaptureReader::interfaceName));
        });
        return build(section, name.orElse("refused"), origin.orElse(REFUSED));
    }

    private Optional<CaptureConfig> build(Section section, String name, CaptureOrigin origin) {
        Mode mode = section.value(CaptureKeys.MODE);
        try {
            return Optional.of(new CaptureConfig(
                    name,
                    origin,
                    mode,
                    section.value(CaptureKeys.ENGINE),
                    section.value(CaptureKeys.BUFFER),
                    section.value(CaptureKeys.SNAPLEN).intValue(),
                    section.value(CaptureKeys.TIMEOUT),
                    section.value(CaptureKeys.PROMISCUOUS),
                    section.value(CaptureKeys.DIRECTION),
                    filter(section, origin),
                    section.value(CaptureKeys.THREADS).intValue(),
                    section.value(CaptureKeys.FANOUT),
                    section.value(CaptureKeys.CPU),
                    section.value(CaptureKeys.PRIORITY),
                    section.value(CaptureKeys.SPIN),
                    expect(section, origin),
                    tunnelPorts(section),
                    section.value(CaptureKeys.OWN_FRAMES)));
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    private static double expect(Section section, CaptureOrigin origin) {
        double rate = section.value(CaptureKeys.EXPECT);
        if (origin instanceof CaptureOrigin.File && section.has(CaptureKeys.EXPECT)) {
            section.problem(CaptureKeys.EXPECT, "goes with an interface: a file has no kernel ring to be too small");
        }
        return rate;
    }

    private static TunnelPorts tunnelPorts(Section section) {
        TunnelPorts ports = new TunnelPorts(Map.of());
        for (Map.Entry<Key<List<Integer>>, Tunnel> key : PORTS.entrySet()) {
            try {
                ports = ports.with(key.getValue(), section.value(key.getKey()));
            } catch (IllegalArgumentException e) {
                section.problem(key.getKey(), e.getMessage());
            }
        }
        return ports;
    }

    private Optional<CaptureOrigin> origin(Section section) {
        Optional<String> interfaceName = section.given(CaptureKeys.INTERFACE);
        Optional<Path> file = section.given(CaptureKeys.FILE);
        Optional<FramePace> pace = pace(section);
        boolean live = section.has(CaptureKeys.INTERFACE);
        if (live == section.has(CaptureKeys.FILE)) {
            section.problem(
                    live ? CaptureKeys.FILE : CaptureKeys.INTERFACE,
                    live
                            ? "a capture has an interface or a file, not both"
                            : "needs a value: the interface to capture (or give a file to read)");
        } else if (live && section.has(CaptureKeys.PACE)) {
            section.problem(CaptureKeys.PACE, "goes with a file: an interface has a pace of its own");
        }
        Missing missing = section.value(CaptureKeys.MISSING);
        if (!live && section.has(CaptureKeys.MISSING)) {
            section.problem(CaptureKeys.MISSING, "goes with an interface: a file that is missing is an error");
        }
        return interfaceName
                .<CaptureOrigin>map(name -> new CaptureOrigin.Live(name, missing))
                .or(() -> file.map(path -> new CaptureOrigin.File(path, pace.orElse(new FramePace.Max()))));
    }

    private static Optional<FramePace> pace(Section section) {
        Optional<FramePace> pace = section.given(CaptureKeys.PACE);
        Optional<Duration> maxGap = section.given(CaptureKeys.MAX_GAP);
        if (section.has(CaptureKeys.MAX_GAP) && !pace.equals(Optional.of(new FramePace.Original()))) {
            section.problem(CaptureKeys.MAX_GAP, "goes with pace = \"original\": it is about the file's own times");
            return pace;
        }
        return maxGap.isPresent() ? Optional.of(new FramePace.Original(maxGap)) : pace;
    }

    private String filter(Section section, CaptureOrigin origin) {
        String filter = section.value(CaptureKeys.FILTER);
        if (!filter.isBlank()) {
            FilterPlace place = origin instanceof CaptureOrigin.File ? FilterPlace.PROCESS : FilterPlace.KERNEL;
            filterProblem.apply(filter, place).ifPresent(problem -> section.problem(CaptureKeys.FILTER, problem));
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
