package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.pcap.LinkSettings;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks at interfaces, and at what their cards and drivers are set to. */
final class LinkChecks {
    /** What {@code ringtap-tune} changes, and so {@code --fix}. */
    static final String RECEIVE_RING = "receive-ring";

    static final String OFFLOADS = "offloads";

    private LinkChecks() {}

    /** Whether it is there and up. */
    static void present(Subject subject, Machine machine, Consumer<Finding> found) {
        for (String name : subject.interfaces()) {
            boolean missing = machine.answers().index(name) == 0;
            if (missing || machine.answers().isDown(name)) {
                found.accept(new Finding(
                        Severity.LOSS,
                        "interface",
                        name,
                        missing ? "there is no interface of that name" : "the interface is down, or has no carrier",
                        "no frame comes from it, or goes to it",
                        "ip link show " + name,
                        missing ? "see ringtap devices for those there are" : "ip link set " + name + " up"));
            }
        }
    }

    /** Whether the card's receive ring is as large as it can be. */
    static void receiveRing(Subject subject, Machine machine, Consumer<Finding> found) {
        for (String name : subject.capturedInterfaces()) {
            Optional<LinkSettings.Limit> ring = machine.answers().link(name).flatMap(LinkSettings::receiveRing);
            if (ring.isPresent() && ring.get().now() < ring.get().most()) {
                int now = ring.get().now();
                int most = ring.get().most();
                found.accept(new Finding(
                        Severity.RISK,
                        RECEIVE_RING,
                        name,
                        "the card's receive ring has " + Amount.count(now) + " of " + Amount.count(most)
                                + " descriptors",
                        "a burst of more than " + Amount.count(now)
                                + " frames while the kernel is busy is lost in the card",
                        "ethtool -g " + name + ": RX " + now + ", maximum " + most,
                        "ethtool -G " + name + " rx " + most));
            }
        }
    }

    /** Whether frames come as they were on the wire. */
    static void offloads(Subject subject, Machine machine, Consumer<Finding> found) {
        for (CaptureConfig capture : subject.captures()) {
            String name = capture.origin().label();
            Map<String, LinkSettings.Feature> on = machine.answers()
                    .link(name)
                    .map(link -> offloads(link, capture.direction()))
                    .orElse(Map.of());
            if (!on.isEmpty()) {
                boolean cut = capture.mode() == Mode.LOW_LATENCY;
                String cure = on.entrySet().stream()
                        .filter(offload -> offload.getValue().changeable())
                        .map(offload -> " " + offload.getKey() + " off")
                        .collect(Collectors.joining());
                found.accept(new Finding(
                        cut ? Severity.RISK : Severity.NOTE,
                        OFFLOADS,
                        name,
                        "frames are joined before the capture: "
                                + String.join(", ", on.keySet()).toUpperCase(Locale.ROOT) + " is on",
                        cut
                                ? "frames of up to 64 KiB come, and are cut to the slots of a low-latency ring"
                                : "fewer and longer frames come than were on the wire",
                        "ethtool -k " + name,
                        cure.isEmpty() ? "none: the driver does not let it be changed" : "ethtool -K " + name + cure));
            }
        }
    }

    /** Those that act in a direction and are on, by the names that {@code ethtool -K} takes. */
    private static Map<String, LinkSettings.Feature> offloads(LinkSettings link, Direction direction) {
        Map<String, String> features = new LinkedHashMap<>();
        if (direction != Direction.OUT) {
            features.putAll(Map.of("gro", "rx-gro", "lro", "rx-lro", "rx-gro-hw", "rx-gro-hw"));
        }
        if (direction != Direction.IN) {
            features.putAll(Map.of("tso", "tx-tcp-segmentation", "gso", "tx-generic-segmentation"));
        }
        Map<String, LinkSettings.Feature> on = new TreeMap<>();
        features.forEach((shortName, feature) -> {
            if (link.isOn(feature)) {
                on.put(shortName, Objects.requireNonNull(link.features().get(feature)));
            }
        });
        return on;
    }

    /** Whether the card keeps VLANs back, and what a filter sees of their tags. */
    static void vlans(Subject subject, Machine machine, Consumer<Finding> found) {
        for (CaptureConfig capture : subject.captures()) {
            String name = capture.origin().label();
            Optional<LinkSettings> link = machine.answers().link(name);
            if (!capture.promiscuous()
                    && link.map(settings -> settings.isOn("rx-vlan-filter")).orElse(false)) {
                found.accept(new Finding(
                        Severity.RISK,
                        "vlan-filter",
                        name,
                        "the card takes frames of those VLANs alone that this machine has an interface for",
                        "frames of other VLANs never come, and nothing counts them",
                        "ethtool -k " + name + ": rx-vlan-filter: on; capture " + capture.name()
                                + ": promiscuous = false",
                        "promiscuous = true, or ethtool -K " + name + " rx-vlan-filter off"));
            }
            if (capture.filter().toLowerCase(Locale.ROOT).matches("(?s).*\\b0x(8100|88a8)\\b.*")) {
                boolean strips =
                        link.map(settings -> settings.isOn("rx-vlan-hw-parse")).orElse(false);
                found.accept(new Finding(
                        Severity.RISK,
                        "vlan-tag",
                        "capture " + capture.name(),
                        "the filter looks for a VLAN tag in the frame's bytes",
                        "a filter sees a frame without its tag, which " + (strips ? "the card" : "the kernel")
                                + " has taken off: it finds none",
                        "filter = \"" + capture.filter() + "\"; ethtool -k " + name + ": rx-vlan-offload: "
                                + (strips ? "on" : "off"),
                        "filter = \"vlan\""));
            }
        }
    }

    /** Whether it would be known that frames were lost before the capture. */
    static void driverCounters(Subject subject, Machine machine, Consumer<Finding> found) {
        for (String name : subject.capturedInterfaces()) {
            Optional<LinkSettings> link = machine.answers().link(name).filter(settings -> !settings.countsLosses());
            if (link.isPresent() && !name.equals("lo")) {
                String driver =
                        link.get().driver().isEmpty() ? "unknown" : link.get().driver();
                found.accept(new Finding(
                        Severity.NOTE,
                        "driver-counters",
                        name,
                        "the driver " + driver + " has no counter of its own for frames that it loses",
                        "what is lost before the capture shows in the interface's own counters, or not at all",
                        "ethtool -S " + name,
                        "none: compare with what the sender or the switch counts"));
            }
        }
    }

    /** Whether the card spreads frames over as many queues as it can; an interface without a device has none to spread by. */
    static void queues(Subject subject, Machine machine, Consumer<Finding> found) {
        int processors = Processors.ofList(
                        machine.text("/sys/devices/system/cpu/online").orElse(""))
                .cardinality();
        for (String name : subject.capturedInterfaces()) {
            Optional<LinkSettings.Limit> queues = machine.answers().link(name).flatMap(LinkSettings::queues);
            if (queues.isPresent()
                    && machine.has("/sys/class/net/" + name + "/device")
                    && queues.get().now() < Math.min(processors, queues.get().most())) {
                int useful = Math.min(processors, queues.get().most());
                found.accept(new Finding(
                        Severity.RISK,
                        "receive-queues",
                        name,
                        "the card receives by " + queues.get().now() + " of "
                                + queues.get().most() + " queues",
                        "the kernel's work for all frames is done by as few processors",
                        "ethtool -l " + name + "; " + processors + " processors",
                        "ethtool -L " + name + " combined " + useful + " (or rx " + useful + ")"));
            }
        }
    }
}
