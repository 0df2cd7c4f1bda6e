package io.ringtap.daemon.doctor;

import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.function.Consumer;

/** Looks at what the processors have dropped of received frames so far: /proc/net/softnet_stat, a line of hexadecimals for each. */
final class SoftnetCheck implements Check {
    private static final int HEX = 16;

    /** What Linux sets by itself. */
    private static final long USUAL_BACKLOG = 1_000;

    /** Of a thousand turns so many that had to end early are worth telling. */
    private static final long NOTABLE_SQUEEZED = 1_000;

    @Override
    public void look(Subject subject, Machine machine, Consumer<Finding> found) {
        long processed = 0;
        long dropped = 0;
        long squeezed = 0;
        for (String line : machine.lines("/proc/thread-self/net/softnet_stat")) {
            String[] columns = line.split(" +", -1);
            processed += Long.parseLong(columns[0], HEX);
            dropped += Long.parseLong(columns[1], HEX);
            squeezed += Long.parseLong(columns[2], HEX);
        }
        if (subject.captures().isEmpty()) {
            return;
        }
        String file = "/proc/sys/net/core/netdev_max_backlog";
        if (dropped > 0 || machine.number(file).orElse(USUAL_BACKLOG) < USUAL_BACKLOG) {
            String most = machine.text(file).orElse("not readable here");
            found.accept(new Finding(
                    Severity.RISK,
                    "backlog",
                    Finding.MACHINE,
                    dropped > 0
                            ? "backlogs of processors were full for " + Amount.count(dropped)
                                    + " frames since the start"
                            : "backlogs of processors hold " + most + " frames, fewer than Linux gives them",
                    "frames of any interface that goes through a backlog are lost there before the capture",
                    "/proc/net/softnet_stat, second column; net.core.netdev_max_backlog: " + most,
                    "sysctl -w net.core.netdev_max_backlog=10000"));
        }
        if (squeezed > processed / NOTABLE_SQUEEZED) {
            found.accept(new Finding(
                    Severity.RISK,
                    "budget",
                    Finding.MACHINE,
                    "the kernel ran out of its turn " + Amount.count(squeezed) + " times with frames still waiting",
                    "they wait in the card's receive ring, which may fill up",
                    "/proc/net/softnet_stat, third column, of " + Amount.count(processed) + " frames",
                    "sysctl -w net.core.netdev_budget=600 net.core.netdev_budget_usecs=8000"));
        }
    }
}
