package io.ringtap.inject.mmsg;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.SendingInterface;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A packet socket that sends out of one interface and receives nothing; see packet(7). One thread's at a time. */
final class SendingSocket implements AutoCloseable {
    static final int PACKET_QDISC_BYPASS = 20;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SOL_PACKET = 263;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int SOCKADDR_LL_IFINDEX = 4;

    private final Kernel kernel;
    private final SendingInterface to;
    private int descriptor;

    private SendingSocket(Kernel kernel, SendingInterface to, int descriptor) {
        this.kernel = kernel;
        this.to = to;
        this.descriptor = descriptor;
    }

    /** Opens one. @throws OpenException if the interface is down, or CAP_NET_RAW is missing */
    static SendingSocket open(Kernel kernel, SendingInterface to) throws OpenException {
        int descriptor = kernel.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); // protocol 0: receives nothing
        if (descriptor < 0) {
            throw refusal(to, -descriptor);
        }
        SendingSocket socket = new SendingSocket(kernel, to, descriptor);
        try {
            socket.bind();
            return socket;
        } catch (OpenException e) {
            socket.close();
            throw e;
        }
    }

    private void bind() throws OpenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_INT, SOCKADDR_LL_IFINDEX, to.index());
            check(kernel.bind(descriptor, address));
            check(-kernel.option(descriptor, SOL_SOCKET, SO_ERROR));
        }
    }

    /** Sets an option of packet sockets, of one or more ints. */
    void set(int option, int... values) throws OpenException {
        try (Arena arena = Arena.ofConfined()) {
            check(kernel.setOption(descriptor, SOL_PACKET, option, arena.allocateFrom(JAVA_INT, values)));
        }
    }

    /** Takes what a system call on the socket gave. @throws OpenException if that was an error */
    long check(long result) throws OpenException {
        if (result < 0) {
            throw refusal(to, (int) -result);
        }
        return result;
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

    int descriptor() {
        return descriptor;
    }

    /** Idempotent. */
    @Override
    public void close() {
        kernel.close(descriptor);
        descriptor = -1;
    }
}
