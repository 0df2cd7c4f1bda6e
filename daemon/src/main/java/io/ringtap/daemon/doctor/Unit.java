package io.ringtap.daemon.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A systemd unit's section Service, with its drop-ins, as systemd.unit(5) has them: later lines add to earlier ones, an empty value
 * takes all of them back.
 *
 * @param name such as {@code ringtap.service}
 * @param values of each key, in order
 */
record Unit(String name, Map<String, List<String>> values) {
    private static final List<String> FOLDERS = List.of(
            "/etc/systemd/system",
            "/run/systemd/system",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system");

    private static final String SUFFIX = ".service";

    /** Returns a unit of that name; absent if it is not installed. */
    static Optional<Unit> read(Machine machine, String name) {
        int at = name.indexOf('@');
        String file = at < 0 ? name : name.substring(0, at + 1) + SUFFIX;
        Optional<String> folder =
                FOLDERS.stream().filter(f -> machine.has(f + "/" + file)).findFirst();
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Unit unit = new Unit(name, new TreeMap<>());
        unit.add(machine.lines(folder.get() + "/" + file));
        Map<String, String> dropIns = new TreeMap<>();
        for (String drop : FOLDERS.reversed()) {
            for (String of : List.of(file, name)) {
                String in = drop + "/" + of + ".d";
                machine.names(in).stream()
                        .filter(conf -> conf.endsWith(".conf"))
                        .forEach(conf -> dropIns.put(conf, in + "/" + conf));
            }
        }
        dropIns.values().forEach(path -> unit.add(machine.lines(path)));
        return Optional.of(unit);
    }

    /** Returns the one that this process runs in, or the service whose command names a configuration. */
    static Optional<Unit> of(Machine machine, Optional<String> configuration) {
        Optional<String> own = machine.lines("/proc/self/cgroup").stream()
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .filter(group -> group.matches("ringtap(@.*)?\\.service"))
                .findFirst();
        if (own.isPresent()) {
            return read(machine, own.get());
        }
        return configuration.flatMap(file -> read(machine, "ringtap.service")
                .filter(unit -> unit.words("ExecStart").contains(file)));
    }

    private void add(List<String> lines) {
        String section = "";
        for (String line : lines) {
            String text = line.strip();
            if (text.startsWith("[")) {
                section = text;
            } else if (section.equals("[Service]") && !text.startsWith("#") && text.indexOf('=') > 0) {
                List<String> all =
                        values.computeIfAbsent(text.substring(0, text.indexOf('=')), key -> new ArrayList<>());
                String value = text.substring(text.indexOf('=') + 1).strip();
                if (value.isEmpty()) {
                    all.clear();
                } else {
                    all.add(value);
                }
            }
        }
    }

    /** Returns the values of a key. */
    List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** Returns the value of a key that has one: the last that is given. */
    String last(String key) {
        List<String> all = all(key);
        return all.isEmpty() ? "" : all.getLast();
    }

    /** Returns all words of a key's values. */
    List<String> words(String key) {
        return all(key).stream()
                .flatMap(value -> Arrays.stream(value.split("\\s+", -1)))
                .toList();
    }

    boolean isOn(String key) {
        return List.of("yes", "true", "on", "1").contains(last(key).toLowerCase(Locale.ROOT));
    }

    /** Returns whether a call of the system is let through; {@code groups} are those of systemd-analyze(1) that it is in. */
    boolean allows(String call, List<String> groups) {
        List<String> filters = all("SystemCallFilter");
        boolean allowed = filters.isEmpty() || filters.getFirst().startsWith("~");
        for (String filter : filters) {
            boolean takes = filter.startsWith("~");
            for (String word : filter.substring(takes ? 1 : 0).split("\\s+", -1)) {
                if (word.equals(call) || groups.contains(word)) {
                    allowed = !takes;
                }
            }
        }
        return allowed;
    }

    Optional<Cgroup.Limit> memoryLimit() {
        String most = last("MemoryMax");
        if (!most.matches("\\d{1,12}[KMGT]?")) {
            return Optional.empty();
        }
        int power = "KMGT".indexOf(most.charAt(most.length() - 1)) + 1;
        long number = Long.parseLong(power == 0 ? most : most.substring(0, most.length() - 1));
        return Optional.of(new Cgroup.Limit(number * Math.pow(1_024, power), name + ": MemoryMax=" + most));
    }

    Optional<Cgroup.Limit> processorLimit() {
        String quota = last("CPUQuota");
        return quota.matches("\\d{1,6}%")
                ? Optional.of(new Cgroup.Limit(
                        Integer.parseInt(quota.substring(0, quota.length() - 1)) / 100.0, name + ": CPUQuota=" + quota))
                : Optional.empty();
    }
}
