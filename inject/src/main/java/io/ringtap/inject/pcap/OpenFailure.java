package io.ringtap.inject.pcap;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import java.util.Objects;
import java.util.stream.Collectors;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;

/** Says in a line why an interface cannot be opened for sending, and what to do about it. */
final class OpenFailure {
    // pcap/pcap.h
    private static final int PCAP_ERROR_NO_SUCH_DEVICE = -5;
    private static final int PCAP_ERROR_PERM_DENIED = -8;
    private static final int PCAP_ERROR_IFACE_NOT_UP = -9;

    private OpenFailure() {}

    static OpenException of(String interfaceName, Exception cause) {
        int code = cause instanceof PcapNativeException e && e.getReturnCode() != null ? e.getReturnCode() : 0;
        String text = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
        String said = text.strip() + " (libpcap " + code + ")";
        return switch (code) {
            case PCAP_ERROR_NO_SUCH_DEVICE ->
                failure(Reason.NO_SUCH_INTERFACE, interfaceName, said, "there is " + interfaces());
            case PCAP_ERROR_PERM_DENIED ->
                failure(
                        Reason.NOT_PERMITTED,
                        interfaceName,
                        said,
                        "needs CAP_NET_RAW: run as root, by setpriv --ambient-caps +net_raw --inh-caps +net_raw, or as"
                                + " a service with AmbientCapabilities=CAP_NET_RAW");
            case PCAP_ERROR_IFACE_NOT_UP ->
                failure(Reason.INTERFACE_DOWN, interfaceName, said, "ip link set " + interfaceName + " up");
            default -> failure(Reason.OTHER, interfaceName, said, "ip link show " + interfaceName + " may tell more");
        };
    }

    static OpenException notEthernet(String interfaceName, String linkType) {
        return failure(Reason.OTHER, interfaceName, "its link type is " + linkType, "choose an Ethernet interface");
    }

    private static OpenException failure(Reason reason, String interfaceName, String cause, String cure) {
        return new OpenException(reason, "cannot send on " + interfaceName + ": " + cause + "; " + cure);
    }

    private static String interfaces() {
        try {
            return Pcaps.findAllDevs().stream()
                    // leaves out what is no network interface: "any", USB, Bluetooth, D-Bus
                    .filter(i -> i.isLoopBack() || !i.getLinkLayerAddresses().isEmpty())
                    .map(i -> i.getName())
                    .collect(Collectors.joining(", "));
        } catch (PcapNativeException e) {
            return "no list of interfaces either: " + e.getMessage();
        }
    }
}
