package io.ringtap.capture.pcap;

import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** What libpcap calls a link type. */
final class LinkTypeName {
    private LinkTypeName() {}

    /** Its name and description, such as {@code RAW (Raw IP)}; its number if libpcap does not know it. */
    static String of(DataLinkType type) {
        try {
            return Pcaps.dataLinkTypeToName(type) + " (" + Pcaps.dataLinkTypeToDescription(type) + ")";
        } catch (PcapNativeException e) {
            return "number " + type.value();
        }
    }
}
