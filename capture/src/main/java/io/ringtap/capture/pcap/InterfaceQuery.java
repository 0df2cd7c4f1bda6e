package io.ringtap.capture.pcap;

import io.ringtap.capture.LinkLimits;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.pcap4j.util.MacAddress;

/**
 * Asks the kernel about interfaces by netdevice(7), and by rtnetlink(7) what that does not know. Unlike {@code
 * /sys/class/net} it answers for the network namespace in which it was opened, whichever sysfs is mounted. An interface goes by
 * its name or any of its alternative names (ip-link(8): altname), which may be longer. For the thread that opened it, unless
 * opened {@link #shared()}; needs no capability.
 */
public final class InterfaceQuery implements AutoCloseable {
    private static final int AF_UNIX = 1; // takes SIOCGIF* like any other family, and no sandbox forbids it
    private static final int SOCK_DGRAM = 2;
    private static final long SIOCGIFNAME = 0x8910;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final long SIOCGIFINDEX = 0x8933;

    /** A flag of one that is set up. */
    private static final int IFF_UP = 0x1;

    /** A flag of one that is set up, has a carrier, and is not dormant. */
    private static final int IFF_RUNNING = 0x40;

    private static final int IFF_LOOPBACK = 0x8;
    private static final int ARPHRD_ETHER = 1;
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GUFO = 0x21;
    private static final int ETHTOOL_GFLAGS = 0x25;
    private static final int ETH_FLAG_LRO = 1 << 15;
    private static final int[] ETHTOOL_SEGMENTATION = {0x1e, 0x23, 0x2b}; // GTSO, GGSO, GGRO
    private static final int IFREQ_BYTES = 40;
    private static final int NAME_BYTES = 16;

    private static final MethodHandle SOCKET = libc(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL = libc(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            libc("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final Arena arena;
    private final MemorySegment request;
    private final MemorySegment ethtoolValue;
    private final int socket;
    private final RouteSocket route;

    /** Whose name is in the request: to ask again about the same interface makes no garbage. */
    private String named = "";

    private InterfaceQuery(int socket, Arena arena) {
        this.socket = socket;
        this.arena = arena;
        route = RouteSocket.open(arena);
        request = arena.allocate(IFREQ_BYTES, Long.BYTES);
        ethtoolValue = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
    }

    /** Opens; where a socket is refused, every question has no answer. */
    public static InterfaceQuery open() {
        return open(Arena.ofConfined());
    }

    /** As {@link #open()}, for threads that take turns. */
    public static InterfaceQuery shared() {
        return open(Arena.ofShared());
    }

    private static InterfaceQuery open(Arena arena) {
        try {
            return new InterfaceQuery((int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM, 0), arena);
        } catch (Throwable e) {
            throw new LinkageError("socket", e);
        }
    }

    /** Returns what limits the frames of an interface; assumptions if there is none of that name. */
    static LinkLimits limits(String name) {
        try (InterfaceQuery query = open()) {
            OptionalInt mtu = query.mtuBytes(name);
            return mtu.isPresent() ? new LinkLimits(mtu.getAsInt(), query.offloads(name), true) : LinkLimits.ASSUMED;
        }
    }

    /** Returns whether it is a network interface; believed of every name where the kernel cannot be asked. */
    boolean exists(String name) {
        return socket < 0 || ask(SIOCGIFINDEX, name);
    }

    /** The interface's number; 0 if there is none of that name, or the kernel cannot be asked. */
    public int index(String name) {
        return ask(SIOCGIFINDEX, name) ? request.get(ValueLayout.JAVA_INT, NAME_BYTES) : 0;
    }

    /** Returns whether an interface is the loopback one, whose frames leave and come in again. Any thread. */
    public static boolean isLoopback(String name) {
        try (InterfaceQuery query = open()) {
            return query.ask(SIOCGIFFLAGS, name) && (query.flags() & IFF_LOOPBACK) != 0;
        }
    }

    /**
     * The name that the kernel calls an interface by, of any of its names: what {@code /sys} and libpcap know it by. The same as
     * given if there is none of that name.
     */
    public static String deviceName(String name) {
        try (InterfaceQuery query = open()) {
            int index = query.index(name);
            return index == 0 ? name : query.nameOf(index).orElse(name);
        }
    }

    private Optional<String> nameOf(int index) {
        named = "";
        request.fill((byte) 0);
        request.set(ValueLayout.JAVA_INT, NAME_BYTES, index);
        return control(SIOCGIFNAME) ? Optional.of(request.getString(0)) : Optional.empty();
    }

    /** Returns the statistics of an interface, by its number; none if it is gone, or the kernel cannot be asked. */
    Map<LinkStatistic, Long> statistics(int index) {
        return route.statistics(index);
    }

    /** The alternative names of an interface, in the kernel's order. */
    List<String> alternativeNames(String name) {
        int index = index(name);
        return index == 0 ? List.of() : route.alternativeNames(index);
    }

    /** Returns whether the interface is set up; false also if there is none of that name. */
    boolean isUp(String name) {
        return ask(SIOCGIFFLAGS, name) && (flags() & IFF_UP) != 0;
    }

    /** Returns whether the interface is set down or has no carrier; false also if there is none of that name. */
    public boolean isDown(String name) {
        return ask(SIOCGIFFLAGS, name)
                && (flags() & IFF_RUNNING) == 0
                && !((flags() & IFF_UP) != 0 && route.sendsThoughNotRunning(index(name)));
    }

    private int flags() {
        return request.get(ValueLayout.JAVA_SHORT, NAME_BYTES);
    }

    /** The largest payload of a frame; absent if there is no such interface. */
    public OptionalInt mtuBytes(String name) {
        return ask(SIOCGIFMTU, name)
                ? OptionalInt.of(request.get(ValueLayout.JAVA_INT, NAME_BYTES))
                : OptionalInt.empty();
    }

    /** Returns whether an offload is on that makes frames longer than the MTU: those that libpcap's iface_get_offload asks for. */
    boolean offloads(String name) {
        for (int command : ETHTOOL_SEGMENTATION) {
            if (ethtool(command, name) != 0) {
                return true;
            }
        }
        return ethtool(ETHTOOL_GUFO, name) != 0 || (ethtool(ETHTOOL_GFLAGS, name) & ETH_FLAG_LRO) != 0;
    }

    /** Returns what ethtool says in a {@code struct ethtool_value} of command and data; 0 where it does not know the command. */
    private int ethtool(int command, String name) {
        ethtoolValue.set(ValueLayout.JAVA_INT, 0, command);
        ethtoolValue.set(ValueLayout.JAVA_INT, Integer.BYTES, 0);
        return ask(SIOCETHTOOL, name, ethtoolValue.address())
                ? ethtoolValue.get(ValueLayout.JAVA_INT, Integer.BYTES)
                : 0;
    }

    /** Asks ethtool for what a struct says whose first member is the command, and which is filled in; whether it was. */
    boolean ethtool(String name, MemorySegment struct) {
        return ask(SIOCETHTOOL, name, struct.address());
    }

    /** The hardware's type, by the names of libpcap's link types where one fits. */
    public Optional<String> linkType(String name) {
        if (!ask(SIOCGIFHWADDR, name)) {
            return Optional.empty();
        }
        int type = hardwareType();
        return Optional.of(
                switch (type) { // ARPHRD_*, linux/if_arp.h; libpcap gives the loopback Ethernet headers too
                    case ARPHRD_ETHER, 772 -> "ethernet";
                    case 512 -> "ppp";
                    case 768, 769, 776, 65534 -> "raw ip";
                    case 801, 802 -> "ieee802.11";
                    case 803 -> "radiotap";
                    case 32 -> "infiniband";
                    default -> "type " + type;
                });
    }

    /** The hardware address; absent if that is not an Ethernet one, or there is no such interface. */
    public Optional<MacAddress> ethernetAddress(String name) {
        if (!ask(SIOCGIFHWADDR, name) || hardwareType() != ARPHRD_ETHER) {
            return Optional.empty();
        }
        MemorySegment address = request.asSlice(NAME_BYTES + Short.BYTES, MacAddress.SIZE_IN_BYTES);
        return Optional.of(MacAddress.getByAddress(address.toArray(ValueLayout.JAVA_BYTE)));
    }

    /** {@code struct sockaddr} begins with it. */
    private int hardwareType() {
        return Short.toUnsignedInt(request.get(ValueLayout.JAVA_SHORT, NAME_BYTES));
    }

    private boolean ask(long question, String name) {
        return ask(question, name, 0);
    }

    private boolean ask(long question, String name, long data) {
        if (socket < 0 || (!name.equals(named) && !put(name))) {
            return false;
        }
        request.set(ValueLayout.JAVA_LONG, NAME_BYTES, data);
        return control(question);
    }

    private boolean control(long question) {
        try {
            return (int) IOCTL.invokeExact(socket, question, request) == 0;
        } catch (Throwable e) {
            throw new LinkageError("ioctl", e);
        }
    }

    private boolean put(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= NAME_BYTES) { // there is no room for it, but for its interface's name of now
            int index = route.indexOf(name);
            return index != 0 && nameOf(index).isPresent();
        }
        request.fill((byte) 0);
        MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
        named = name;
        return true;
    }

    @Override
    public void close() {
        route.close();
        arena.close();
        if (socket >= 0) {
            try {
                int ignored = (int) CLOSE.invokeExact(socket);
            } catch (Throwable e) {
                throw new LinkageError("close", e);
            }
        }
    }

    private static MethodHandle libc(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }
}
