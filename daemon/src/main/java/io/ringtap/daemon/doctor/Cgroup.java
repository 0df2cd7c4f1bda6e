package io.ringtap.daemon.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The limits of this process's control groups, cgroups(7), version 2 or 1: the strictest of a group and all above it. */
final class Cgroup {
    private static final String ROOT = "/sys/fs/cgroup";

    private Cgroup() {}

    /** A limit, and the file that sets it. */
    record Limit(double value, String file) {}

    /** Returns the most memory, in bytes. */
    static Optional<Limit> memory(Machine machine) {
        List<Limit> limits = new ArrayList<>();
        for (String folder : folders(machine, "memory")) {
            for (String name : List.of("memory.max", "memory.high", "memory.limit_in_bytes")) {
                String file = folder + "/" + name;
                machine.number(file).ifPresent(bytes -> limits.add(new Limit(bytes, file)));
            }
        }
        return strictest(limits);
    }

    /** Returns how many processors' time there is. */
    static Optional<Limit> processors(Machine machine) {
        List<Limit> limits = new ArrayList<>();
        for (String folder : folders(machine, "cpu")) {
            String file = folder + "/cpu.max";
            machine.text(file)
                    .filter(text -> text.matches("\\d+ \\d+"))
                    .map(text -> text.split(" ", -1))
                    .ifPresent(parts ->
                            limits.add(new Limit(Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]), file)));
            String old = folder + "/cpu.cfs_quota_us";
            OptionalLong quota = machine.number(old);
            OptionalLong period = machine.number(folder + "/cpu.cfs_period_us");
            if (quota.isPresent() && period.isPresent()) {
                limits.add(new Limit((double) quota.getAsLong() / period.getAsLong(), old));
            }
        }
        return strictest(limits);
    }

    /** Returns in how many of its periods a group has used up its time. */
    static long throttled(Machine machine) {
        return folders(machine, "cpu").stream()
                .flatMap(folder -> machine.lines(folder + "/cpu.stat").stream())
                .filter(line -> line.matches("nr_throttled \\d{1,18}"))
                .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
                .max()
                .orElse(0);
    }

    private static Optional<Limit> strictest(List<Limit> limits) {
        return limits.stream().min(Comparator.comparingDouble(Limit::value));
    }

    /** The group's folder and those above, of the hierarchy that has a controller; lines are {@code NUMBER:CONTROLLERS:PATH}. */
    private static List<String> folders(Machine machine, String controller) {
        List<String> folders = new ArrayList<>();
        for (String line : machine.lines("/proc/self/cgroup")) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                add(folders, ROOT, parts[2]);
            } else if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
                add(folders, ROOT + "/" + parts[1], parts[2]);
            }
        }
        return folders;
    }

    private static void add(List<String> folders, String mount, String path) {
        String group = path;
        while (group.length() > 1) {
            folders.add(mount + group);
            group = group.substring(0, group.lastIndexOf('/'));
        }
        folders.add(mount);
    }
}
