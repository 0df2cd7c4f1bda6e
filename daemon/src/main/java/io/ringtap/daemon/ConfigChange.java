package io.ringtap.daemon;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.control.ReloadReport;
import io.ringtap.daemon.control.ReloadReport.Change;
import io.ringtap.daemon.control.ReloadReport.Part;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The differences between two configurations: which captures and streams go on, which begin anew, which come, which go. A
 * capture goes on if its own settings are the same, and those of all workers on it; the order of tables does not matter.
 * Immutable.
 *
 * @param before what runs
 * @param after what is to run
 */
record ConfigChange(DaemonConfig before, DaemonConfig after) {
    /** What becomes of each capture, by name: of those there will be, in their order, then of those that go. */
    Map<String, Change> captures() {
        return changes(before.captures(), after.captures(), CaptureConfig::name, this::change);
    }

    /** Returns what becomes of each stream, by name: likewise. */
    Map<String, Change> streams() {
        return changes(before.injects(), after.injects(), InjectConfig::name, this::change);
    }

    private static <C> Map<String, Change> changes(
            List<C> before, List<C> after, Function<C, String> name, Comparison<C> comparison) {
        Map<String, C> rest = byName(before, name);
        Map<String, Change> changes = new LinkedHashMap<>();
        for (C each : after) {
            C former = rest.remove(name.apply(each));
            changes.put(name.apply(each), former == null ? Change.STARTED : comparison.change(former, each));
        }
        rest.keySet().forEach(gone -> changes.put(gone, Change.ENDED));
        return changes;
    }

    private interface Comparison<C> {
        Change change(C before, C after);
    }

    private static <C> Map<String, C> byName(List<C> all, Function<C, String> name) {
        Map<String, C> named = new LinkedHashMap<>();
        all.forEach(each -> named.put(name.apply(each), each));
        return named;
    }

    private Change change(CaptureConfig former, CaptureConfig capture) {
        if (!workersOn(before, capture.name()).equals(workersOn(after, capture.name()))) {
            return Change.RESTARTED;
        }
        if (former.equals(capture)) {
            return Change.UNCHANGED;
        }
        boolean live = capture.origin() instanceof CaptureOrigin.Live;
        return live && former.withFilter(capture.filter()).equals(capture) ? Change.FILTERED : Change.RESTARTED;
    }

    /** By name; which other captures they work on makes no difference here. */
    private static Map<String, WorkerConfig> workersOn(DaemonConfig config, String capture) {
        Map<String, WorkerConfig> workers = new HashMap<>();
        config.workers().stream()
                .filter(worker -> worker.worksOn(capture))
                .forEach(worker -> workers.put(worker.name(), worker.on(List.of(capture))));
        return workers;
    }

    /** A stream that follows a capture is guarded against its own frames by where, and how, that capture takes frames. */
    private Change change(InjectConfig former, InjectConfig stream) {
        return former.equals(stream) && Objects.equals(guarded(before, stream), guarded(after, stream))
                ? Change.UNCHANGED
                : Change.RESTARTED;
    }

    private static Object guarded(DaemonConfig config, InjectConfig stream) {
        return config.captures().stream()
                .filter(capture -> stream.schedule() instanceof Schedule.EveryFrames every
                        && every.captureName().equals(capture.name()))
                .map(capture -> List.of(capture.origin(), capture.direction(), capture.ownFrames()))
                .findFirst()
                .orElse(List.of());
    }

    /** The names of captures or streams that a change befalls. */
    static List<String> named(Map<String, Change> changes, Change... wanted) {
        List<Change> any = List.of(wanted);
        return changes.entrySet().stream()
                .filter(entry -> any.contains(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }

    boolean isMetricsChanged() {
        return !before.metricsListen().equals(after.metricsListen());
    }

    /** Returns why this change takes a restart, a line each; empty if it does not. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!before.controlSocket().equals(after.controlSocket())) {
            problems.add("control.socket: the socket is " + before.controlSocket()
                    + " as long as the daemon runs: restart it to have it at " + after.controlSocket());
        }
        return problems;
    }

    /** The same, for those who asked for it. */
    ReloadReport report() {
        List<String> keys = new ArrayList<>();
        if (!before.limits().equals(after.limits())) {
            keys.add("interface.max-rate");
        }
        if (isMetricsChanged()) {
            keys.add("metrics.listen");
        }
        if (!before.metricsToken().equals(after.metricsToken())) {
            keys.add("metrics.token-file");
        }
        if (!before.exports().equals(after.exports())) {
            keys.add("export");
        }
        if (!before.adminGroup().equals(after.adminGroup())) {
            keys.add("control.admin-group");
        }
        if (!before.stopTimeout().equals(after.stopTimeout())) {
            keys.add("daemon.stop-timeout");
        }
        return new ReloadReport(parts(captures()), parts(streams()), keys);
    }

    private static List<Part> parts(Map<String, Change> changes) {
        return changes.entrySet().stream()
                .map(entry -> new Part(entry.getKey(), entry.getValue()))
                .toList();
    }
}
