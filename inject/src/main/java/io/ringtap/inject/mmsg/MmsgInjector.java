package io.ringtap.inject.mmsg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.pcap.PacketSocket;
import io.ringtap.inject.FrameInjector;
import io.ringtap.inject.InjectResult;
import io.ringtap.inject.StreamSender;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.SendingInterface;
import io.ringtap.inject.kernel.TimerSlack;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.pcap4j.util.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends by sendmmsg(2) on a packet socket of its own, which receives nothing: up to {@value #BATCH_FRAMES} frames a call
 * when so many are due. "Sent" means that the kernel took the frame, as with sendpacket.
 *
 * <p>Past the queueing discipline nothing waits for a stuck link, and no capture on the interface sees the frames; see
 * PACKET_QDISC_BYPASS in packet(7).
 */
public final class MmsgInjector implements FrameInjector {
    /** More in a call gains nothing that can be measured: the frame costs far more than its share of the call. */
    static final int BATCH_FRAMES = 64;

    /** Room for a queue to drain, but short enough that a stop does not wait for a link that is stuck. */
    private static final Duration SEND_WAIT = Duration.ofMillis(100);

    /** A queue that drops says so at once: the socket's own wait does not help there. */
    private static final long RETRY_PAUSE_NANOS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(MmsgInjector.class);

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int SOCKADDR_LL_IFINDEX = 4;

    private final Kernel kernel;
    private final SendingInterface to;
    private final Messages single;
    private final MemorySegment frame = Arena.ofAuto().allocate(1 << 17);
    private int socket;
    private int errno;

    private MmsgInjector(Kernel kernel, SendingInterface to, int socket) {
        this.kernel = kernel;
        this.to = to;
        this.socket = socket;
        this.single = new Messages(1);
        single.place(0, frame.address());
    }

    /**
     * Opens an interface for sending.
     *
     * @param bypass whether frames go past the queueing discipline
     * @throws OpenException if it is missing, down or not Ethernet, or CAP_NET_RAW is
     */
    public static MmsgInjector open(String interfaceName, boolean bypass) throws OpenException {
        Kernel kernel = new Kernel();
        SendingInterface to = SendingInterface.of(interfaceName, kernel);
        int socket = kernel.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); // protocol 0: receives nothing
        if (socket < 0) {
            throw refusal(to, -socket);
        }
        int result = set(kernel, socket, to, bypass);
        if (result < 0) {
            kernel.close(socket);
            throw refusal(to, -result);
        }
        PacketSocket.of(socket).limitSendWait(SEND_WAIT);
        if (!bypass && PacketSocket.of(socket).markOwn() != 0) {
            LOG.warn(
                    "{}: frames sent cannot be marked as ringtap's own, which needs Linux 5.17 or CAP_NET_ADMIN: a capture"
                            + " here takes them for frames of others",
                    to.name());
        }
        return new MmsgInjector(kernel, to, socket);
    }

    private static int set(Kernel kernel, int socket, SendingInterface to, boolean bypass) {
        try (Arena arena = Arena.ofConfined()) {
            if (bypass) {
                int result = kernel.setOption(socket, SOL_PACKET, PACKET_QDISC_BYPASS, arena.allocateFrom(JAVA_INT, 1));
                if (result < 0) {
                    return result;
                }
            }
            MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_INT, SOCKADDR_LL_IFINDEX, to.index());
            int result = kernel.bind(socket, address);
            return result < 0 ? result : -kernel.option(socket, SOL_SOCKET, SO_ERROR);
        }
    }

    private static OpenException refusal(SendingInterface to, int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES ->
                to.failure(
                        Reason.NOT_PERMITTED,
                        "a packet socket is refused (" + Errno.text(errno)
                                + "); CAP_NET_RAW is missing: run as root, or under systemd with"
                                + " AmbientCapabilities=CAP_NET_RAW");
            case Errno.ENETDOWN ->
                to.failure(Reason.INTERFACE_DOWN, "it is down; set it up: ip link set " + to.name() + " up");
            default -> to.failure(Reason.OTHER, Errno.text(errno) + " (errno " + errno + ")");
        };
    }

    @Override
    public String interfaceName() {
        return to.name();
    }

    @Override
    public MacAddress address() {
        return to.address();
    }

    @Override
    public int mtuBytes() {
        return to.mtuBytes();
    }

    @Override
    public void prepareThread() {
        TimerSlack.takeAway();
    }

    @Override
    public boolean isLinkDown() {
        return to.isDown();
    }

    @Override
    public StreamSender sender(CompiledTemplate template, LongSupplier epochNanos) {
        return new MmsgSender(this, new FrameBatch(template, epochNanos, BATCH_FRAMES));
    }

    @Override
    public StreamSender sender(ReplayFrames frames) {
        return new ReplaySender(this, frames);
    }

    @Override
    public InjectResult inject(byte[] bytes) {
        if (bytes.length > frame.byteSize()) {
            errno = Errno.EMSGSIZE;
            return InjectResult.TOO_LONG;
        }
        MemorySegment.copy(bytes, 0, frame, JAVA_BYTE, 0, bytes.length);
        single.length(0, bytes.length);
        return send(single, 0, 1) == 1 ? InjectResult.SENT : result();
    }

    /** Sends messages in turn; gives how many were sent. If that is none, {@link #result} says why of the first. */
    int send(Messages messages, int from, int count) {
        int sent = kernel.sendmmsg(socket, messages.address(from), count);
        if (sent == -Errno.ENETDOWN) {
            // When an interface goes down the kernel leaves this error on the socket for its next send, even if that
            // comes after it is up again. Once told, it is gone.
            sent = kernel.sendmmsg(socket, messages.address(from), count);
        }
        if (sent == -Errno.ENOBUFS) {
            sent = retry(messages, from, count);
        }
        errno = sent < 0 ? -sent : 0;
        return Math.max(sent, 0);
    }

    private int retry(Messages messages, int from, int count) {
        long deadline = System.nanoTime() + SEND_WAIT.toNanos();
        int sent = -Errno.ENOBUFS;
        while (sent == -Errno.ENOBUFS && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(RETRY_PAUSE_NANOS);
            sent = kernel.sendmmsg(socket, messages.address(from), count);
        }
        return sent;
    }

    /** Why the last frame that was not sent was not. */
    InjectResult result() {
        return Errno.resultOf(errno);
    }

    @Override
    public String failure() {
        return errno == 0 ? "" : "sendmmsg: " + Errno.text(errno);
    }

    @Override
    public void close() {
        kernel.close(socket);
        socket = -1;
    }
}
