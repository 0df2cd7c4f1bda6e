package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;

/**
 * Asks the kernel for an interface's 64-bit statistics, {@code struct rtnl_link_stats64} of linux/if_link.h, by rtnetlink's
 * RTM_GETSTATS (Linux 4.7; no capability). Unlike /sys/class/net it answers for the network namespace of the thread that opened
 * it, whichever sysfs is mounted. One thread's at a time.
 *
 * <pre>{@code
 * request   nlmsghdr: length, type, flags, sequence, port │ if_stats_msg: family, interface at 20, filter mask at 24
 * answer    nlmsghdr │ if_stats_msg │ attribute: length, type, value │ attribute …     aligned to 4; one may be padding
 * }</pre>
 *
 * <p>The memory is this object's, until it is closed. The answer is there when the request has been taken, so that nothing waits;
 * an interface that is gone (ENODEV) and a refused socket (a sandbox without AF_NETLINK) give no statistics.
 */
final class LinkStatistics implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short NLM_F_REQUEST = 1;
    private static final short RTM_NEWSTATS = 92;
    private static final short RTM_GETSTATS = 94;
    private static final short IFLA_STATS_LINK_64 = 1;

    /** struct nlmsghdr and, behind it, struct if_stats_msg. */
    private static final int REQUEST_BYTES = 16 + 12;

    private static final int ANSWER_BYTES = 8_192;

    private static final MethodHandle SOCKET =
            libc("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND =
            libc("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECEIVE =
            libc("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = libc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment request = arena.allocate(REQUEST_BYTES, Long.BYTES);
    private final MemorySegment answer = arena.allocate(ANSWER_BYTES, Long.BYTES);
    private final int socket;

    /** A statistic of received frames, by its place in the struct. */
    enum Statistic {
        RX_ERRORS(4),
        RX_DROPPED(6),
        RX_LENGTH_ERRORS(10),
        RX_OVER_ERRORS(11),
        RX_CRC_ERRORS(12),
        RX_FRAME_ERRORS(13),
        RX_FIFO_ERRORS(14),
        RX_MISSED_ERRORS(15);

        private final int index;

        Statistic(int index) {
            this.index = index;
        }
    }

    private LinkStatistics(int socket) {
        this.socket = socket;
    }

    /** Opens; where a socket is refused, there are no statistics. */
    static LinkStatistics open() {
        try {
            return new LinkStatistics((int) SOCKET.invokeExact(AF_NETLINK, SOCK_RAW_CLOEXEC, 0));
        } catch (Throwable e) {
            throw new LinkageError("socket", e);
        }
    }

    /** Returns what has been counted since the interface came to be; nothing if it is gone, or the kernel cannot be asked. */
    Map<Statistic, Long> read(int interfaceIndex) {
        Map<Statistic, Long> statistics = new EnumMap<>(Statistic.class);
        if (socket < 0) {
            return statistics;
        }
        long length = ask(interfaceIndex);
        long place = length > REQUEST_BYTES && answer.get(JAVA_SHORT, 4) == RTM_NEWSTATS ? REQUEST_BYTES : length;
        while (place + Integer.BYTES
                <= length) { // attributes: 16-bit length and type, then the value, at multiples of 4
            int attribute = Short.toUnsignedInt(answer.get(JAVA_SHORT, place));
            if (answer.get(JAVA_SHORT, place + Short.BYTES) == IFLA_STATS_LINK_64) {
                for (Statistic statistic : Statistic.values()) {
                    long at = place + Integer.BYTES + (long) statistic.index * Long.BYTES;
                    statistics.put(statistic, answer.get(JAVA_LONG_UNALIGNED, at));
                }
                return statistics;
            }
            place += Math.max(Integer.BYTES, attribute + 3 & ~3);
        }
        return statistics;
    }

    private long ask(int interfaceIndex) {
        request.fill((byte) 0);
        request.set(JAVA_INT, 0, REQUEST_BYTES);
        request.set(JAVA_SHORT, 4, RTM_GETSTATS);
        request.set(JAVA_SHORT, 6, NLM_F_REQUEST);
        request.set(JAVA_INT, 20, interfaceIndex);
        request.set(JAVA_INT, 24, 1 << (IFLA_STATS_LINK_64 - 1));
        answer.asSlice(0, REQUEST_BYTES).fill((byte) 0);
        try {
            long sent = (long) SEND.invokeExact(socket, request, (long) REQUEST_BYTES, MSG_DONTWAIT);
            return sent < 0 ? 0 : (long) RECEIVE.invokeExact(socket, answer, (long) ANSWER_BYTES, MSG_DONTWAIT);
        } catch (Throwable e) {
            throw new LinkageError("rtnetlink", e);
        }
    }

    @Override
    public void close() {
        arena.close();
        if (socket >= 0) {
            try {
                int ignored = (int) CLOSE.invokeExact(socket);
            } catch (Throwable e) {
                throw new LinkageError("close", e);
            }
        }
    }

    private static MethodHandle libc(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
