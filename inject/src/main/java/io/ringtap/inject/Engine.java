package io.ringtap.inject;

import java.time.Duration;
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

    private static final Duration SHORT_MOMENT = Duration.ofNanos(50_000);

    /** A run takes the kernel 25 ms before its first frame. */
    private static final Duration XDP_MOMENT = Duration.ofMillis(50);

    /** The time whose frames it sends at once; see {@link StreamSender#moment}. */
    public Duration moment() {
        return this == XDP ? XDP_MOMENT : SHORT_MOMENT;
    }

    /** What the thread is called that sends by it; the default engine's bears the interface's name alone. */
    String threadName(String interfaceName) {
        String name = "inject-" + interfaceName;
        return this == SENDPACKET
                ? name
                : name + "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
