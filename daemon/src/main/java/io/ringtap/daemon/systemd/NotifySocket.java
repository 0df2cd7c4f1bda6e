package io.ringtap.daemon.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Sends datagrams to a Unix socket, as sd_notify(3) does; Java has stream sockets only. Any thread. Linux; the numbers are those
 * of x86-64 and AArch64.
 */
final class NotifySocket implements AutoCloseable {
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** Where sockaddr_un's sun_path begins, and how long it is: unix(7). */
    private static final int PATH_OFFSET = 2;

    private static final int PATH_BYTES = 108;

    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SOCKET = libc("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SENDTO =
            libc("sendto", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT = libc("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = libc("close", JAVA_INT);

    private final String address;
    private final int descriptor;
    private boolean closed;

    private NotifySocket(String address, int descriptor) {
        this.address = address;
        this.descriptor = descriptor;
    }

    /**
     * A socket that sends to an address.
     *
     * @param address an absolute path, or {@code @} and a name in the abstract name space
     * @throws IOException if the address is neither, or too long, or the process has no descriptor left
     */
    static NotifySocket open(String address) throws IOException {
        boolean known = address.startsWith("/") || address.startsWith("@");
        if (!known || address.getBytes(StandardCharsets.UTF_8).length >= PATH_BYTES) {
            throw new IOException("NOTIFY_SOCKET=" + address + " is no path and no abstract socket, or too long");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            int descriptor = check(
                    "socket", (int) SOCKET.invokeExact(errno, (int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), errno);
            MemorySegment second = arena.allocateFrom(JAVA_LONG, 1, 0); // struct timeval
            int length = (int) second.byteSize();
            int _ = (int) SETSOCKOPT.invokeExact(errno, descriptor, SOL_SOCKET, SO_SNDTIMEO, second, length);
            return new NotifySocket(address, descriptor);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("socket", e);
        }
    }

    /** Sends lines {@code NAME=value}; waits a second at most. @throws IOException if nobody takes them */
    synchronized void send(String state) throws IOException {
        if (closed) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            byte[] path = address.getBytes(StandardCharsets.UTF_8);
            MemorySegment to = arena.allocate(PATH_OFFSET + PATH_BYTES, Short.BYTES);
            to.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(path, 0, to, JAVA_BYTE, PATH_OFFSET, path.length);
            boolean isAbstract = address.startsWith("@");
            if (isAbstract) {
                to.set(JAVA_BYTE, PATH_OFFSET, (byte) 0);
            }
            int toLength = PATH_OFFSET + path.length + (isAbstract ? 0 : 1); // a path ends with NUL, a name does not
            byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
            MemorySegment message = arena.allocateFrom(JAVA_BYTE, bytes);
            long sent = (long)
                    SENDTO.invokeExact(errno, descriptor, message, (long) bytes.length, MSG_NOSIGNAL, to, toLength);
            check("sendto", (int) sent, errno);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("sendto", e);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(arena.allocate(Linker.Option.captureStateLayout()), descriptor);
        } catch (Throwable e) {
            throw new LinkageError("close", e);
        }
    }

    private static int check(String call, int result, MemorySegment errno) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed with errno " + errno.get(JAVA_INT, 0));
        }
        return result;
    }

    private static MethodHandle libc(String name, MemoryLayout... arguments) {
        FunctionDescriptor type = name.equals("sendto")
                ? FunctionDescriptor.of(JAVA_LONG, arguments)
                : FunctionDescriptor.of(JAVA_INT, arguments);
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
    }
}
