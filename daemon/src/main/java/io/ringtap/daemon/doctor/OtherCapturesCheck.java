package io.ringtap.daemon.doctor;

import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks who else captures on an interface: the packet sockets of /proc/net/packet that take every protocol. */
final class OtherCapturesCheck implements Check {
    private static final int PROTOCOL = 3;
    private static final int INTERFACE = 4;
    private static final int INODE = 8;
    private static final String ALL_PROTOCOLS = "0003"; // ETH_P_ALL
    private static final String EVERY_INTERFACE = "0";

    @Override
    public void look(Subject subject, Machine machine, Consumer<Finding> found) {
        Set<String> own = sockets(machine, "self");
        for (String name : subject.capturedInterfaces()) {
            String index = Integer.toString(machine.answers().index(name));
            Set<String> others = machine.lines("/proc/thread-self/net/packet").stream()
                    .map(line -> line.strip().split(" +", -1))
                    .filter(columns -> columns.length > INODE && columns[PROTOCOL].equals(ALL_PROTOCOLS))
                    .filter(columns -> columns[INTERFACE].equals(index) || columns[INTERFACE].equals(EVERY_INTERFACE))
                    .map(columns -> columns[INODE])
                    .filter(inode -> !own.contains(inode))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!others.isEmpty()) {
                found.accept(new Finding(
                        Severity.NOTE,
                        "other-captures",
                        name,
                        others.size() + " other packet socket" + (others.size() == 1 ? " takes" : "s take")
                                + " the frames of this interface",
                        "the kernel filters and copies each frame for each of them, on the processor that received it",
                        "/proc/net/packet: " + programs(machine, others),
                        "end those that are not needed; one ringtap has room for several workers"));
            }
        }
    }

    private static String programs(Machine machine, Set<String> sockets) {
        Map<String, Integer> programs = new TreeMap<>();
        int known = 0;
        for (String process : machine.names("/proc")) {
            if (process.matches("\\d+")) {
                Set<String> held = sockets(machine, process);
                held.retainAll(sockets);
                if (!held.isEmpty()) {
                    programs.put(program(machine, process), held.size());
                    known += held.size();
                }
            }
        }
        if (known < sockets.size()) {
            programs.put("unknown", sockets.size() - known);
        }
        return programs.entrySet().stream()
                .map(program -> program.getKey() + ": " + program.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String program(Machine machine, String process) {
        String command = machine.text("/proc/" + process + "/cmdline").orElse("");
        String name = command.contains("io.ringtap.daemon.Main")
                ? "ringtap"
                : machine.text("/proc/" + process + "/comm").orElse("?");
        return name + " (process " + process + ")";
    }

    private static Set<String> sockets(Machine machine, String process) {
        String folder = "/proc/" + process + "/fd";
        return machine.names(folder).stream()
                .map(descriptor -> machine.link(folder + "/" + descriptor))
                .flatMap(Optional::stream)
                .filter(target -> target.startsWith("socket:["))
                .map(target -> target.substring("socket:[".length(), target.length() - 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
