package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import org.pcap4j.packet.namednumber.DataLinkType;

/** Turns libpcap's status into a line that says what failed, where, why, and what to do about it. */
public final class OpenFailure {
    // pcap/pcap.h
    private static final int PCAP_ERROR_NO_SUCH_DEVICE = -5;
    private static final int PCAP_ERROR_PERM_DENIED = -8;
    private static final int PCAP_ERROR_IFACE_NOT_UP = -9;
    private static final int PCAP_ERROR_PROMISC_PERM_DENIED = -11;

    private OpenFailure() {}

    /**
     * The exception for an interface that cannot be opened, on the thread that tried to.
     *
     * @param action what failed, such as {@code cannot send on}
     * @param status libpcap's, one of its {@code PCAP_ERROR_} codes
     * @param text libpcap's
     */
    public static OpenException of(String action, String interfaceName, int status, String text) {
        String what = action + " " + interfaceName + ": " + text.strip() + " (libpcap " + status + ")";
        return switch (status) {
            case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED ->
                new OpenException(
                        Reason.NOT_PERMITTED,
                        what + "; CAP_NET_RAW is missing: run as root, or under systemd with"
                                + " AmbientCapabilities=CAP_NET_RAW, or by setpriv --inh-caps +net_raw --ambient-caps +net_raw"
                                + " (setcap on java breaks its library path)");
            case PCAP_ERROR_NO_SUCH_DEVICE ->
                new OpenException(Reason.NO_SUCH_INTERFACE, what + "; " + PcapDevices.alternatives());
            case PCAP_ERROR_IFACE_NOT_UP ->
                new OpenException(Reason.INTERFACE_DOWN, what + "; set it up: ip link set " + interfaceName + " up");
            default -> new OpenException(Reason.OTHER, what + cure(text));
        };
    }

    /** For what has no status of its own: libpcap says it in the words of strerror(3). */
    private static String cure(String text) {
        if (text.contains("Cannot allocate memory")) {
            return "; free some memory, or ask for less by buffer and threads of captures";
        }
        return text.contains("Too many open files") ? "; raise the limit, under systemd LimitNOFILE=" : "";
    }

    /** The exception for a filter that libpcap does not compile. */
    static OpenException badFilter(CaptureConfig config, String text) {
        return new OpenException(
                Reason.BAD_FILTER,
                "capture " + config.name() + ": the filter \"" + config.filter() + "\" does not compile: " + text
                        + "; see pcap-filter(7)");
    }

    /** The exception for an interface whose frames are no Ethernet frames. */
    public static OpenException notEthernet(String action, String interfaceName, DataLinkType type) {
        return new OpenException(
                Reason.OTHER,
                action + " " + interfaceName + ": its link type is " + LinkTypeName.of(type)
                        + ", and ringtap takes Ethernet only; name an Ethernet interface");
    }
}
