package io.ringtap.inject;

import java.util.Locale;

/** How frames get from a stream to its interface. */
public enum Engine {
    /** libpcap's pcap_sendpacket, a frame a call. */
    SENDPACKET,
    /** sendmmsg(2), many frames a call when many are due. */
    MMSG,
    /** As {@link #MMSG}, past the interface's queueing discipline and past captures on it, through a PACKET_TX_RING. */
    MMSG_BYPASS,
    /** An XDP program that the kernel runs for each frame: for load tests, in bursts at the speed of the interface. */
    XDP;

    /** What the thread is called that sends by it; the default engine's bears the interface's name alone. */
    String threadName(String interfaceName) {
        String name = "inject-" + interfaceName;
        return this == SENDPACKET
                ? name
                : name + "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
