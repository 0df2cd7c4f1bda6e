package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.CaptureConfig.Fanout;
import io.ringtap.frame.TunnelPorts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pcap4j.core.PcapAccess.Activated;

/**
 * The AF_PACKET socket under a live pcap_t: what libpcap has no function for, or does in user space. Valid as long as the
 * handle is open; any thread. packet(7), socket(7), linux/if_packet.h, linux/filter.h.
 *
 * <pre>{@code
 * interface ─► filter (SO_ATTACH_FILTER: rejected frames count nowhere)
 *           ─► ring ─► BlockReader, SlotReader or libpcap; what finds no room counts as dropped (PACKET_STATISTICS)
 *
 * filter = [outgoingOnly | notOwn] + what libpcap compiled   jumps are relative: programs can stand one behind the other
 * }</pre>
 *
 * <p>The socket, its ring and its filter are the kernel's; the descriptor is libpcap's, which closes it. Opening took CAP_NET_RAW;
 * what is called here takes none, but for {@link #markOwn}. Calls return 0 or the errno, as each says: EBADF after a close, ENODEV
 * once the interface is gone, ENOMEM for a filter that is longer than net.core.optmem_max allows.
 *
 * <p>Filters are attached to it directly. libpcap's own pcap_setfilter also runs a new filter in user space over the
 * blocks already filled, where the frames it rejects are in ps_recv but never delivered, and where tests of the packet
 * type ({@code inbound}) reject everything.
 */
public final class PacketSocket {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_SNDTIMEO = 21;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_MARK = 36;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_FANOUT_DATA = 22;

    private static final int PACKET_FANOUT_CBPF = 6;
    private static final int PACKET_FANOUT_FLAG_ROLLOVER = 0x1000;
    private static final int PACKET_FANOUT_FLAG_DEFRAG = 0x8000;

    /** The kernel picks a group number that nobody has. */
    private static final int PACKET_FANOUT_FLAG_UNIQUEID = 0x2000;

    /** struct sock_fprog: a 16-bit count, padding, and a pointer. */
    private static final long PROGRAM_BYTES = 16;

    private static final int INSTRUCTION_BYTES = 8;

    /** BPF_RET | BPF_K with 0: no frame passes. */
    private static final byte[] REJECT_ALL = {0x06, 0, 0, 0, 0, 0, 0, 0};

    /**
     * Loads the packet type (linux/filter.h: SKF_AD_OFF + SKF_AD_PKTTYPE = 0xfffff004), goes on if it is
     * PACKET_OUTGOING (4), else rejects.
     */
    private static final byte[] OUTGOING_ONLY = {
        0x28, 0, 0, 0, 0x04, (byte) 0xf0, (byte) 0xff, (byte) 0xff, // ldh [pkttype]
        0x15, 0, 1, 0, 4, 0, 0, 0, // jeq #4, over the next one, else to it
        0x06, 0, 0, 0, 0, 0, 0, 0 // ret #0
    };

    /** "rtap": the mark, of the kernel's {@code skb->mark}, of frames that ringtap sends. */
    private static final int OWN_MARK = 0x7274_6170;

    /**
     * Rejects a frame that is outgoing and has the mark (SKF_AD_MARK = 0xfffff014), else goes on. A frame that comes in
     * again keeps its mark within a network namespace, and is not outgoing.
     */
    private static final byte[] NOT_OWN = {
        0x28, 0, 0, 0, 0x04, (byte) 0xf0, (byte) 0xff, (byte) 0xff, // ldh [pkttype]
        0x15, 0, 0, 3, 4, 0, 0, 0, // jeq #4, else over three
        0x20, 0, 0, 0, 0x14, (byte) 0xf0, (byte) 0xff, (byte) 0xff, // ld [mark]
        0x15, 0, 0, 1, 0x70, 0x61, 0x74, 0x72, // jeq #OWN_MARK, else over one
        0x06, 0, 0, 0, 0, 0, 0, 0 // ret #0
    };

    private final int descriptor;

    private PacketSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /** The socket of a handle that is open. */
    public static PacketSocket of(Activated activated) {
        return new PacketSocket(Libpcap.fileno(activated.address()));
    }

    /** A socket of one's own, valid until its descriptor is closed. */
    public static PacketSocket of(int descriptor) {
        return new PacketSocket(descriptor);
    }

    int descriptor() {
        return descriptor;
    }

    /** From now on the socket accepts no frame; what it has accepted stays readable. 0, or the errno. */
    public int rejectAll() {
        return attach(REJECT_ALL);
    }

    /** Attaches a compiled filter. 0, or the errno. */
    int accept(byte[] filter) {
        return attach(filter);
    }

    /** A filter that only frames sent by this machine reach. */
    static byte[] outgoingOnly(byte[] filter) {
        return joined(OUTGOING_ONLY, filter);
    }

    /** A filter that frames do not reach that were sent from a socket with {@link #markOwn}. */
    static byte[] notOwn(byte[] filter) {
        return joined(NOT_OWN, filter);
    }

    /** BPF jumps are relative: a program that goes on at its end can stand before any other. */
    private static byte[] joined(byte[] first, byte[] then) {
        byte[] program = Arrays.copyOf(first, first.length + then.length);
        System.arraycopy(then, 0, program, first.length, then.length);
        return program;
    }

    /** Marks every frame sent from here on as ringtap's own (CAP_NET_ADMIN, or from Linux 5.17 CAP_NET_RAW). 0, or the errno. */
    public int markOwn() {
        try (Arena arena = Arena.ofConfined()) {
            return Libpcap.setSocketOption(descriptor, SOL_SOCKET, SO_MARK, arena.allocateFrom(JAVA_INT, OWN_MARK));
        }
    }

    /** Keeps frames that this machine sends from the socket, before they are counted (Linux 4.20). 0, or the errno. */
    public int ignoreOutgoing() {
        return setPacketOption(PACKET_IGNORE_OUTGOING, 1);
    }

    /** Makes a send fail with EAGAIN that has found no room for so long; without, it waits for ever. 0, or the errno. */
    public int limitSendWait(Duration limit) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeval = arena.allocateFrom(JAVA_LONG, limit.toSeconds(), limit.toNanosPart() / 1_000);
            return Libpcap.setSocketOption(descriptor, SOL_SOCKET, SO_SNDTIMEO, timeval);
        }
    }

    /**
     * Starts a fanout group that gives each frame to one member by the kernel's symmetric flow hash (type
     * PACKET_FANOUT_HASH, 0), or by {@link InnerFanout}'s. 0, or the errno.
     */
    int startFanout(Set<Fanout> departures, TunnelPorts ports) {
        int flags = PACKET_FANOUT_FLAG_UNIQUEID;
        for (Fanout departure : departures) {
            flags |= switch (departure) {
                case ROLLOVER -> PACKET_FANOUT_FLAG_ROLLOVER;
                case DEFRAGMENT -> PACKET_FANOUT_FLAG_DEFRAG;
                case INNER -> PACKET_FANOUT_CBPF;
            };
        }
        int errno = setPacketOption(PACKET_FANOUT, flags << 16);
        return errno != 0 || !departures.contains(Fanout.INNER)
                ? errno
                : setProgram(SOL_PACKET, PACKET_FANOUT_DATA, InnerFanout.program(ports));
    }

    /** Joins the fanout group that another socket started. 0, or the errno. */
    int joinFanout(PacketSocket first) {
        // The number with type and flags, which must be the same for all members.
        int group = Libpcap.intSocketOption(first.descriptor, SOL_PACKET, PACKET_FANOUT);
        return setPacketOption(PACKET_FANOUT, group);
    }

    private int setPacketOption(int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return Libpcap.setSocketOption(descriptor, SOL_PACKET, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    private int attach(byte[] instructions) {
        return setProgram(SOL_SOCKET, SO_ATTACH_FILTER, instructions);
    }

    private int setProgram(int layer, int option, byte[] instructions) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(instructions.length, INSTRUCTION_BYTES);
            MemorySegment.copy(instructions, 0, code, JAVA_BYTE, 0, instructions.length);
            MemorySegment program = arena.allocate(PROGRAM_BYTES, 8);
            program.set(JAVA_SHORT, 0, (short) (instructions.length / INSTRUCTION_BYTES));
            program.set(JAVA_LONG, 8, code.address());
            return Libpcap.setSocketOption(descriptor, layer, option, program);
        }
    }

    /** Takes the pending error, so that poll(2) no longer reports it. */
    void takeError() {
        Libpcap.intSocketOption(descriptor, SOL_SOCKET, SO_ERROR);
    }

    /** The number of the interface it is bound to; negative once that is gone. */
    int interfaceIndex() {
        return Libpcap.boundInterface(descriptor);
    }

    /** The kernel ring that is mapped for this socket, from /proc; absent if that cannot be told. */
    Optional<RingMapping> ring() {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
                List<RingMapping> mappings = lines.filter(line -> line.endsWith(name))
                        .map(RingMapping::parse)
                        .toList();
                return mappings.size() == 1 ? Optional.of(mappings.getFirst()) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
