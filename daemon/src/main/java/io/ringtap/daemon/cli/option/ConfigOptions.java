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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The options that say where the configuration comes from. */
public final class ConfigOptions {
    static final Path DEFAULT_FILE = Path.of("/etc/ringtap/ringtap.toml");

    private final Argument<Path> config = Argument.option(
            Path.class,
            "FILE",
            "The configuration file; /etc/ringtap/ringtap.toml if there is no -i either.",
            "-c",
            "--config");
    private final Argument<String> interfaceName = Argument.option(
            String.class,
            "INTERFACE",
            "Capture on this interface, with every default: a configuration of one capture.",
            "-i",
            "--interface");
    private final Argument<List<String>> overrides = Argument.repeatable(
            "--set",
            "TABLE.KEY=VALUE",
            "Set a key in every table of that name, such as capture.buffer=\"128 MiB\". Repeatable.");
    private final PluginOptions plugins;
    private final CommandSpec command;

    /** Has the command take them. */
    public ConfigOptions(CommandSpec command) {
        this.command = command;
        config.of(command);
        interfaceName.of(command);
        overrides.of(command);
        plugins = new PluginOptions(command);
    }

    /** Returns what the options say of a configuration, and the types of handlers that it may name; read again, it may say another. */
    public Source source() throws PluginException {
        Optional<Path> file = config.given();
        boolean isDefault = file.isEmpty() && interfaceName.given().isEmpty();
        if (isDefault && Files.notExists(DEFAULT_FILE)) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no " + DEFAULT_FILE + ": name a configuration with --config, or an interface with -i");
        }
        return new Source(
                new ConfigSource(
                        isDefault ? Optional.of(DEFAULT_FILE) : file,
                        interfaceName.given(),
                        overrides.given().orElse(List.of())),
                plugins.handlerTypes());
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
