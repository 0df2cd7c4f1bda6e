package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks the kernel about an interface by rtnetlink(7): for what netdevice(7) has no question. In the network namespace in which it
 * was opened; needs no capability. One thread at a time. Where the socket is refused, no question has an answer.
 */
final class RouteSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final int MSG_DONTWAIT = 0x40; // the kernel has answered by the time it has taken the question

    private static final short RTM_NEWLINK = 16;
    private static final short RTM_GETLINK = 18;
    private static final short RTM_NEWSTATS = 92;
    private static final short RTM_GETSTATS = 94; // Linux 4.7
    private static final short NLM_F_REQUEST = 1;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFLA_EXT_MASK = 29;
    private static final int IFLA_PROP_LIST = 52;
    private static final int IFLA_ALT_IFNAME = 53;
    private static final int IFLA_STATS_LINK_64 = 1;
    private static final int NLA_TYPE_MASK = 0x3fff;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    /** A flag of one that has a carrier; netdevice(7) has no room for it. */
    private static final int IFF_LOWER_UP = 1 << 16;

    /** RFC 2863: it has a carrier, and what it waits for, as 802.1X does, keeps no packet socket from sending. */
    private static final int IF_OPER_TESTING = 4;

    private static final int IF_OPER_DORMANT = 5;

    /** A {@code struct nlmsghdr}, and the {@code struct ifinfomsg} behind it. */
    private static final int HEADER_BYTES = 16;

    private static final int LINK_BYTES = HEADER_BYTES + 16;

    /** A {@code struct nlmsghdr}, and the {@code struct if_stats_msg} behind it. */
    private static final int STATS_BYTES = HEADER_BYTES + 12;

    private static final int ATTRIBUTE_BYTES = 4;
    private static final int LONGEST_NAME_BYTES = 127;
    private static final int BUFFER_BYTES = 32_768;

    private static final MethodHandle SOCKET =
            libc("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND =
            libc("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            libc("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = libc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final MemorySegment buffer;
    private final int socket;
    private int number;

    private RouteSocket(int socket, Arena arena) {
        this.socket = socket;
        buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
    }

    /** Opens it, with memory of an arena. */
    static RouteSocket open(Arena arena) {
        try {
            return new RouteSocket((int) SOCKET.invokeExact(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE), arena);
        } catch (Throwable e) {
            throw new LinkageError("socket", e);
        }
    }

    /** The number of the interface with an alternative name, of any length; 0 if there is none. */
    int indexOf(String alternativeName) {
        byte[] name = alternativeName.getBytes(StandardCharsets.UTF_8);
        if (name.length > LONGEST_NAME_BYTES) {
            return 0;
        }
        begin(RTM_GETLINK, 0);
        int bytes = ATTRIBUTE_BYTES + name.length + 1;
        buffer.set(JAVA_SHORT, LINK_BYTES, (short) bytes);
        buffer.set(JAVA_SHORT, LINK_BYTES + 2, (short) IFLA_ALT_IFNAME);
        buffer.asSlice(LINK_BYTES + ATTRIBUTE_BYTES, name.length + 1).fill((byte) 0);
        MemorySegment.copy(name, 0, buffer, JAVA_BYTE, LINK_BYTES + ATTRIBUTE_BYTES, name.length);
        return ask(LINK_BYTES + aligned(bytes)) > 0 ? buffer.get(JAVA_INT, HEADER_BYTES + 4) : 0;
    }

    /**
     * Returns whether an interface has a carrier, though its operational state is one in which it is not said to be running: dormant, as
     * 802.1X leaves it before it has authenticated, or testing.
     */
    boolean sendsThoughNotRunning(int index) {
        int end = askOf(index);
        if (end == 0 || (buffer.get(JAVA_INT, HEADER_BYTES + 8) & IFF_LOWER_UP) == 0) {
            return false;
        }
        int at = attribute(IFLA_OPERSTATE, LINK_BYTES, end);
        int state = at == 0 ? 0 : buffer.get(JAVA_BYTE, at + ATTRIBUTE_BYTES);
        return state == IF_OPER_DORMANT || state == IF_OPER_TESTING;
    }

    /** The alternative names of an interface, in the kernel's order. */
    List<String> alternativeNames(int index) {
        List<String> names = new ArrayList<>();
        int end = askOf(index);
        int list = end == 0 ? 0 : attribute(IFLA_PROP_LIST, LINK_BYTES, end);
        if (list != 0) {
            int listEnd = list + length(list);
            int at = attribute(IFLA_ALT_IFNAME, list + ATTRIBUTE_BYTES, listEnd);
            while (at != 0) {
                names.add(buffer.getString(at + ATTRIBUTE_BYTES));
                at = attribute(IFLA_ALT_IFNAME, at + aligned(length(at)), listEnd);
            }
        }
        return names;
    }

    /** Returns an interface's statistics, as they are told for the network namespace; none if it is gone. */
    Map<LinkStatistic, Long> statistics(int index) {
        begin(RTM_GETSTATS, index);
        buffer.set(JAVA_INT, HEADER_BYTES + 8, 1 << (IFLA_STATS_LINK_64 - 1));
        int at = attribute(IFLA_STATS_LINK_64, STATS_BYTES, exchange(STATS_BYTES, RTM_NEWSTATS));
        return at == 0 ? Map.of() : LinkStatistic.of(buffer.asSlice(at + ATTRIBUTE_BYTES));
    }

    /** Returns where what is known of an interface ends in the buffer; 0 if nothing is. */
    private int askOf(int index) {
        begin(RTM_GETLINK, index);
        return ask(LINK_BYTES);
    }

    private void begin(short question, int index) {
        buffer.asSlice(0, LINK_BYTES).fill((byte) 0);
        buffer.set(JAVA_SHORT, 4, question);
        buffer.set(JAVA_SHORT, 6, NLM_F_REQUEST);
        buffer.set(JAVA_INT, HEADER_BYTES + 4, index);
    }

    /** Sends the question of so many bytes about a link and takes the answer; gives where that ends, 0 if it is none. */
    private int ask(int bytes) {
        buffer.set(JAVA_SHORT, bytes, (short) (ATTRIBUTE_BYTES + Integer.BYTES));
        buffer.set(JAVA_SHORT, bytes + 2, (short) IFLA_EXT_MASK);
        buffer.set(JAVA_INT, bytes + ATTRIBUTE_BYTES, RTEXT_FILTER_SKIP_STATS);
        return exchange(bytes + ATTRIBUTE_BYTES + Integer.BYTES, RTM_NEWLINK);
    }

    private int exchange(int bytes, short answer) {
        buffer.set(JAVA_INT, 0, bytes);
        buffer.set(JAVA_INT, 8, ++number);
        try {
            if (socket < 0 || (long) SEND.invokeExact(socket, buffer.address(), (long) bytes, 0) != bytes) {
                return 0;
            }
            do { // what a question before left behind is thrown away
                long read = (long) RECV.invokeExact(socket, buffer.address(), buffer.byteSize(), MSG_DONTWAIT);
                if (read < HEADER_BYTES) {
                    return 0;
                }
            } while (buffer.get(JAVA_INT, 8) != number);
        } catch (Throwable e) {
            throw new LinkageError("netlink", e);
        }
        return buffer.get(JAVA_SHORT, 4) == answer ? buffer.get(JAVA_INT, 0) : 0;
    }

    /** Returns where the next attribute of a type begins; 0 if there is none. */
    private int attribute(int type, int from, int end) {
        int at = from;
        while (at + ATTRIBUTE_BYTES <= end && length(at) >= ATTRIBUTE_BYTES) {
            if ((buffer.get(JAVA_SHORT, at + 2) & NLA_TYPE_MASK) == type) {
                return at;
            }
            at += aligned(length(at));
        }
        return 0;
    }

    private int length(int at) {
        return Short.toUnsignedInt(buffer.get(JAVA_SHORT, at));
    }

    private static int aligned(int bytes) {
        return bytes + 3 & ~3;
    }

    @Override
    public void close() {
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
