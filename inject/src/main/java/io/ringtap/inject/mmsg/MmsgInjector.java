package io.ringtap.inject.mmsg;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.PacketSocket;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.InterfaceInjector;
import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.RoomWait;
import io.ringtap.inject.kernel.SendingInterface;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends many frames in a system call, up to {@value #BATCH_FRAMES} when so many are due, on packet sockets of its own, which
 * receive nothing: by sendmmsg(2), or, past the queueing discipline, through a {@link TransmitRing} for each stream. "Sent"
 * means that the kernel took the frame, as with sendpacket.
 *
 * <p>Past the queueing discipline nothing waits for a stuck link, and no capture on the interface sees the frames; see
 * PACKET_QDISC_BYPASS in packet(7).
 */
public final class MmsgInjector extends InterfaceInjector {
    /** More in a call gains nothing that can be measured: the frame costs far more than its share of the call. */
    static final int BATCH_FRAMES = 64;

    /** Room for a queue to drain, but short enough that a stop does not wait for a link that is stuck. */
    static final Duration SEND_WAIT = Duration.ofMillis(100);

    /** A queue that drops says so at once: the socket's own wait does not help there. */
    private static final Duration RETRY_PAUSE = Duration.ofNanos(100_000);

    private static final int MOST_BYTES = 1 << 17;

    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");

    private final Kernel kernel;
    private final SendingInterface to;
    private final SendingSocket socket;
    private final boolean bypass;
    private final RoomWait wait;
    private final List<TransmitRing> rings = new ArrayList<>();
    private final Messages single = new Messages(1);
    private final MemorySegment frame = Arena.ofAuto().allocate(MOST_BYTES);
    private int errno;

    private MmsgInjector(Kernel kernel, SendingInterface to, SendingSocket socket, boolean bypass, RoomWait wait) {
        super(to);
        this.kernel = kernel;
        this.to = to;
        this.socket = socket;
        this.bypass = bypass;
        this.wait = wait;
        single.place(0, frame.address());
    }

    /**
     * Opens an interface for sending.
     *
     * @param bypass whether frames go past the queueing discipline
     * @throws OpenException if it is missing, down or not Ethernet, or CAP_NET_RAW is
     */
    public static MmsgInjector open(String interfaceName, boolean bypass) throws OpenException {
        return open(interfaceName, bypass, new RoomWait(SEND_WAIT, RETRY_PAUSE));
    }

    /** The same, which tries frames again for so long that a full queue has dropped. */
    static MmsgInjector open(String interfaceName, boolean bypass, RoomWait wait) throws OpenException {
        Kernel kernel = new Kernel();
        SendingInterface to = SendingInterface.of(interfaceName);
        SendingSocket socket = SendingSocket.open(kernel, to);
        try {
            prepare(socket, to, bypass);
            return new MmsgInjector(kernel, to, socket, bypass, wait);
        } catch (OpenException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void prepare(SendingSocket socket, SendingInterface to, boolean bypass) throws OpenException {
        PacketSocket packets = PacketSocket.of(socket.descriptor());
        packets.limitSendWait(SEND_WAIT);
        if (bypass) {
            socket.set(SendingSocket.PACKET_QDISC_BYPASS, 1);
        } else if (packets.markOwn() != 0) {
            LOG.warn(
                    "{}: frames sent cannot be marked as ringtap's own, which needs Linux 5.17 or CAP_NET_ADMIN: a capture"
                            + " here takes them for frames of others",
                    to.name());
        }
    }

    @Override
    public Engine engine() {
        return bypass ? Engine.MMSG_BYPASS : Engine.MMSG;
    }

    /** The interface's MTU now; more than any if it is not known. */
    int mostMtuBytes() {
        int mtuBytes = mtuBytesNow();
        return mtuBytes > 0 ? mtuBytes : MOST_BYTES; // 0: not known
    }

    @Override
    public StreamSender sender(CompiledTemplate template, LongSupplier epochNanos) throws OpenException {
        if (!bypass) {
            return new MmsgSender(this, FrameBatch.of(template, epochNanos, BATCH_FRAMES));
        }
        TransmitRing ring = TransmitRing.open(kernel, to, template.longestBytes());
        rings.add(ring);
        return new RingSender(this, ring, template, epochNanos);
    }

    /** A stream has ended that had this ring; idempotent. */
    void close(TransmitRing ring) {
        ring.close();
        rings.remove(ring);
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
        return insist(count -> send(single, count), 1) == 1 ? InjectResult.SENT : result(bytes.length);
    }

    /** Sends messages in turn: how many were sent, or the negative errno of the first. */
    int send(Messages messages, int count) {
        return send(messages, 0, count);
    }

    /** The same with messages from one on that need not be the first. */
    int send(Messages messages, int from, int count) {
        return kernel.sendmmsg(socket.descriptor(), messages.address(from), count);
    }

    /**
     * Tries until the kernel takes a frame, or will not, or the wait is over.
     *
     * @param attempt takes how many frames there are, gives how many the kernel took, or the negative errno of the first
     * @return how many it took; if that is 0, {@link #result} says why of the first
     */
    int insist(IntUnaryOperator attempt, int frames) {
        int sent = attempt.applyAsInt(frames);
        if (sent == -Errno.ENETDOWN) {
            // When an interface goes down the kernel leaves this error on the socket for its next send, even if that
            // comes after it is up again. Once told, it is gone.
            sent = attempt.applyAsInt(frames);
        }
        if (mayPass(sent)) {
            sent = retry(attempt, frames);
        }
        errno = sent == -Errno.EINTR ? Errno.EAGAIN : Math.max(-sent, 0);
        return Math.max(sent, 0);
    }

    /** A queue was full, or a signal, such as the JVM's sampling of its threads, ended the wait for room in the socket. */
    private static boolean mayPass(int sent) {
        return sent == -Errno.ENOBUFS || sent == -Errno.EINTR;
    }

    private int retry(IntUnaryOperator attempt, int frames) {
        int sent;
        boolean goesOn;
        wait.begin();
        do {
            goesOn = wait.pause();
            sent = attempt.applyAsInt(frames);
        } while (mayPass(sent) && goesOn);
        return sent;
    }

    /** Returns why the last frame that was not sent was not, which has a whole Ethernet header. */
    InjectResult result() {
        return Errno.resultOf(errno);
    }

    /** The same of a frame of so many bytes. */
    InjectResult result(int frameBytes) {
        return Errno.resultOf(errno, frameBytes);
    }

    @Override
    public String failure() {
        return errno == 0 ? "" : (bypass ? "send: " : "sendmmsg: ") + Errno.text(errno);
    }

    @Override
    public void close() {
        rings.forEach(TransmitRing::close);
        socket.close();
        super.close();
    }
}
