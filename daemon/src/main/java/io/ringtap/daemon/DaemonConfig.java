package io.ringtap.daemon;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.inject.InjectConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything a daemon is told. Immutable; what its reader promises beyond the parts' own validity: names are unique
 * among captures, among workers and among streams, and every capture that a worker or a stream names is there.
 *
 * @param captures what to capture; empty for a daemon that only injects
 * @param workers what handles the frames; empty only if there are no captures
 * @param injects what to send
 * @param controlSocket where the daemon listens for {@code stats} and other calls, a Unix socket
 * @param adminGroup whose members may change what runs, besides root and the daemon's own user
 * @param metricsListen where metrics are served over HTTP; absent for nowhere
 */
public record DaemonConfig(
        List<CaptureConfig> captures,
        List<WorkerConfig> workers,
        List<InjectConfig> injects,
        Path controlSocket,
        Optional<String> adminGroup,
        Optional<InetSocketAddress> metricsListen) {
    /** Where the daemon listens for {@code stats} if nothing else is configured. */
    public static final Path DEFAULT_CONTROL_SOCKET = Path.of("/run/ringtap/ringtap.sock");

    /** One without an administrators' group. */
    public DaemonConfig(
            List<CaptureConfig> captures,
            List<WorkerConfig> workers,
            List<InjectConfig> injects,
            Path controlSocket,
            Optional<InetSocketAddress> metricsListen) {
        this(captures, workers, injects, controlSocket, Optional.empty(), metricsListen);
    }

    /** Takes copies of the lists. */
    public DaemonConfig {
        captures = List.copyOf(captures);
        workers = List.copyOf(workers);
        injects = List.copyOf(injects);
    }
}
