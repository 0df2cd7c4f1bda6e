package io.ringtap.capture.pcap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network interface as it was when it was listed.
 *
 * @param name what a configuration calls it
 * @param up set up by an administrator
 * @param running up, with a carrier
 * @param loopback frames sent are received by this machine alone
 * @param linkType the hardware's type, {@code ethernet} being what ringtap captures; absent if it is unknown
 * @param mtuBytes the largest payload of a frame; absent if the system does not tell
 * @param mac in hexadecimal with colons; absent if it has none
 * @param addresses IPv4 and IPv6, IPv4 first
 * @param alternativeNames what a configuration may call it too, in the kernel's order
 */
public record PcapDevice(
        String name,
        boolean up,
        boolean running,
        boolean loopback,
        Optional<String> linkType,
        OptionalInt mtuBytes,
        Optional<String> mac,
        List<String> addresses,
        List<String> alternativeNames) {
    /** Keeps the lists as they are now. */
    public PcapDevice {
        alternativeNames = List.copyOf(alternativeNames);
        addresses = List.copyOf(addresses);
    }
}
