package io.ringtap.daemon.config;

import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.value.AccessToken;
import io.ringtap.daemon.config.value.ListenAddress;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.control.ControlRights;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/** The tables of a configuration, and the keys of those that are about the daemon itself. */
public final class ConfigKeys {
    static final Key<Path> SOCKET = new Key<>(
            "socket",
            new Kind.Form<>("a path", "", ConfigKeys::socketPath),
            Optional.of(DaemonConfig.DEFAULT_CONTROL_SOCKET));
    static final Key<String> ADMIN_GROUP = new Key<>(
            "admin-group",
            new Kind.Form<>("a group of this machine, or empty", "", ConfigKeys::group),
            Optional.of(""));
    static final Schema CONTROL = Schema.table("control", List.of(SOCKET, ADMIN_GROUP));

    static final Key<Duration> STOP_TIMEOUT =
            Key.time("stop-timeout", DaemonConfig.DEFAULT_STOP_TIMEOUT, Kind.Time.STEP, Duration.ofMinutes(10));
    static final Schema DAEMON = Schema.table("daemon", List.of(STOP_TIMEOUT));

    static final Key<Listen> LISTEN = new Key<>(
            "listen",
            new Kind.Form<>("an address and a port, a port alone, or empty", "", Listen::parse),
            Optional.of(new Listen(Optional.empty())));
    static final Key<Token> TOKEN_FILE = new Key<>(
            "token-file",
            new Kind.Form<>("the path of a file whose first line is a token, or empty", "", Token::read),
            Optional.of(new Token("", Optional.empty())));
    static final Schema METRICS = Schema.table("metrics", List.of(LISTEN, TOKEN_FILE));

    static final String CAPTURE = "capture";
    static final String INJECT = "inject";
    static final String INTERFACE = "interface";

    /** The configuration as a whole. */
    public static final Schema ROOT = Schema.root(tables());

    /** Linux: sockaddr_un's sun_path has 108 bytes, of which the JDK leaves two unused. */
    private static final int LONGEST_SOCKET_PATH_BYTES = 106;

    /** An address to listen on, or none. */
    record Listen(Optional<InetSocketAddress> address) {
        private static Listen parse(String text) {
            return new Listen(text.isBlank() ? Optional.empty() : Optional.of(ListenAddress.parse(text)));
        }

        @Override
        public String toString() {
            return address.map(InetSocketAddress::toString).orElse("");
        }
    }

    /** A token, and the file it comes from, or none. */
    record Token(String file, Optional<AccessToken> token) {
        private static Token read(String file) {
            return new Token(file, file.isBlank() ? Optional.empty() : Optional.of(AccessToken.read(Path.of(file))));
        }

        @Override
        public String toString() {
            return file;
        }
    }

    private ConfigKeys() {}

    private static SequencedMap<String, Supplier<Schema>> tables() {
        SequencedMap<String, Supplier<Schema>> tables = new LinkedHashMap<>();
        tables.put(CAPTURE, () -> CaptureKeys.TABLE);
        tables.put("worker", () -> WorkerKeys.TABLE);
        tables.put(INJECT, () -> InjectKeys.TABLE);
        tables.put(ExportReader.TABLE.name(), () -> ExportReader.TABLE);
        tables.put(INTERFACE, () -> InterfaceReader.TABLE);
        tables.put(CONTROL.name(), () -> CONTROL);
        tables.put(DAEMON.name(), () -> DAEMON);
        tables.put(METRICS.name(), () -> METRICS);
        return tables;
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

    private static String group(String name) {
        if (!name.isEmpty() && !ControlRights.isGroup(name)) {
            throw new IllegalArgumentException("there is no group " + Quoted.of(name) + " on this machine");
        }
        return name;
    }
}
