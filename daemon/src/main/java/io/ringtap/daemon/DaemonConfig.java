package io.ringtap.daemon;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.config.value.AccessToken;
import io.ringtap.daemon.export.ExportConfig;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InterfaceLimit;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a daemon is told. Immutable; what its reader promises beyond the parts' own validity: names are unique
 * among captures, among workers and among streams, and every capture that a worker or a stream names is there.
 *
 * @param captures what to capture; empty for a daemon that only injects
 * @param workers what handles the frames; empty only if there are no captures
 * @param injects what to send
 * @param limits what interfaces send, at most; none for an interface that is not among them
 * @param exports where ended flows go
 * @param controlSocket where the daemon listens for {@code stats} and other calls, a Unix socket
 * @param adminGroup whose members may change what runs, besides root and the daemon's own user
 * @param metricsListen where metrics and the page are served over HTTP; absent for nowhere
 * @param metricsToken what whoever asks for them must know; absent for nothing
 * @param stopTimeout what a stop may take, for all captures and streams together
 */
public record DaemonConfig(
        List<CaptureConfig> captures,
        List<WorkerConfig> workers,
        List<InjectConfig> injects,
        List<InterfaceLimit> limits,
        List<ExportConfig> exports,
        Path controlSocket,
        Optional<String> adminGroup,
        Optional<InetSocketAddress> metricsListen,
        Optional<AccessToken> metricsToken,
        Duration stopTimeout) {
    /** Where the daemon listens for {@code stats} if nothing else is configured. */
    public static final Path DEFAULT_CONTROL_SOCKET = Path.of("/run/ringtap/ringtap.sock");

    /** What a stop may take if nothing else is configured. */
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(5);

    /** One without limits, exports, an administrators' group and a token, and with a stop's usual time. */
    public DaemonConfig(
            List<CaptureConfig> captures,
            List<WorkerConfig> workers,
            List<InjectConfig> injects,
            Path controlSocket,
            Optional<InetSocketAddress> metricsListen) {
        this(
                captures,
                workers,
                injects,
                List.of(),
                List.of(),
                controlSocket,
                Optional.empty(),
                metricsListen,
                Optional.empty(),
                DEFAULT_STOP_TIMEOUT);
    }

    /** Takes copies of the lists. */
    public DaemonConfig {
        captures = List.copyOf(captures);
        workers = List.copyOf(workers);
        injects = List.copyOf(injects);
        limits = List.copyOf(limits);
        exports = List.copyOf(exports);
    }
}
