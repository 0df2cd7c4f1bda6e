package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.inject.config.InjectConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A configuration that is to run on a machine.
 *
 * @param config what is configured
 * @param unit the systemd unit that is to run it, if one is
 */
record Subject(DaemonConfig config, Optional<Unit> unit) {
    /** The captures on interfaces. */
    List<CaptureConfig> captures() {
        return config.captures().stream()
                .filter(capture -> capture.origin() instanceof CaptureOrigin.Live)
                .toList();
    }

    /** The workers of captures on interfaces. */
    List<WorkerConfig> workers() {
        return config.workers().stream()
                .filter(worker -> captures().stream().anyMatch(capture -> worker.worksOn(capture.name())))
                .toList();
    }

    /** The interfaces that are captured on, each once. */
    List<String> capturedInterfaces() {
        return captures().stream()
                .map(capture -> capture.origin().label())
                .distinct()
                .toList();
    }

    /** All interfaces, those that are sent on among them, each once. */
    List<String> interfaces() {
        return Stream.concat(
                        capturedInterfaces().stream(), config.injects().stream().map(InjectConfig::interfaceName))
                .distinct()
                .toList();
    }

    /** Returns the captures on an interface. */
    List<CaptureConfig> capturesOn(String interfaceName) {
        return captures().stream()
                .filter(capture -> capture.origin().label().equals(interfaceName))
                .toList();
    }
}
