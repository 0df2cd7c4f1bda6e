package io.ringtap.inject.xdp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.inject.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * The XDP features of a driver, asked by generic netlink of the family {@code netdev} (linux/netdev.h, Linux 6.3).
 *
 * @param bits what it does; absent where the kernel is older and cannot be asked
 */
record XdpFeatures(OptionalLong bits) {
    private static final int NETDEV_XDP_ACT_NDO_XMIT = 4;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_GENERIC = 16;
    private static final short NLM_F_REQUEST = 1;
    private static final short NLMSG_ERROR = 2;
    private static final short GENL_ID_CTRL = 16;
    private static final byte CTRL_CMD_GETFAMILY = 3;
    private static final short CTRL_ATTR_FAMILY_ID = 1;
    private static final short CTRL_ATTR_FAMILY_NAME = 2;
    private static final byte NETDEV_CMD_DEV_GET = 1;
    private static final short NETDEV_A_DEV_IFINDEX = 1;
    private static final short NETDEV_A_DEV_XDP_FEATURES = 3;

    private static final int HEADERS_BYTES = 16 + 4; // struct nlmsghdr, struct genlmsghdr
    private static final int ATTRIBUTE_BYTES = 4; // struct nlattr
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    private static final int ANSWER_BYTES = 8192;

    /** Returns whether it surely takes no frames that are redirected to it. */
    boolean refusesRedirected() {
        return bits.isPresent() && (bits.getAsLong() & NETDEV_XDP_ACT_NDO_XMIT) == 0;
    }

    static XdpFeatures of(Kernel kernel, int interfaceIndex) {
        int socket = kernel.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
        if (socket < 0) {
            return new XdpFeatures(OptionalLong.empty());
        }
        try {
            byte[] name = "netdev\0".getBytes(StandardCharsets.US_ASCII);
            OptionalLong family = ask(
                    kernel, socket, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, name, CTRL_ATTR_FAMILY_ID);
            if (family.isEmpty()) {
                return new XdpFeatures(family);
            }
            byte[] index = ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(interfaceIndex)
                    .array();
            return new XdpFeatures(ask(
                    kernel,
                    socket,
                    (short) family.getAsLong(),
                    NETDEV_CMD_DEV_GET,
                    NETDEV_A_DEV_IFINDEX,
                    index,
                    NETDEV_A_DEV_XDP_FEATURES));
        } finally {
            kernel.close(socket);
        }
    }

    /** Sends one attribute and gives another, a number, of the answer. The kernel answers before the send returns. */
    private static OptionalLong ask(
            Kernel kernel, int socket, short family, byte command, short key, byte[] value, short wanted) {
        try (Arena arena = Arena.ofConfined()) {
            int length = HEADERS_BYTES + ATTRIBUTE_BYTES + value.length;
            MemorySegment request = arena.allocate(length + 3 & -4, Integer.BYTES);
            ByteBuffer out = request.asByteBuffer().order(ByteOrder.nativeOrder());
            out.putInt((int) request.byteSize())
                    .putShort(family)
                    .putShort(NLM_F_REQUEST)
                    .putInt(1)
                    .putInt(0);
            out.put(command).put((byte) 1).putShort((short) 0);
            out.putShort((short) (ATTRIBUTE_BYTES + value.length)).putShort(key).put(value);
            MemorySegment answer = arena.allocate(ANSWER_BYTES, Long.BYTES);
            if (kernel.send(socket, request.address(), request.byteSize()) < 0) {
                return OptionalLong.empty();
            }
            long received = kernel.receive(socket, answer);
            return received < HEADERS_BYTES
                    ? OptionalLong.empty()
                    : find(answer.asSlice(0, received).toArray(JAVA_BYTE), wanted);
        }
    }

    private static OptionalLong find(byte[] answer, short wanted) {
        ByteBuffer in = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
        if (in.getShort(4) == NLMSG_ERROR) {
            return OptionalLong.empty();
        }
        int at = HEADERS_BYTES;
        while (at + ATTRIBUTE_BYTES <= answer.length) {
            int length = Short.toUnsignedInt(in.getShort(at));
            if (length < ATTRIBUTE_BYTES || at + length > answer.length) {
                return OptionalLong.empty();
            }
            if ((in.getShort(at + 2) & ATTRIBUTE_TYPE_MASK) == wanted) {
                int start = at + ATTRIBUTE_BYTES;
                return switch (length - ATTRIBUTE_BYTES) {
                    case Short.BYTES -> OptionalLong.of(Short.toUnsignedLong(in.getShort(start)));
                    case Long.BYTES -> OptionalLong.of(in.getLong(start));
                    default -> OptionalLong.empty();
                };
            }
            at += length + 3 & -4;
        }
        return OptionalLong.empty();
    }
}
