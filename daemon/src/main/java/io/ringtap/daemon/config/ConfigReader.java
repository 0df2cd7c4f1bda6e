package io.ringtap.daemon.config;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.FilterPlace;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.toml.ConfigFile;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Place;
import io.ringtap.daemon.config.toml.Problems;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.AccessToken;
import io.ringtap.daemon.export.ExportConfig;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InterfaceLimit;
import java.net.InetSocketAddress;
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
        DaemonConfig config = read(new Section(root, "", problems, ConfigKeys.ROOT));
        problems.throwIfAny();
        return config;
    }

    private DaemonConfig read(Section root) {
        CaptureNames captureNames = new CaptureNames(deviceOf);
        List<CaptureConfig> captures =
                each(root, CaptureKeys.TABLE, new CaptureReader(filterProblem, captureNames)::read);
        HandlerNames names = HandlerNames.none();
        List<WorkerConfig> workers =
                each(root, WorkerKeys.TABLE, new WorkerReader(handlers, captureNames, names)::read);
        List<InjectConfig> injects = root.has(ConfigKeys.INJECT)
                ? each(root, InjectKeys.TABLE, new InjectReader(captureNames, names.streams(), mtuOf)::read)
                : List.of();
        names.streams().reportUnknown();
        names.recorders().reportUnknown();
        List<InterfaceLimit> limits = root.has(ConfigKeys.INTERFACE) ? limits(root) : List.of();
        List<ExportConfig> exports = each(root, ExportReader.TABLE, new ExportReader(withFlows(workers))::read);
        if (!root.has(ConfigKeys.CAPTURE) && !root.has(ConfigKeys.INJECT)) {
            root.problem(ConfigKeys.CAPTURE, "there must be a [[capture]], or an [[inject]] at least");
        }
        Section control = once(root, ConfigKeys.CONTROL);
        Path socket = control.value(ConfigKeys.SOCKET);
        Optional<String> adminGroup =
                Optional.of(control.value(ConfigKeys.ADMIN_GROUP)).filter(name -> !name.isEmpty());
        control.reportUnknownKeys();
        Section metricsTable = once(root, ConfigKeys.METRICS);
        Optional<InetSocketAddress> metrics =
                metricsTable.value(ConfigKeys.LISTEN).address();
        Optional<AccessToken> token = metricsTable.value(ConfigKeys.TOKEN_FILE).token();
        metricsTable.reportUnknownKeys();
        Section daemon = once(root, ConfigKeys.DAEMON);
        Duration stopTimeout = daemon.value(ConfigKeys.STOP_TIMEOUT);
        daemon.reportUnknownKeys();
        root.reportUnknownKeys();
        return new DaemonConfig(
                captures, workers, injects, limits, exports, socket, adminGroup, metrics, token, stopTimeout);
    }

    private static <T> List<T> each(Section root, Schema table, Function<Section, Optional<T>> reader) {
        List<T> read = new ArrayList<>();
        for (Section section : root.tables(table)) {
            reader.apply(section).ifPresent(read::add);
            section.reportUnknownKeys();
        }
        return read;
    }

    private static List<String> withFlows(List<WorkerConfig> workers) {
        return workers.stream()
                .filter(worker -> worker.handlers().stream()
                        .anyMatch(handler -> handler.type().equals("flows")))
                .map(WorkerConfig::name)
                .toList();
    }

    private List<InterfaceLimit> limits(Section root) {
        List<String> used = Stream.concat(
                        interfaces(root, CaptureKeys.TABLE, CaptureKeys.INTERFACE),
                        interfaces(root, InjectKeys.TABLE, InjectKeys.INTERFACE))
                .toList();
        InterfaceReader reader = new InterfaceReader(used, deviceOf);
        return each(root, InterfaceReader.TABLE, reader::read);
    }

    private static Stream<String> interfaces(Section root, Schema table, Key<String> key) {
        return root.tables(table).stream().flatMap(section -> section.again(new Problems()).given(key).stream());
    }

    /** A table that is there once at most; one that is not has no keys. */
    private static Section once(Section root, Schema table) {
        return root.table(table)
                .orElseGet(() -> new Section(
                        new Entry.Table(new Place.BuiltIn(), Map.of()), table.name(), new Problems(), table));
    }
}
