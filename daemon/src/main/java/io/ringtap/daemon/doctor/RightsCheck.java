package io.ringtap.daemon.doctor;

import io.ringtap.daemon.doctor.Finding.Severity;
import io.ringtap.inject.config.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Looks at the capabilities of this process, where no unit is to give others. */
final class RightsCheck implements Check {
    private static final int HEX = 16;
    private static final int NET_RAW = 13;

    /** What xdp needs beside it; capabilities(7) in linux/capability.h's numbers. */
    static final Map<String, Integer> OF_XDP =
            new TreeMap<>(Map.of("CAP_NET_ADMIN", 12, "CAP_PERFMON", 38, "CAP_BPF", 39));

    @Override
    public void look(Subject subject, Machine machine, Consumer<Finding> found) {
        String status = machine.field("/proc/self/status", "CapEff").orElse("");
        if (!status.matches("[0-9a-f]{16}") || subject.unit().isPresent()) {
            return;
        }
        long has = Long.parseUnsignedLong(status, HEX);
        List<String> lacks = new ArrayList<>();
        if (!subject.interfaces().isEmpty() && !has(has, NET_RAW)) {
            lacks.add("CAP_NET_RAW");
        }
        if (subject.config().injects().stream().anyMatch(stream -> stream.engine() == Engine.XDP)) {
            OF_XDP.forEach((name, number) -> {
                if (!has(has, number)) {
                    lacks.add(name);
                }
            });
        }
        if (!lacks.isEmpty()) {
            found.accept(new Finding(
                    Severity.LOSS,
                    "rights",
                    Finding.MACHINE,
                    "this process lacks " + String.join(", ", lacks),
                    "ringtap does not start: nothing is captured or sent",
                    "/proc/self/status: CapEff " + status,
                    "sudo ringtap, or the service, which has CAP_NET_RAW"));
        }
    }

    private static boolean has(long capabilities, int number) {
        return (capabilities >> number & 1) != 0;
    }
}
