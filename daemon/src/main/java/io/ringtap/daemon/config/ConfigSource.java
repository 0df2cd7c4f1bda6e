package io.ringtap.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The source of a configuration: what the command line says about it. At least one of file and interface is there; with both,
 * the interface takes the place of that of the file's only capture.
 *
 * @param file the TOML file
 * @param interfaceName the interface to capture, {@code -i}
 * @param settings {@code key=value} as {@code --set} gives them, later ones over earlier ones
 */
public record ConfigSource(Optional<Path> file, Optional<String> interfaceName, List<String> settings) {
    /** Takes a copy of the list. @throws IllegalArgumentException if there is neither a file nor an interface */
    public ConfigSource {
        settings = List.copyOf(settings);
        if (file.isEmpty() && interfaceName.isEmpty()) {
            throw new IllegalArgumentException("a configuration needs a file or an interface");
        }
    }

    /** A file, and {@code --set} options. */
    public static ConfigSource file(Path file, String... settings) {
        return new ConfigSource(Optional.of(file), Optional.empty(), List.of(settings));
    }

    /** One capture of an interface with every default, and {@code --set} options. */
    public static ConfigSource interfaceOnly(String interfaceName, String... settings) {
        return new ConfigSource(Optional.empty(), Optional.of(interfaceName), List.of(settings));
    }
}
