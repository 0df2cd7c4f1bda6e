package io.ringtap.inject.pcap;

import com.sun.jna.Native;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.capture.pcap.OpenFailure;
import io.ringtap.capture.pcap.PacketSocket;
import io.ringtap.inject.FrameInjector;
import io.ringtap.inject.InjectResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapAccess.Activated;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.pcap4j.util.MacAddress;

/**
 * Sends through libpcap, on a pcap4j handle of its own that receives nothing: a kernel filter rejects every
 * frame that arrives, frames that leave are not even offered to it, and its kernel ring is a page.
 *
 * <p>"Sent" means that the kernel took the frame. What is sent on an interface that is up but has no carrier (cable out,
 * the other end of a veth pair down) Linux takes and drops without an error: only the interface's own TX counters tell.
 *
 * <p>If the interface is removed every frame is {@link InjectResult#OTHER}, also when one of the same name comes back:
 * open it anew.
 */
public final class PcapInjector implements FrameInjector {
    /** Room for a queue to drain, but short enough that a stop does not wait for a link that is stuck. */
    static final Duration SEND_WAIT = Duration.ofMillis(100);

    /** libpcap's immediate mode has slots of the snaplen's size, in a ring of as little as a page. */
    private static final int RING_BYTES = 4096;

    private static final int SNAPLEN_BYTES = 64;

    /** Never used: immediate mode has no time-out. libpcap wants one above 0. */
    private static final int TIMEOUT_MILLIS = 1000;

    private static final String ACTION = "cannot send on";

    /** What an interface has that is not Ethernet though its frames are: the loopback. */
    private static final MacAddress NO_ADDRESS = MacAddress.getByAddress(new byte[MacAddress.SIZE_IN_BYTES]);

    private static final String MESSAGE_PREFIX = "Error occurred in pcap_sendpacket(): ";

    private final String interfaceName;
    private final PcapHandle handle;
    private final SendPacket sendPacket;
    private final MacAddress address;
    private final int mtuBytes;
    private String failure = "";

    private PcapInjector(String interfaceName, Activated activated, MacAddress address, int mtuBytes) {
        this.interfaceName = interfaceName;
        this.handle = activated.handle();
        this.sendPacket = new SendPacket(activated.address());
        this.address = address;
        this.mtuBytes = mtuBytes;
    }

    /**
     * Opens an interface for sending.
     *
     * @throws OpenException if it is missing, down or not Ethernet, or CAP_NET_RAW is
     */
    public static PcapInjector open(String interfaceName) throws OpenException {
        Activated activated = activate(interfaceName);
        PcapHandle handle = activated.handle();
        try (InterfaceQuery query = InterfaceQuery.open()) {
            if (!handle.getDlt().equals(DataLinkType.EN10MB)) {
                throw OpenFailure.notEthernet(ACTION, interfaceName, handle.getDlt());
            }
            PacketSocket socket = PacketSocket.of(activated);
            int errno = socket.rejectAll();
            if (errno != 0) {
                throw OpenFailure.of(ACTION, interfaceName, -1, "attaching a filter failed with errno " + errno);
            }
            socket.ignoreOutgoing(); // where there is no such option, the filter alone rejects them
            socket.limitSendWait(SEND_WAIT);
            MacAddress address = query.ethernetAddress(interfaceName).orElse(NO_ADDRESS);
            return new PcapInjector(
                    interfaceName,
                    activated,
                    address,
                    query.mtuBytes(interfaceName).orElse(0));
        } catch (OpenException | RuntimeException | Error e) {
            handle.close();
            throw e;
        }
    }

    private static Activated activate(String interfaceName) throws OpenException {
        try {
            return PcapAccess.activate(interfaceName, SNAPLEN_BYTES, false, true, TIMEOUT_MILLIS, RING_BYTES);
        } catch (PcapAccess.RefusedException e) {
            throw OpenFailure.of(ACTION, interfaceName, e.status(), e.getMessage());
        }
    }

    @Override
    public String interfaceName() {
        return interfaceName;
    }

    @Override
    public MacAddress address() {
        return address;
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public InjectResult inject(byte[] frame) {
        InjectResult result = attempt(frame);
        // When an interface goes down the kernel leaves ENETDOWN on the socket for its next send, even if that comes
        // after it is up again. Once told, that error is gone.
        return result == InjectResult.LINK_DOWN ? attempt(frame) : result;
    }

    private InjectResult attempt(byte[] frame) {
        try {
            handle.sendPacket(frame);
            return InjectResult.SENT;
        } catch (PcapNativeException e) {
            int errno = Native.getLastError();
            failure = e.getMessage().replace(MESSAGE_PREFIX, "");
            return SendError.resultOf(errno, failure);
        } catch (NotOpenException e) {
            failure = "the handle is closed";
            return InjectResult.OTHER;
        }
    }

    @Override
    public InjectResult inject(ByteBuffer memory, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, memory.capacity());
        if (!memory.isDirect()) {
            return FrameInjector.super.inject(memory, offset, lengthBytes);
        }
        InjectResult result = attempt(memory, offset, lengthBytes);
        return result == InjectResult.LINK_DOWN ? attempt(memory, offset, lengthBytes) : result;
    }

    private InjectResult attempt(ByteBuffer memory, int offset, int lengthBytes) {
        if (!handle.isOpen()) {
            failure = "the handle is closed";
            return InjectResult.OTHER;
        }
        if (sendPacket.send(memory, offset, lengthBytes)) {
            return InjectResult.SENT;
        }
        failure = sendPacket.text();
        return SendError.resultOf(sendPacket.errno(), failure);
    }

    @Override
    public String failure() {
        return failure;
    }

    /** Frames that the handle received in spite of everything; libpcap's {@code ps_recv}. */
    long received() throws PcapNativeException, NotOpenException {
        return handle.getStats().getNumPacketsReceived();
    }

    @Override
    public void close() {
        if (handle.isOpen()) {
            handle.close();
        }
    }
}
