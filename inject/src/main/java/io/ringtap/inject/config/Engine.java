package io.ringtap.inject.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The way in which frames get from a stream to its interface. */
public enum Engine {
    /** libpcap's pcap_sendpacket, a frame a call. */
    SENDPACKET(Name.SENDPACKET, false, true, Moments.SHORT),
    /** sendmmsg(2), many frames a call when many are due. */
    MMSG(Name.MMSG, false, true, Moments.SHORT),
    /** As {@link #MMSG}, past the interface's queueing discipline and past captures on it, through a PACKET_TX_RING. */
    MMSG_BYPASS(Name.MMSG, true, true, Moments.SHORT),
    /** An XDP program that the kernel runs for each frame: for load tests, in bursts at the speed of the interface. */
    XDP(Name.XDP, false, false, Moments.XDP);

    private final Name name;
    private final boolean bypass;
    private final boolean replays;
    private final Duration moment;

    Engine(Name name, boolean bypass, boolean replays, Duration moment) {
        this.name = name;
        this.bypass = bypass;
        this.replays = replays;
        this.moment = moment;
    }

    /** The names that users write, in lower case: {@code engine = "mmsg"}, {@code --engine mmsg}. */
    public enum Name {
        /** {@link Engine#SENDPACKET}. */
        SENDPACKET,
        /** {@link Engine#MMSG}, or {@link Engine#MMSG_BYPASS}. */
        MMSG,
        /** {@link Engine#XDP}. */
        XDP
    }

    private static final class Moments {
        static final Duration SHORT = Duration.ofNanos(50_000);

        /** A run takes the kernel 25 ms before its first frame. */
        static final Duration XDP = Duration.ofMillis(50);
    }

    /** Returns the engine of a name, past the queueing discipline or not; absent if that name has no such engine. */
    public static Optional<Engine> of(Name name, boolean bypass) {
        return Stream.of(values())
                .filter(engine -> engine.name == name && engine.bypass == bypass)
                .findFirst();
    }

    /** Returns the names, as users spell them, that can go past the queueing discipline. */
    public static String withBypass() {
        return Stream.of(values())
                .filter(engine -> engine.bypass)
                .map(Engine::spelling)
                .collect(Collectors.joining(", "));
    }

    /** Returns its name, as users spell it. */
    public String spelling() {
        return name.name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether it sends the frames of a capture file. */
    public boolean replays() {
        return replays;
    }

    /** Returns the time whose frames it sends at once; see {@code StreamSender.moment}. */
    public Duration moment() {
        return moment;
    }

    /** Returns what the thread is called that sends by it; the default engine's bears the interface's name alone. */
    public String threadName(String interfaceName) {
        String thread = "inject-" + interfaceName;
        return this == SENDPACKET
                ? thread
                : thread + "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
