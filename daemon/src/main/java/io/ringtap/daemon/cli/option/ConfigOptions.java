package io.ringtap.daemon.cli.option;

import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.capture.pcap.PcapFilter;
import io.ringtap.daemon.ConfigReading;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.ConfigReader;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.control.ReloadRefusedException;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import io.ringtap.daemon.plugin.PluginException;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where the configuration comes from. */
public final class ConfigOptions {
    static final Path DEFAULT_FILE = Path.of("/etc/ringtap/ringtap.toml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration file; /etc/ringtap/ringtap.toml if there is no -i either.")
    private Path file;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "INTERFACE",
            description = "Capture on this interface, with every default: a configuration of one capture.")
    private String interfaceName;

    @Option(
            names = "--set",
            paramLabel = "TABLE.KEY=VALUE",
            description = "Set a key in every table of that name, such as capture.buffer=\"128 MiB\". Repeatable.")
    private List<String> overrides = List.of();

    @Mixin
    private PluginOptions plugins;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Returns what the options say of a configuration, and the types of handlers that it may name; read again, it may say another. */
    public Source source() throws PluginException {
        if (file == null && interfaceName == null && Files.notExists(DEFAULT_FILE)) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no " + DEFAULT_FILE + ": name a configuration with --config, or an interface with -i");
        }
        Optional<Path> from =
                file == null && interfaceName == null ? Optional.of(DEFAULT_FILE) : Optional.ofNullable(file);
        return new Source(
                new ConfigSource(from, Optional.ofNullable(interfaceName), overrides), plugins.handlerTypes());
    }

    /** The source of a configuration, and the plug-ins that there were at the start. */
    public record Source(ConfigSource configuration, Map<String, Function<HandlerSettings, FrameHandler>> handlerTypes)
            implements ConfigReading {
        public DaemonConfig readFirst() throws ConfigException {
            return ConfigOptions.read(configuration, handlerTypes);
        }

        @Override
        public DaemonConfig read() throws ReloadRefusedException {
            try {
                return readFirst();
            } catch (ConfigException e) {
                throw new ReloadRefusedException(Reason.BAD_CONFIGURATION, e.problems());
            }
        }
    }

    private static OptionalInt mtuBytes(String interfaceName) {
        try (InterfaceQuery query = InterfaceQuery.open()) {
            return query.mtuBytes(interfaceName);
        }
    }

    /** Reads a configuration on this machine: filters by its libpcap, lengths by the MTUs of its interfaces, which have several names. */
    public static DaemonConfig read(
            ConfigSource source, Map<String, Function<HandlerSettings, FrameHandler>> handlerTypes)
            throws ConfigException {
        return new ConfigReader(PcapFilter::problem, handlerTypes, ConfigOptions::mtuBytes, InterfaceQuery::deviceName)
                .read(source);
    }
}
