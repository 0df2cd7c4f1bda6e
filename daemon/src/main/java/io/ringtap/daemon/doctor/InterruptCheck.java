package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks whether the kernel's work for a card is kept off the processors that are given to threads ({@code cpu}). */
final class InterruptCheck implements Check {
    /** A processor's part of the kernel's work for a card. */
    private record Share(String what, BitSet processors, String file, boolean mask) {}

    @Override
    public void look(Subject subject, Machine machine, Consumer<Finding> found) {
        BitSet online =
                Processors.ofList(machine.text("/sys/devices/system/cpu/online").orElse(""));
        BitSet given = new BitSet();
        Stream.concat(
                        subject.captures().stream().map(CaptureConfig::cpus),
                        subject.workers().stream().map(WorkerConfig::cpus))
                .flatMap(List::stream)
                .forEach(given::set);
        BitSet others = (BitSet) online.clone();
        others.andNot(given);
        for (String name : subject.capturedInterfaces()) {
            List<Share> wrong = shares(machine, name).stream()
                    .filter(share -> share.processors().intersects(given))
                    .toList();
            if (!wrong.isEmpty()) {
                found.accept(finding(name, wrong, given, others));
            }
        }
    }

    private static Finding finding(String name, List<Share> wrong, BitSet given, BitSet others) {
        BitSet shared = new BitSet();
        wrong.forEach(share -> shared.or(share.processors()));
        shared.and(given);
        return new Finding(
                Severity.RISK,
                "interrupts",
                name,
                "processor " + Processors.list(shared)
                        + ", which cpu gives to a thread, does the kernel's work for the card",
                "the thread waits while frames come in: what comes meanwhile must find room in the kernel ring",
                wrong.stream()
                        .map(share ->
                                share.what() + " on " + Processors.list(share.processors()) + " (" + share.file() + ")")
                        .collect(Collectors.joining("; ")),
                others.isEmpty()
                        ? "leave a processor out of cpu"
                        : wrong.stream()
                                .map(share -> "echo " + (share.mask() ? mask(others) : Processors.list(others)) + " > "
                                        + share.file())
                                .collect(Collectors.joining("; ")));
    }

    private static String mask(BitSet processors) {
        StringBuilder words = new StringBuilder();
        for (int word = Math.max(0, (processors.length() - 1) / Integer.SIZE); word >= 0; word--) {
            int bits = 0;
            for (int bit = 0; bit < Integer.SIZE; bit++) {
                bits |= processors.get(word * Integer.SIZE + bit) ? 1 << bit : 0;
            }
            words.append(words.isEmpty() ? "" : ",").append(String.format("%08x", bits));
        }
        return words.toString();
    }

    private static List<Share> shares(Machine machine, String name) {
        List<Share> shares = new ArrayList<>();
        String folder = "/sys/class/net/" + name;
        for (String queue : machine.names(folder + "/queues")) {
            String file = folder + "/queues/" + queue + "/rps_cpus";
            BitSet steered = Processors.ofMask(machine.text(file).orElse("0"));
            if (queue.startsWith("rx-") && !steered.isEmpty()) {
                shares.add(new Share("RPS of " + queue, steered, file, true));
            }
        }
        for (String irq : interrupts(machine, folder)) {
            String file = "/proc/irq/" + irq + "/effective_affinity_list";
            BitSet handled = Processors.ofList(machine.text(file).orElse(""));
            if (!handled.isEmpty()) {
                shares.add(new Share("interrupt " + irq, handled, "/proc/irq/" + irq + "/smp_affinity_list", false));
            }
        }
        return shares;
    }

    /** Those of a card that has message-signalled ones, or its only one. A virtio card has them in the device above. */
    private static List<String> interrupts(Machine machine, String folder) {
        for (String device : List.of(folder + "/device", folder + "/device/..")) {
            List<String> irqs = machine.names(device + "/msi_irqs");
            if (!irqs.isEmpty()) {
                return irqs;
            }
            String only = machine.text(device + "/irq").orElse("0");
            if (!only.equals("0")) {
                return List.of(only);
            }
        }
        return List.of();
    }
}
