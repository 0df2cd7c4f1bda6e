package io.ringtap.capture;

import io.ringtap.capture.InvalidConfigException.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The CPUs that a role's threads run on, by the kernel's numbers. */
public final class CpuList {
    /** CONFIG_NR_CPUS of the largest Linux kernels. */
    public static final int MAX_CPUS = 8_192;

    private CpuList() {}

    /** Returns what is wrong with a list that holds for any machine, if anything. */
    static Optional<Problem> problem(List<Integer> cpus) {
        for (int cpu : cpus) {
            if (cpu < 0 || cpu >= MAX_CPUS) {
                return Optional.of(new Problem("cpu", "must hold CPUs from 0 to " + (MAX_CPUS - 1) + ", not " + cpu));
            }
        }
        return new HashSet<>(cpus).size() == cpus.size()
                ? Optional.empty()
                : Optional.of(new Problem("cpu", "names a CPU twice"));
    }

    /** The CPUs of one thread of a role: its own if there are as many as threads, else all of them. */
    public static List<Integer> ofThread(List<Integer> cpus, int thread, int threads) {
        return cpus.size() == threads ? List.of(cpus.get(thread)) : cpus;
    }
}
