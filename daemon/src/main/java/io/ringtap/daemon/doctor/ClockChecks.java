package io.ringtap.daemon.doctor;

import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.Set;
import java.util.function.Consumer;

/** Looks at the clock that stamps frames. */
final class ClockChecks {
    private static final String FOLDER = "/sys/devices/system/clocksource/clocksource0/";

    /** Those that are read from a device, which takes a microsecond or more; the others are read from the processor. */
    private static final Set<String> SLOW = Set.of("hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit");

    private ClockChecks() {}

    /** Whether it is quick to read. */
    static void source(Subject subject, Machine machine, Consumer<Finding> found) {
        String source = machine.text(FOLDER + "current_clocksource").orElse("");
        if (SLOW.contains(source)) {
            found.accept(new Finding(
                    Severity.RISK,
                    "clock-source",
                    Finding.MACHINE,
                    "the kernel reads its clock from " + source,
                    "each frame's time stamp takes a microsecond and more: a processor is busy with that alone at high rates",
                    FOLDER + "current_clocksource; there are: "
                            + machine.text(FOLDER + "available_clocksource").orElse("unknown"),
                    "echo tsc > " + FOLDER
                            + "current_clocksource, or clocksource=tsc for the kernel, where it is reliable"));
        }
    }

    /** Whether it is kept in step with another one. */
    static void synchronised(Subject subject, Machine machine, Consumer<Finding> found) {
        if (!machine.answers().clockIsSynchronised().orElse(true)) {
            found.accept(new Finding(
                    Severity.NOTE,
                    "time",
                    Finding.MACHINE,
                    "the clock is not kept in step with another one",
                    "time stamps drift from those of other machines, and may jump when somebody sets the clock",
                    "adjtimex(2): not synchronised; see timedatectl",
                    "apt install systemd-timesyncd, or chrony"));
        }
    }
}
