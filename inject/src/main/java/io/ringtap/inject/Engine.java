package io.ringtap.inject;

/** How frames get from a stream to its interface. */
public enum Engine {
    /** libpcap's pcap_sendpacket, a frame a call. */
    SENDPACKET,
    /** sendmmsg(2), many frames a call when many are due. */
    MMSG,
    /** As {@link #MMSG}, past the interface's queueing discipline, and past captures on the interface. */
    MMSG_BYPASS,
    /** An XDP program that the kernel runs for each frame: for load tests, in bursts at the speed of the interface. */
    XDP
}
