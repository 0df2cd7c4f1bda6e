package io.ringtap.daemon.config;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.FilterPlace;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.toml.ConfigFile;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Place;
import io.ringtap.daemon.config.toml.Problems;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.ListenAddress;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.control.ControlRights;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InterfaceLimit;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Reads configurations. Everything that is wrong with one is found before it is refused, except that a file with syntax
 * errors is not looked at further: what its values would be is a guess.
 */
public final class ConfigReader {
    /** Linux: sockaddr_un's sun_path has 108 bytes, of which the JDK leaves two unused. */
    private static final int LONGEST_SOCKET_PATH_BYTES = 106;

    private static final Duration LONGEST_STOP_TIMEOUT = Duration.ofMinutes(10);

    private final BiFunction<String, FilterPlace, Optional<String>> filterProblem;
    private final HandlerReader handlers;
    private final Function<String, OptionalInt> mtuOf;
    private final UnaryOperator<String> deviceOf;

    /**
     * A reader, which can be used any number of times.
     *
     * @param filterProblem says what is wrong with a pcap-filter(7) expression for where it runs, or nothing
     * @param builtIns the handlers that need no class name, by the name they have in configurations
     */
    public ConfigReader(
            BiFunction<String, FilterPlace, Optional<String>> filterProblem,
            Map<String, Function<HandlerSettings, FrameHandler>> builtIns) {
        this(filterProblem, builtIns, _ -> OptionalInt.empty());
    }

    /**
     * As above.
     *
     * @param mtuOf the MTU of an interface in bytes, absent if there is none of that name: longer frames are refused
     */
    public ConfigReader(
            BiFunction<String, FilterPlace, Optional<String>> filterProblem,
            Map<String, Function<HandlerSettings, FrameHandler>> builtIns,
            Function<String, OptionalInt> mtuOf) {
        this(filterProblem, builtIns, mtuOf, UnaryOperator.identity());
    }

    /**
     * As above.
     *
     * @param deviceOf the one name that all names of an interface stand for; a name that no interface has stands for itself
     */
    public ConfigReader(
            BiFunction<String, FilterPlace, Optional<String>> filterProblem,
            Map<String, Function<HandlerSettings, FrameHandler>> builtIns,
            Function<String, OptionalInt> mtuOf,
            UnaryOperator<String> deviceOf) {
        this.mtuOf = mtuOf;
        this.deviceOf = deviceOf;
        this.filterProblem = filterProblem;
        this.handlers = new HandlerReader(builtIns, filterProblem);
    }

    /** The configuration. @throws ConfigException if it cannot be used, with everything that is wrong with it */
    public DaemonConfig read(ConfigSource source) throws ConfigException {
        Problems problems = new Problems();
        Entry.Table root = source.file().isPresent()
                ? ConfigFile.read(source.file().get())
                : new Entry.Table(new Place.BuiltIn(), new LinkedHashMap<>());
        source.interfaceName().ifPresent(name -> new InterfaceOption(name).apply(root, problems));
        DefaultWorker.addTo(root);
        for (String setting : source.settings()) {
            SetOption.parse(setting, problems).ifPresent(option -> option.apply(root, problems));
        }
        DaemonConfig config = read(new Section(root, "", problems));
        problems.throwIfAny();
        return config;
    }

    private DaemonConfig read(Section root) {
        CaptureNames captureNames = new CaptureNames(deviceOf);
        List<CaptureConfig> captures = each(root, "capture", new CaptureReader(filterProblem, captureNames)::read);
        StreamNames streams = new StreamNames();
        List<WorkerConfig> workers = each(root, "worker", new WorkerReader(handlers, captureNames, streams)::read);
        List<InjectConfig> injects = each(root, "inject", new InjectReader(captureNames, streams, mtuOf)::read);
        streams.reportUnknown();
        List<InterfaceLimit> limits = limits(root);
        if (!root.has("capture") && !root.has("inject")) {
            root.problem("capture", "there must be a [[capture]], or an [[inject]] at least");
        }
        Optional<Section> control = root.table("control");
        Path socket = control.flatMap(section -> section.parsed("socket", ConfigReader::socketPath))
                .orElse(DaemonConfig.DEFAULT_CONTROL_SOCKET);
        Optional<String> adminGroup = control.flatMap(section -> section.parsed("admin-group", ConfigReader::group))
                .filter(name -> !name.isEmpty());
        control.ifPresent(Section::reportUnknownKeys);
        Optional<InetSocketAddress> metrics = metrics(root);
        Duration stopTimeout = stopTimeout(root);
        root.reportUnknownKeys();
        return new DaemonConfig(captures, workers, injects, limits, socket, adminGroup, metrics, stopTimeout);
    }

    private static <T> List<T> each(Section root, String table, Function<Section, Optional<T>> reader) {
        List<T> read = new ArrayList<>();
        for (Section section : root.tables(table)) {
            reader.apply(section).ifPresent(read::add);
            section.reportUnknownKeys();
        }
        return read;
    }

    private List<InterfaceLimit> limits(Section root) {
        List<String> used = Stream.of("capture", "inject")
                .flatMap(key -> root.tables(key).stream())
                .flatMap(section -> section.again(new Problems()).text("interface").stream())
                .toList();
        InterfaceReader reader = new InterfaceReader(used, deviceOf);
        return each(root, "interface", reader::read);
    }

    private static String group(String name) {
        if (!name.isEmpty() && !ControlRights.isGroup(name)) {
            throw new IllegalArgumentException("there is no group " + Quoted.of(name) + " on this machine");
        }
        return name;
    }

    private static Duration stopTimeout(Section root) {
        Optional<Section> daemon = root.table("daemon");
        Duration timeout =
                daemon.flatMap(section -> section.duration("stop-timeout")).orElse(DaemonConfig.DEFAULT_STOP_TIMEOUT);
        if (timeout.isZero() || timeout.compareTo(LONGEST_STOP_TIMEOUT) > 0) {
            daemon.orElseThrow().problem("stop-timeout", "must be more than 0 and at most 10 min");
        }
        daemon.ifPresent(Section::reportUnknownKeys);
        return timeout;
    }

    private static Path socketPath(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH_BYTES) {
            throw new IllegalArgumentException("must be at most " + LONGEST_SOCKET_PATH_BYTES
                    + " bytes, the longest path that can be listened on");
        }
        return Path.of(text);
    }

    private static Optional<InetSocketAddress> metrics(Section root) {
        Optional<Section> metrics = root.table("metrics");
        Optional<InetSocketAddress> listen = metrics.flatMap(section -> section.parsed(
                        "listen",
                        text -> text.isBlank()
                                ? Optional.<InetSocketAddress>empty()
                                : Optional.of(ListenAddress.parse(text))))
                .flatMap(Function.identity());
        metrics.ifPresent(Section::reportUnknownKeys);
        return listen;
    }
}
