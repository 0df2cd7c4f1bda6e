package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Priority;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.doctor.Finding.Severity;
import io.ringtap.inject.config.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Looks whether the unit's sandbox lets the configuration do what it says. */
final class UnitCheck implements Check {
    /** Which of systemd's groups the calls for processors and turns are in. */
    private static final List<String> OF_SCHEDULING = List.of("@resources", "@system-service");

    private static final List<Path> HOMES = List.of(Path.of("/home"), Path.of("/root"), Path.of("/run/user"));

    @Override
    public void look(Subject subject, Machine machine, Consumer<Finding> found) {
        subject.unit().ifPresent(unit -> {
            metrics(subject, unit, found);
            folders(subject, unit, found);
            scheduling(subject, unit, found);
            rights(subject, unit, found);
        });
    }

    private static Finding finding(
            Severity severity, Unit unit, String what, String consequence, String evidence, String cure) {
        return new Finding(
                severity,
                "sandbox",
                unit.name(),
                what,
                consequence,
                evidence,
                "systemctl edit " + unit.name().replace(".service", "") + ": [Service] " + cure);
    }

    private static void metrics(Subject subject, Unit unit, Consumer<Finding> found) {
        if (subject.config().metricsListen().isEmpty()) {
            return;
        }
        List<String> families = unit.words("RestrictAddressFamilies");
        boolean opens = families.isEmpty() || families.containsAll(List.of("AF_INET", "AF_INET6"));
        boolean answers = !unit.words("IPAddressDeny").contains("any")
                || !unit.words("IPAddressAllow").isEmpty();
        if (!opens || !answers) {
            found.accept(finding(
                    opens ? Severity.NOTE : Severity.LOSS,
                    unit,
                    "metrics.listen is set, and the sandbox knows no IP",
                    opens ? "nobody's requests are answered" : "the service does not start",
                    "RestrictAddressFamilies=" + String.join(" ", families) + "; IPAddressDeny="
                            + String.join(" ", unit.words("IPAddressDeny")),
                    "RestrictAddressFamilies=AF_INET AF_INET6, IPAddressAllow=localhost"));
        }
    }

    private static void folders(Subject subject, Unit unit, Consumer<Finding> found) {
        for (Path folder : Recorders.folders(subject)) {
            Path path = folder.toAbsolutePath().normalize();
            boolean closed = unit.last("ProtectSystem").equals("strict")
                    && Stream.of(
                                    unit.words("StateDirectory").stream().map(name -> "/var/lib/" + name),
                                    unit.words("RuntimeDirectory").stream().map(name -> "/run/" + name),
                                    unit.words("ReadWritePaths").stream().map(name -> name.replaceFirst("^[-+]+", "")))
                            .flatMap(paths -> paths)
                            .noneMatch(path::startsWith);
            boolean hidden = !List.of("", "no", "false").contains(unit.last("ProtectHome"))
                    && HOMES.stream().anyMatch(path::startsWith);
            if (closed || hidden) {
                found.accept(finding(
                        Severity.LOSS,
                        unit,
                        "recordings go to " + path + ", where the sandbox lets nothing be written",
                        "nothing is recorded",
                        hidden ? "ProtectHome=" + unit.last("ProtectHome") : "ProtectSystem=strict",
                        hidden ? "ProtectHome=no and ReadWritePaths=" + path : "ReadWritePaths=" + path));
            }
        }
    }

    private static void scheduling(Subject subject, Unit unit, Consumer<Finding> found) {
        boolean binds = Stream.concat(
                        subject.captures().stream().map(CaptureConfig::cpus),
                        subject.workers().stream().map(WorkerConfig::cpus))
                .anyMatch(cpus -> !cpus.isEmpty());
        if (binds && !unit.allows("sched_setaffinity", OF_SCHEDULING)) {
            found.accept(finding(
                    Severity.LOSS,
                    unit,
                    "cpu is set, and the sandbox forbids to bind threads to processors",
                    "the service does not start",
                    "SystemCallFilter=" + String.join(" ", unit.all("SystemCallFilter")),
                    "SystemCallFilter=sched_setaffinity"));
        }
        boolean first = subject.captures().stream().anyMatch(capture -> capture.priority() == Priority.REALTIME);
        List<String> lacks = new ArrayList<>();
        if (unit.last("LimitRTPRIO").isEmpty()) {
            lacks.add("LimitRTPRIO=10");
        }
        if (unit.isOn("RestrictRealtime")) {
            lacks.add("RestrictRealtime=no");
        }
        if (!unit.allows("sched_setattr", OF_SCHEDULING)) {
            lacks.add("SystemCallFilter=sched_setattr");
        }
        if (first && !lacks.isEmpty()) {
            found.accept(finding(
                    Severity.LOSS,
                    unit,
                    "priority = \"realtime\" is set, and the sandbox forbids it",
                    "the service does not start",
                    "LimitRTPRIO=" + unit.last("LimitRTPRIO") + "; RestrictRealtime=" + unit.last("RestrictRealtime"),
                    String.join(", ", lacks)));
        }
    }

    private static void rights(Subject subject, Unit unit, Consumer<Finding> found) {
        List<String> given = unit.words("AmbientCapabilities");
        boolean isRoot = unit.last("User").isEmpty() || unit.last("User").equals("root");
        List<String> needed = new ArrayList<>(List.of("CAP_NET_RAW"));
        boolean xdp = subject.config().injects().stream().anyMatch(stream -> stream.engine() == Engine.XDP);
        if (xdp) {
            needed.addAll(RightsCheck.OF_XDP.keySet());
        }
        needed.removeAll(isRoot ? needed : given);
        boolean calls = !xdp
                || (unit.allows("bpf", List.of("@privileged")) && unit.allows("perf_event_open", List.of("@debug")));
        if (!needed.isEmpty() || !calls) {
            String all = String.join(" ", needed);
            found.accept(finding(
                    Severity.LOSS,
                    unit,
                    xdp
                            ? "a stream has engine = \"xdp\", and the sandbox forbids what that needs"
                            : "the service has not the one capability that it needs",
                    "the service does not start",
                    "AmbientCapabilities=" + String.join(" ", given),
                    "AmbientCapabilities=" + all + ", CapabilityBoundingSet=" + all
                            + (calls ? "" : ", SystemCallFilter=bpf perf_event_open")));
        }
    }
}
