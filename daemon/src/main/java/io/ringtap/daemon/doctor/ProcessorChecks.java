package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.Priority;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks at the processors' time that there is for the threads of a configuration. */
final class ProcessorChecks {
    private static final int FIELDS = 8; // user nice system idle iowait irq softirq steal
    private static final double NOTABLE_STEAL = 0.01;

    private ProcessorChecks() {}

    /** Whether a control group rations their time. */
    static void quota(Subject subject, Machine machine, Consumer<Finding> found) {
        int captures =
                subject.captures().stream().mapToInt(CaptureConfig::threads).sum();
        int workers = subject.workers().stream()
                .filter(worker -> worker.delivery() != WorkerConfig.Delivery.IN_PLACE)
                .mapToInt(WorkerConfig::threads)
                .sum();
        Optional<Cgroup.Limit> quota =
                subject.unit().flatMap(Unit::processorLimit).or(() -> Cgroup.processors(machine));
        if (captures > 0 && quota.isPresent() && quota.get().value() < captures + workers) {
            double given = quota.get().value();
            found.accept(new Finding(
                    given < captures ? Severity.LOSS : Severity.RISK,
                    "cpu-quota",
                    Finding.MACHINE,
                    String.format(
                            Locale.ROOT,
                            "the time of %.2f processors is given, and %d capture and %d worker threads may want more",
                            given,
                            captures,
                            workers),
                    "when a period's time is used up all threads stand still until the next, up to 0.1 s; the kernel ring"
                            + " must hold what comes",
                    quota.get().file() + "; periods used up so far: " + Amount.count(Cgroup.throttled(machine)),
                    "take the quota away (CPUQuota= of the unit), or reserve processors instead (AllowedCPUs=)"));
        }
    }

    /** Whether the process may use all processors, and those that its configuration names. */
    static void affinity(Subject subject, Machine machine, Consumer<Finding> found) {
        BitSet online =
                Processors.ofList(machine.text("/sys/devices/system/cpu/online").orElse(""));
        String allowedList =
                machine.field("/proc/self/status", "Cpus_allowed_list").orElse("");
        BitSet allowed = Processors.ofList(allowedList);
        allowed.and(online);
        if (!allowed.isEmpty()
                && allowed.cardinality() < online.cardinality()
                && !subject.captures().isEmpty()) {
            found.accept(new Finding(
                    allowed.cardinality() == 1 ? Severity.RISK : Severity.NOTE,
                    "affinity",
                    Finding.MACHINE,
                    "this process may use " + allowed.cardinality() + " of " + online.cardinality() + " processors",
                    "capture, workers and all else of ringtap share them",
                    "/proc/self/status: Cpus_allowed_list: " + allowedList,
                    "start it without taskset, or with more in AllowedCPUs= of the unit or in the cpuset"));
        }
        for (CaptureConfig capture : subject.captures()) {
            machine.answers()
                    .cpuProblem(capture.cpus())
                    .ifPresent(
                            why -> found.accept(unusable("capture " + capture.name(), "cpu = " + capture.cpus(), why)));
            if (capture.priority() == Priority.REALTIME) {
                machine.answers()
                        .realtimeProblem()
                        .ifPresent(why ->
                                found.accept(unusable("capture " + capture.name(), "priority = \"realtime\"", why)));
            }
        }
        subject.workers()
                .forEach(worker -> machine.answers()
                        .cpuProblem(worker.cpus())
                        .ifPresent(why ->
                                found.accept(unusable("worker " + worker.name(), "cpu = " + worker.cpus(), why))));
    }

    private static Finding unusable(String subject, String key, String why) {
        return new Finding(
                Severity.LOSS,
                "cpu",
                subject,
                key + " cannot be had here",
                "ringtap does not start",
                why,
                "change it, or allow it");
    }

    /** Whether the host gave its processors to others while this machine wanted them; since it was started. */
    static void steal(Subject subject, Machine machine, Consumer<Finding> found) {
        String[] fields = machine.lines("/proc/stat").stream()
                .filter(line -> line.startsWith("cpu "))
                .findFirst()
                .orElse("")
                .split(" +", -1);
        if (fields.length <= FIELDS) {
            return;
        }
        double all = IntStream.rangeClosed(1, FIELDS)
                .mapToLong(i -> Long.parseLong(fields[i]))
                .sum();
        double share = Long.parseLong(fields[FIELDS]) / Math.max(1, all);
        if (share > NOTABLE_STEAL && !subject.captures().isEmpty()) {
            found.accept(new Finding(
                    Severity.RISK,
                    "steal",
                    Finding.MACHINE,
                    "the host took " + Amount.percent(share) + " of the processors' time for others",
                    "for as long all stands still, and the kernel ring must hold what comes",
                    "/proc/stat: steal " + fields[FIELDS] + " ticks since the start",
                    "have whoever runs the host reserve processors for this machine; meanwhile a larger buffer"));
        }
    }

    /** Whether processors are slowed down when there is little to do. */
    static void governor(Subject subject, Machine machine, Consumer<Finding> found) {
        TreeSet<String> governors = new TreeSet<>();
        for (String cpu : machine.names("/sys/devices/system/cpu")) {
            if (cpu.matches("cpu\\d+")) {
                machine.text("/sys/devices/system/cpu/" + cpu + "/cpufreq/scaling_governor")
                        .ifPresent(governors::add);
            }
        }
        governors.remove("performance");
        if (!governors.isEmpty() && !subject.captures().isEmpty()) {
            boolean soon = subject.captures().stream().anyMatch(capture -> capture.mode() == Mode.LOW_LATENCY);
            found.accept(new Finding(
                    soon ? Severity.RISK : Severity.NOTE,
                    "governor",
                    Finding.MACHINE,
                    "processors run slower while there is little to do",
                    "a burst meets a slow processor for the first milliseconds",
                    "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor: "
                            + governors.stream().collect(Collectors.joining(", ")),
                    "cpupower frequency-set -g performance"));
        }
    }
}
