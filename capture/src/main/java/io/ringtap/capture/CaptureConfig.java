package io.ringtap.capture;

import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.frame.TunnelPorts;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The configuration of a capture; made by a {@link CaptureConfigBuilder}. Immutable, and valid: the constructor refuses what
 * cannot work, all at once.
 *
 * @param name what the capture is called in configuration, statistics and thread names
 * @param origin an interface or a file
 * @param mode how the kernel hands frames over
 * @param engine what calls libpcap for each batch of frames
 * @param bufferBytes size asked for the kernel ring
 * @param snaplenBytes captured bytes of each frame, at most; {@link #WHOLE_FRAMES} in low-latency mode for as many as the frames
 *     of the interface have when it is opened
 * @param timeout how long the kernel may hold a block that is not full; throughput mode only
 * @param promiscuous whether the interface takes frames addressed to others
 * @param direction which frames, as seen from this machine; acts in the kernel
 * @param filter pcap-filter(7), empty for all; acts in the kernel
 * @param threads kernel rings in a fanout group, each with a thread
 * @param fanout how the group departs from giving each flow to one ring
 * @param cpus where the capture threads run: as many as threads, one each; else each thread on any; empty for anywhere
 * @param priority what the capture threads run before
 * @param spin how long a capture thread looks for the next frame before it sleeps; low-latency mode only
 * @param expectedRate frames a second that the kernel ring is judged by; sets nothing
 * @param tunnelPorts the UDP ports that tunnels are known by, for handlers and what goes by conversation
 * @param ownFrames what becomes of frames that ringtap itself sends on the interface; acts in the kernel
 */
public record CaptureConfig(
        String name,
        CaptureOrigin origin,
        Mode mode,
        Engine engine,
        long bufferBytes,
        int snaplenBytes,
        Duration timeout,
        boolean promiscuous,
        Direction direction,
        String filter,
        int threads,
        Set<Fanout> fanout,
        List<Integer> cpus,
        Priority priority,
        Duration spin,
        double expectedRate,
        TunnelPorts tunnelPorts,
        OwnFrames ownFrames) {
    /** 64 MiB: holds 670 ms of 200-byte frames at 350,000 a second, far longer than any pause of a collector. */
    public static final long DEFAULT_BUFFER_BYTES = 64L << 20;

    /**
     * The snaplen of whole frames, the default. In throughput mode, whose blocks are packed, and for files it becomes {@link
     * #MAX_SNAPLEN_BYTES}, which costs nothing. In low-latency mode it sets the slot size, and so how many frames the kernel ring
     * holds: there {@link RingArithmetic#snaplenFor} says what it becomes on an interface.
     */
    public static final int WHOLE_FRAMES = 0;

    /** Long enough that blocks fill under load, short enough that nobody waits for a quiet link. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(10);

    /** libpcap's MAXIMUM_SNAPLEN. */
    public static final int MAX_SNAPLEN_BYTES = 262_144;

    /** One block of TPACKET_V3, 256 KiB, is the least libpcap allocates; asking for less is allowed down to this. */
    public static final long MIN_BUFFER_BYTES = 64L << 10;

    /** libpcap takes the size as an int of bytes: so many whole MiB. */
    public static final long MAX_BUFFER_BYTES = 2_047L << 20;

    /** An Ethernet header. */
    public static final int MIN_SNAPLEN_BYTES = 14;

    /** libpcap takes whole milliseconds. */
    public static final Duration MIN_TIMEOUT = Duration.ofMillis(1);

    /** Nobody waits longer for a frame. */
    public static final Duration MAX_TIMEOUT = Duration.ofSeconds(10);

    /** More rings than that share no interface. */
    public static final int MAX_THREADS = 64;

    /** The longest spin: a thread that spins for longer might as well never sleep. */
    public static final Duration MAX_SPIN = Duration.ofSeconds(1);

    /** Frames a second, the load that ringtap was made for. */
    public static final double DEFAULT_EXPECTED_RATE = 350_000;

    /** The way in which the kernel hands frames over. */
    public enum Mode {
        /** Whole blocks of frames (TPACKET_V3): cheapest per frame; a frame waits up to the timeout. */
        THROUGHPUT,
        /** Each frame as it comes (libpcap's immediate mode, TPACKET_V2). */
        LOW_LATENCY
    }

    /** The reader of a batch of frames. */
    public enum Engine {
        /** java.lang.foreign: the mapped ring itself, or pcap_dispatch where it cannot be told what that ring is. */
        FFM,
        /** pcap4j's own dispatch, through JNA: about ten times the cost per frame. */
        PCAP4J
    }

    /** The frames that are captured, as seen from this machine. */
    public enum Direction {
        /** Frames that arrive. */
        IN,
        /** Frames that this machine sends. */
        OUT,
        /** Both. */
        BOTH
    }

    /** The treatment of frames that ringtap itself, this process or another, sends on the interface that is captured. */
    public enum OwnFrames {
        /** They are neither delivered nor counted. */
        IGNORE,
        /** They come as other outgoing frames do, where the direction takes those. */
        DELIVER
    }

    /** The threads of other programs that a capture thread runs before. */
    public enum Priority {
        /** None. In low-latency mode it asks for short turns, so that it need not wait for the end of others' turns. */
        NORMAL,
        /** All but other real-time threads (SCHED_FIFO), handlers on the capture thread included. */
        REALTIME
    }

    /** A way in which a fanout group departs from giving each flow to one ring. */
    public enum Fanout {
        /**
         * A frame whose ring is full goes to another ring: less is lost, and a flow may come apart and out of order. In
         * throughput mode the one frame with which a ring turns out to be full is lost all the same.
         */
        ROLLOVER,
        /** The kernel puts IPv4 fragments together first: they come as one frame, in the ring of their flow. */
        DEFRAGMENT,
        /** Flows are those inside of tunnels. Without, the frames of one tunnel all come to one ring. */
        INNER
    }

    /** Checks everything. @throws InvalidConfigException with every problem there is */
    public CaptureConfig {
        fanout = Set.copyOf(fanout);
        cpus = List.copyOf(cpus);
        List<Problem> problems = new ArrayList<>();
        if (name.isBlank() || name.chars().anyMatch(Character::isWhitespace)) {
            problems.add(new Problem("name", "must not be empty or hold white space"));
        }
        if (origin.label().isBlank()) {
            problems.add(new Problem(origin instanceof CaptureOrigin.Live ? "interface" : "file", "must not be empty"));
        }
        if (origin instanceof CaptureOrigin.File && threads != 1) {
            problems.add(
                    new Problem("threads", "must be 1 for a file: only an interface can be shared by a fanout group"));
        }
        if (origin instanceof CaptureOrigin.File(var _, FramePace.Rate(double rate))
                && !(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            problems.add(new Problem("pace", "must be above 0 frames a second, not " + rate));
        }
        if (bufferBytes < MIN_BUFFER_BYTES || bufferBytes > MAX_BUFFER_BYTES) {
            problems.add(new Problem("buffer", "must be from 64 KiB to 2047 MiB, not " + bufferBytes + " bytes"));
        }
        if (snaplenBytes == WHOLE_FRAMES && (mode == Mode.THROUGHPUT || origin instanceof CaptureOrigin.File)) {
            snaplenBytes = MAX_SNAPLEN_BYTES;
        }
        if (snaplenBytes != WHOLE_FRAMES && (snaplenBytes < MIN_SNAPLEN_BYTES || snaplenBytes > MAX_SNAPLEN_BYTES)) {
            problems.add(new Problem(
                    "snaplen",
                    "must be from " + MIN_SNAPLEN_BYTES + " to " + MAX_SNAPLEN_BYTES
                            + " bytes, or 0 for whole frames, not " + snaplenBytes));
        }
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            problems.add(new Problem("timeout", "must be from 1 ms to 10 s, not " + seconds(timeout) + " s"));
        }
        if (threads < 1 || threads > MAX_THREADS) {
            problems.add(new Problem("threads", "must be from 1 to " + MAX_THREADS + ", not " + threads));
        }
        if (!fanout.isEmpty() && threads == 1) {
            problems.add(new Problem("fanout", "goes with threads = 2 or more: it is about frames spread over rings"));
        }
        CpuList.problem(cpus).ifPresent(problems::add);
        if (priority == Priority.REALTIME && origin instanceof CaptureOrigin.File) {
            problems.add(new Problem("priority", "goes with an interface: a file waits for its reader"));
        }
        if (spin.isNegative() || spin.compareTo(MAX_SPIN) > 0) {
            problems.add(new Problem("spin", "must be from 0 to 1 s, not " + seconds(spin) + " s"));
        }
        if (spin.isPositive() && (mode != Mode.LOW_LATENCY || engine != Engine.FFM)) {
            problems.add(new Problem(
                    "spin",
                    "goes with mode = \"low-latency\" and engine = \"ffm\": elsewhere no frame"
                            + " is to be seen before the kernel tells of it"));
        }
        if (!(expectedRate > 0 && expectedRate <= 1e9)) {
            problems.add(new Problem("expect", "must be above 0 and at most 1000 Mpps, not " + expectedRate + " pps"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.getSeconds())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A builder of a capture that has every default. */
    public static CaptureConfigBuilder builder(String name, CaptureOrigin origin) {
        return new CaptureConfigBuilder(name, origin);
    }

    /** The same with another filter. */
    public CaptureConfig withFilter(String expression) {
        return toBuilder().filter(expression).build();
    }

    /** The same with the snaplen that it has on an interface; see {@link #WHOLE_FRAMES}. */
    public CaptureConfig on(LinkLimits link) {
        return toBuilder()
                .snaplenBytes(RingArithmetic.snaplenFor(snaplenBytes, link))
                .build();
    }

    /** Returns the captured bytes of each frame, at most, on any interface. */
    public int mostCapturedBytes() {
        return snaplenBytes == WHOLE_FRAMES ? RingArithmetic.MOST_SNAPLEN_BYTES : snaplenBytes;
    }

    /** A builder of a capture that differs from this one in what it is then given. */
    public CaptureConfigBuilder toBuilder() {
        return builder(name, origin)
                .mode(mode)
                .engine(engine)
                .bufferBytes(bufferBytes)
                .snaplenBytes(snaplenBytes)
                .timeout(timeout)
                .promiscuous(promiscuous)
                .direction(direction)
                .filter(filter)
                .threads(threads)
                .fanout(fanout)
                .cpus(cpus)
                .priority(priority)
                .spin(spin)
                .expectedRate(expectedRate)
                .tunnelPorts(tunnelPorts)
                .ownFrames(ownFrames);
    }

    /** An interface, which must be there, with every default, named after it. */
    public static CaptureConfig live(String interfaceName) {
        return live(new CaptureOrigin.Live(interfaceName));
    }

    /** An interface with every default, named after it. */
    public static CaptureConfig live(CaptureOrigin.Live origin) {
        return builder(origin.interfaceName(), origin).build();
    }

    /** A pcap or pcapng file with every default, read as fast as the workers take its frames. */
    public static CaptureConfig file(String name, Path path) {
        return builder(name, new CaptureOrigin.File(path, new FramePace.Max())).build();
    }
}
