package io.ringtap.capture.pcap;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.frame.AddressText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pcap4j.core.PcapAddress;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface;
import org.pcap4j.core.Pcaps;

/** The interfaces that libpcap can capture on, in the network namespace of the calling thread. */
public final class PcapDevices {
    private PcapDevices() {}

    /**
     * The interfaces, in libpcap's order. What libpcap offers beside them (the pseudo-interface {@code any}, netfilter
     * logs, USB and Bluetooth monitors) is left out: no Ethernet frames come from it.
     *
     * @throws OpenException if libpcap is missing, fails, or shows nothing, which it does where it may not look
     */
    public static List<PcapDevice> list() throws OpenException {
        try (InterfaceQuery query = InterfaceQuery.open()) {
            List<PcapDevice> devices = Pcaps.findAllDevs().stream()
                    .filter(device -> query.exists(device.getName()))
                    .map(device -> device(device, query))
                    .toList();
            if (devices.isEmpty()) {
                throw new OpenException(
                        Reason.NOT_PERMITTED,
                        "no interface to capture on can be seen: either this process may not look (grant CAP_NET_RAW,"
                                + " and AF_NETLINK if a sandbox filters address families), or its network namespace has"
                                + " none");
            }
            return devices;
        } catch (PcapNativeException e) {
            throw new OpenException(Reason.OTHER, "listing the interfaces failed in libpcap: " + e.getMessage());
        } catch (LinkageError e) {
            throw new OpenException(
                    Reason.OTHER,
                    "libpcap cannot be loaded: " + e.getMessage() + ": install it (apt install libpcap0.8)");
        }
    }

    /** The end of a message about an interface that is not there: {@code there are ens192, lo}, or why none is seen. */
    public static String alternatives() {
        try {
            return "there are " + list().stream().map(PcapDevice::name).sorted().collect(Collectors.joining(", "));
        } catch (OpenException e) {
            return e.getMessage();
        }
    }

    private static PcapDevice device(PcapNetworkInterface device, InterfaceQuery query) {
        List<String> addresses = device.getAddresses().stream()
                .map(PcapAddress::getAddress)
                .sorted(Comparator.comparing((InetAddress address) -> !(address instanceof Inet4Address)))
                .map(AddressText::of)
                .toList();
        Optional<String> mac = device.getLinkLayerAddresses().stream()
                .filter(address -> address.length() == 6)
                .map(Object::toString)
                .findFirst();
        return new PcapDevice(
                device.getName(),
                device.isUp(),
                device.isUp() && !query.isDown(device.getName()),
                device.isLoopBack(),
                query.linkType(device.getName()),
                query.mtuBytes(device.getName()),
                mac,
                addresses,
                query.alternativeNames(device.getName()));
    }

    /** Returns what the libpcap that is used says of itself, such as "libpcap version 1.10.3 (with TPACKET_V3)". */
    public static String libraryVersion() {
        return Pcaps.libVersion();
    }
}
