package io.ringtap.inject.pcap;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.util.MacAddress;

/**
 * The packet socket under an open pcap handle, for what libpcap has no call for. Valid as long as the handle is open.
 * Linux on x86-64 and AArch64: the numbers below differ on some other processors.
 */
final class PacketSocket {
    // asm-generic/socket.h, linux/if_packet.h, linux/sockios.h, linux/if_arp.h
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final short ARPHRD_ETHER = 1;

    /** {@code struct ifreq}: 16 bytes of name, then a union; see netdevice(7). */
    private static final int IFREQ_BYTES = 40;

    private static final int NAME_BYTES = 16;

    static {
        Native.register(PacketSocket.class, Platform.C_LIBRARY_NAME);
    }

    private final int descriptor;
    private final String interfaceName;

    private PacketSocket(int descriptor, String interfaceName) {
        this.descriptor = descriptor;
        this.interfaceName = interfaceName;
    }

    private static native int setsockopt(int descriptor, int level, int option, byte[] value, int length);

    private static native int ioctl(int descriptor, NativeLong request, byte[] argument);

    /** The socket of a handle that is open on a live interface. */
    static PacketSocket of(PcapHandle handle, String interfaceName) {
        try {
            // pcap4j keeps the pcap_t to itself.
            Field field = PcapHandle.class.getDeclaredField("handle");
            field.setAccessible(true);
            Pointer pcap = (Pointer) field.get(handle);
            String library = System.getProperty("org.pcap4j.core.pcapLibName", "pcap");
            int descriptor = Function.getFunction(library, "pcap_fileno").invokeInt(new Object[] {pcap});
            return new PacketSocket(descriptor, interfaceName);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this is not pcap4j 1.8.2: no field PcapHandle.handle", e);
        }
    }

    /**
     * Spares the kernel from cloning for this socket every frame that others send out of the interface.
     *
     * @return false before Linux 4.20, which has no such option
     */
    boolean ignoreOutgoing() {
        byte[] on = new byte[Integer.BYTES];
        inNativeOrder(on).putInt(1);
        return setsockopt(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, on, on.length) == 0;
    }

    /** Makes a send fail with EAGAIN that has found no room for so long; without, it waits for ever. */
    boolean limitSendWait(Duration limit) {
        byte[] timeval = new byte[2 * Long.BYTES];
        inNativeOrder(timeval).putLong(limit.toSeconds()).putLong(limit.toNanosPart() / 1000);
        return setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, timeval, timeval.length) == 0;
    }

    /** The interface's hardware address; zeros if that is not an Ethernet one, or the interface has gone. */
    MacAddress address() {
        ByteBuffer ifreq = ifreq(SIOCGIFHWADDR);
        byte[] address = new byte[MacAddress.SIZE_IN_BYTES];
        if (ifreq.getShort(NAME_BYTES) == ARPHRD_ETHER) {
            ifreq.get(NAME_BYTES + 2, address);
        }
        return MacAddress.getByAddress(address);
    }

    /** The interface's MTU; 0 if the interface has gone. */
    int mtuBytes() {
        return ifreq(SIOCGIFMTU).getInt(NAME_BYTES);
    }

    // ioctl on the handle's own socket works in the network namespace where it was opened, and where the daemon may
    // open no other socket (RestrictAddressFamilies); java.net.NetworkInterface does neither.
    private ByteBuffer ifreq(long request) {
        byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        byte[] ifreq = Arrays.copyOf(name, IFREQ_BYTES);
        if (name.length >= NAME_BYTES || ioctl(descriptor, new NativeLong(request), ifreq) != 0) {
            ifreq = new byte[IFREQ_BYTES];
        }
        return inNativeOrder(ifreq);
    }

    private static ByteBuffer inNativeOrder(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
