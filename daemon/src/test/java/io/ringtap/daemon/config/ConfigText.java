package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.FilterPlace;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.inject.config.FrameOrigin;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.template.FrameTemplate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads configurations that tests give as text, with two handlers and a filter checker of their own. */
public final class ConfigText {
    /** Takes nothing. */
    record Count() implements FrameHandler {
        @Override
        public void onFrame(Frame frame) {}
    }

    /** Takes a key of each kind, as the log handler and others do. */
    record Log(String text, long every, boolean flag, Duration pause, long limit) implements FrameHandler {
        static Log of(HandlerSettings settings) {
            return new Log(
                    settings.text("text", "frame"),
                    settings.number("every", 1_000, 1, 1_000_000),
                    settings.flag("flag", false),
                    settings.duration("pause", Duration.ofSeconds(1)),
                    settings.bytes("limit", 64));
        }

        @Override
        public void onFrame(Frame frame) {}
    }

    private static final Map<String, Function<HandlerSettings, FrameHandler>> BUILT_INS =
            Map.of("count", _ -> new Count(), "log", Log::of);

    private ConfigText() {}

    public static ConfigReader reader() {
        return new ConfigReader(
                (filter, place) -> filter.contains("bad") || (filter.equals("inbound") && place == FilterPlace.PROCESS)
                        ? Optional.of("does not compile: syntax error")
                        : Optional.empty(),
                BUILT_INS);
    }

    /** What a stream's frames hold. */
    static FrameTemplate template(InjectConfig stream) {
        return ((FrameOrigin.Template) stream.origin()).frame();
    }

    static DaemonConfig read(String toml, String... settings) throws ConfigException {
        return inFile(toml, file -> reader().read(ConfigSource.file(file, settings)));
    }

    /** What is wrong; the file's name is {@code f}. */
    static List<String> problems(String toml, String... settings) {
        return problems(toml, file -> ConfigSource.file(file, settings));
    }

    /** What is wrong; the file's name is {@code f}. */
    static List<String> problems(String toml, Function<Path, ConfigSource> source) {
        return inFile(
                toml,
                file -> assertThrows(ConfigException.class, () -> reader().read(source.apply(file))).problems().stream()
                        .map(line -> line.replace(file.toString(), "f"))
                        .toList());
    }

    /** What may throw. */
    interface Use<T, E extends Exception> {
        T of(Path file) throws E;
    }

    static <T, E extends Exception> T inFile(String toml, Use<T, E> use) throws E {
        try {
            Path file = Files.createTempFile("ringtap-test", ".toml");
            try {
                Files.writeString(file, toml);
                return use.of(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
