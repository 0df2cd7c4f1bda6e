package io.ringtap.inject.pcap;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.capture.pcap.OpenFailure;
import io.ringtap.capture.pcap.PacketSocket;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.InterfaceInjector;
import io.ringtap.inject.kernel.RoomWait;
import io.ringtap.inject.send.InjectResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapAccess.Activated;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.pcap4j.util.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends through libpcap, on a pcap4j handle of its own that receives nothing: a kernel filter rejects every
 * frame that arrives, frames that leave are not even offered to it, and its kernel ring is a page.
 *
 * <p>"Sent" means that the kernel took the frame. What is sent on an interface that is up but has no carrier (cable out,
 * the other end of a veth pair down) Linux takes and drops without an error: {@link #isLinkDown} tells, and the
 * interface's own TX counters.
 *
 * <p>If the interface is removed every frame is {@link InjectResult#OTHER}, also when one of the same name comes back:
 * open it anew.
 */
@NullMarked
public final class PcapInjector extends InterfaceInjector {
    /** Room for a queue to drain, but short enough that a stop does not wait for a link that is stuck. */
    static final Duration SEND_WAIT = Duration.ofMillis(100);

    /** At a gigabit a second twelve full frames leave in so long; other streams wait meanwhile. */
    static final Duration RETRY_FOR = Duration.ofMillis(10);

    private static final Duration RETRY_PAUSE = Duration.ofNanos(200_000);

    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");
    private static final String ACTION = "cannot send on";

    /** Any frame of a usual MTU; grows for others. */
    private static final int COPY_BYTES = 2048;

    /** After some hundred the JVM compiles a method. */
    private static final int FIRST_CALLS = 500;

    private final PcapHandle handle;
    private final SendPacket sendPacket;
    private final RoomWait wait;
    private String failure = "";

    /** Where frames of a handler, which are no off-heap memory, are sent from. */
    private ByteBuffer copy = ByteBuffer.allocateDirect(COPY_BYTES);

    /** Whether the last frame may be taken in a moment. */
    private boolean mayPass;

    private PcapInjector(String interfaceName, Activated activated, MacAddress address, int mtuBytes, RoomWait wait) {
        super(interfaceName, address, mtuBytes);
        this.wait = wait;
        this.handle = activated.handle();
        this.sendPacket = new SendPacket(activated.address());
    }

    /**
     * Opens an interface for sending.
     *
     * @throws OpenException if it is missing, down or not Ethernet, or CAP_NET_RAW is
     */
    public static PcapInjector open(String interfaceName) throws OpenException {
        return open(interfaceName, new RoomWait(RETRY_FOR, RETRY_PAUSE));
    }

    /** The same, which tries a frame again for so long that a full queue has dropped. */
    static PcapInjector open(String interfaceName, RoomWait wait) throws OpenException {
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
            if (socket.markOwn() != 0) {
                LOG.warn(
                        "{}: frames sent cannot be marked as ringtap's own, which needs Linux 5.17 or CAP_NET_ADMIN: a"
                                + " capture of outgoing frames takes them too",
                        interfaceName);
            }
            MacAddress address = query.ethernetAddress(interfaceName).orElse(NO_ADDRESS);
            return new PcapInjector(
                    interfaceName,
                    activated,
                    address,
                    query.mtuBytes(interfaceName).orElse(0),
                    wait);
        } catch (OpenException | RuntimeException | Error e) {
            handle.close();
            throw e;
        }
    }

    private static Activated activate(String interfaceName) throws OpenException {
        try {
            return PcapAccess.activateUnread(InterfaceQuery.deviceName(interfaceName));
        } catch (PcapAccess.RefusedException e) {
            throw OpenFailure.of(ACTION, interfaceName, e.status(), e.getMessage());
        }
    }

    @Override
    public Engine engine() {
        return Engine.SENDPACKET;
    }

    /** {@inheritDoc} The first calls take the JVM long; it is made to do them for frames of no length, which the kernel refuses. */
    @Override
    public void prepareThread() {
        super.prepareThread();
        for (int i = 0; i < FIRST_CALLS; i++) {
            inject(copy, 0, 0);
        }
    }

    @Override
    public InjectResult inject(byte[] frame) {
        if (copy.capacity() < frame.length) {
            copy = ByteBuffer.allocateDirect(frame.length);
        }
        return inject(copy.put(0, frame), 0, frame.length);
    }

    @Override
    public InjectResult inject(ByteBuffer memory, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, memory.capacity());
        InjectResult result = attempt(memory, offset, lengthBytes);
        // When an interface goes down the kernel leaves ENETDOWN on the socket for its next send, even if that comes
        // after it is up again. Once told, that error is gone.
        if (result == InjectResult.LINK_DOWN) {
            return attempt(memory, offset, lengthBytes);
        }
        return mayPass ? retry(memory, offset, lengthBytes) : result;
    }

    /** A queue that drops says so at once, and most often has room again soon; the socket's own wait does not help. */
    private InjectResult retry(ByteBuffer memory, int offset, int lengthBytes) {
        InjectResult result;
        boolean goesOn;
        wait.begin();
        do {
            goesOn = wait.pause();
            result = attempt(memory, offset, lengthBytes);
        } while (mayPass && goesOn);
        return result;
    }

    private InjectResult attempt(ByteBuffer memory, int offset, int lengthBytes) {
        mayPass = false;
        if (!handle.isOpen()) {
            failure = "the handle is closed";
            return InjectResult.OTHER;
        }
        if (sendPacket.send(memory, offset, lengthBytes)) {
            return InjectResult.SENT;
        }
        failure = sendPacket.text();
        int errno = SendError.errno(failure);
        mayPass = SendError.mayPass(errno);
        return Errno.resultOf(errno, lengthBytes);
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
        super.close();
    }
}
