package io.ringtap.daemon.doctor;

import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks at a machine for what will lose frames of a configuration, may, or surprises. */
public final class Doctor {
    /** All that a start is told. */
    private static final int MOST_AT_START = 2;

    /** Those that take microseconds each, and tell what nothing else does at a start. */
    private static final List<Check> QUICK = List.of(
            LinkChecks::receiveRing,
            LinkChecks::offloads,
            LinkChecks::vlans,
            LinkChecks::queues,
            new InterruptCheck(),
            new SoftnetCheck(),
            RingChecks::memory,
            new MemoryCheck(),
            ProcessorChecks::quota,
            ProcessorChecks::steal,
            ProcessorChecks::governor,
            ClockChecks::source,
            VersionChecks::kernel,
            VersionChecks::libpcap,
            VersionChecks::java);

    /** Those that take longer, or tell what a start tells by itself. */
    private static final List<Check> FURTHER = List.of(
            LinkChecks::present,
            LinkChecks::driverCounters,
            RingChecks::size,
            RingChecks::snaplen,
            ProcessorChecks::affinity,
            ClockChecks::synchronised,
            VersionChecks::aotCache,
            new RightsCheck(),
            new UnitCheck(),
            new OtherCapturesCheck(),
            new DiskCheck());

    private final Machine machine;

    /** One for this machine, and the network namespace of the calling thread. */
    public Doctor() {
        this(Machine.here());
    }

    Doctor(Machine machine) {
        this.machine = machine;
    }

    /**
     * Returns all that is found, the worst first; takes a second for each folder that is recorded to.
     *
     * @param file of the configuration: if the service runs it, its sandbox is looked at too
     */
    public List<Finding> examine(DaemonConfig config, Optional<Path> file) {
        Optional<Unit> unit = Unit.of(
                machine, file.map(path -> path.toAbsolutePath().normalize().toString()));
        List<Finding> found = new ArrayList<>();
        Subject subject = new Subject(config, unit);
        FURTHER.forEach(check -> check.look(subject, machine, found::add));
        QUICK.forEach(check -> check.look(subject, machine, found::add));
        return worstFirst(found);
    }

    /** Returns the two worst that lose frames or may, of what a start does not tell by itself; takes milliseconds. */
    public List<Finding> atStart(DaemonConfig config) {
        Subject subject = new Subject(config, Optional.empty());
        if (subject.captures().isEmpty()) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        QUICK.forEach(check -> check.look(subject, machine, found::add));
        return worstFirst(found).stream()
                .filter(finding -> finding.severity() != Severity.NOTE)
                .limit(MOST_AT_START)
                .toList();
    }

    private static List<Finding> worstFirst(List<Finding> found) {
        return found.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .distinct()
                .toList();
    }
}
