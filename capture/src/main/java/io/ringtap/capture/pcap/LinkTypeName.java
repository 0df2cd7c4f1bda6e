package io.ringtap.capture.pcap;

import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** libpcap's names of link types. */
public final class LinkTypeName {
    private static final int PPP = 9;
    private static final int PPP_SERIAL = 50;
    private static final int PPP_ETHER = 51;
    private static final int C_HDLC = 104;
    private static final int IEEE802_11 = 105;
    private static final int PRISM_HEADER = 119;
    private static final int IEEE802_11_RADIO = 127;
    private static final int IEEE802_11_RADIO_AVS = 163;
    private static final int PPI = 192;

    /** BSD's loopback: 4 bytes of address family in the byte order of whoever wrote the file, and then a packet. */
    public static final int NULL = 0;

    /** OpenBSD's loopback: the same in network byte order. */
    public static final int LOOP = 108;

    /** An IP packet, of either version. */
    public static final int RAW = 12;

    /** An IPv4 packet. */
    public static final int IPV4 = 228;

    /** An IPv6 packet. */
    public static final int IPV6 = 229;

    /** Linux' cooked capture, of the interface "any". */
    public static final int LINUX_SLL = 113;

    /** The same, second version. */
    public static final int LINUX_SLL2 = 276;

    private LinkTypeName() {}

    /** Its name and description, such as {@code RAW (Raw IP)}; its number if libpcap does not know it. */
    public static String of(DataLinkType type) {
        try {
            return Pcaps.dataLinkTypeToName(type) + " (" + Pcaps.dataLinkTypeToDescription(type) + ")";
        } catch (PcapNativeException e) {
            return "number " + type.value();
        }
    }

    /** Returns what to do about a file of a link type other than Ethernet. */
    public static String cure(DataLinkType type) {
        return switch (type.value()) {
            case IEEE802_11, PRISM_HEADER, IEEE802_11_RADIO, IEEE802_11_RADIO_AVS, PPI ->
                "it was captured in monitor mode; capture on the interface without (tcpdump without -I, airmon-ng stop)";
            case PPP, PPP_SERIAL, PPP_ETHER, C_HDLC ->
                "it holds a serial or PPP link; capture on the Ethernet side, or make an Ethernet file of it (tcprewrite"
                        + " --dlt=enet, with --enet-dmac and --enet-smac)";
            case LINUX_SLL, LINUX_SLL2 ->
                "it was captured on \"any\"; capture on the interface itself (tcpdump -i NAME)";
            case NULL, LOOP, RAW, IPV4, IPV6 ->
                "it holds packets of a tunnel or a loopback, without Ethernet headers; capture on an Ethernet interface, or"
                        + " make an Ethernet file of it (tcprewrite --dlt=enet, with --enet-dmac and --enet-smac)";
            default -> "capture on an Ethernet interface";
        };
    }
}
