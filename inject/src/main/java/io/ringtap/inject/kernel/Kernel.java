package io.ringtap.inject.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls that engines send by. Each gives what the kernel gave, or the negative errno; addresses go as {@code
 * long}, so that a call makes no garbage. One thread's at a time.
 */
public final class Kernel {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final FunctionDescriptor THREE = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

    private static final int MSG_DONTWAIT = 0x40;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    private static final MethodHandle SOCKET = libc("socket", THREE);
    private static final MethodHandle BIND =
            libc("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            libc("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            libc("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SENDMMSG =
            libc("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND =
            libc("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            libc("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle MMAP = libc(
            "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = libc("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE = libc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    private static MethodHandle libc(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** socket(2). */
    public int socket(int domain, int type, int protocol) {
        try {
            return result((int) SOCKET.invokeExact(state, domain, type, protocol));
        } catch (Throwable e) {
            throw new LinkageError("socket", e);
        }
    }

    /** bind(2). */
    public int bind(int socket, MemorySegment address) {
        try {
            return result((int) BIND.invokeExact(state, socket, address.address(), (int) address.byteSize()));
        } catch (Throwable e) {
            throw new LinkageError("bind", e);
        }
    }

    /** setsockopt(2). */
    public int setOption(int socket, int level, int option, MemorySegment value) {
        try {
            return result((int)
                    SETSOCKOPT.invokeExact(state, socket, level, option, value.address(), (int) value.byteSize()));
        } catch (Throwable e) {
            throw new LinkageError("setsockopt", e);
        }
    }

    /** getsockopt(2) of an option that is an int. */
    public int option(int socket, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment size = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            int result =
                    result((int) GETSOCKOPT.invokeExact(state, socket, level, option, value.address(), size.address()));
            return result < 0 ? result : value.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw new LinkageError("getsockopt", e);
        }
    }

    /** sendmmsg(2) without flags: how many messages were sent, from the first one on. */
    public int sendmmsg(int socket, long messages, int count) {
        try {
            return result((int) SENDMMSG.invokeExact(state, socket, messages, count, 0));
        } catch (Throwable e) {
            throw new LinkageError("sendmmsg", e);
        }
    }

    /** send(2) without flags. */
    public long send(int socket, long address, long length) {
        return send(socket, address, length, 0);
    }

    /** send(2) of the frames that are marked in the socket's PACKET_TX_RING, without waiting for room. */
    public long sendRing(int socket) {
        return send(socket, 0, 0, MSG_DONTWAIT);
    }

    private long send(int socket, long address, long length, int flags) {
        try {
            return result((long) SEND.invokeExact(state, socket, address, length, flags));
        } catch (Throwable e) {
            throw new LinkageError("send", e);
        }
    }

    /** recv(2) without flags. */
    public long receive(int socket, MemorySegment into) {
        try {
            return result((long) RECV.invokeExact(state, socket, into.address(), into.byteSize(), 0));
        } catch (Throwable e) {
            throw new LinkageError("recv", e);
        }
    }

    /** syscall(2), for what libc has no function for; a fourth argument is 0. */
    public long call(long number, long first, long second, long third) {
        try {
            return result((long) SYSCALL.invokeExact(state, number, first, second, third, 0L));
        } catch (Throwable e) {
            throw new LinkageError("syscall", e);
        }
    }

    /** mmap(2) of a descriptor's first bytes, to be read and written, shared with the kernel: where they are. */
    public long map(int descriptor, long bytes) {
        try {
            return result(
                    (long) MMAP.invokeExact(state, 0L, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0L));
        } catch (Throwable e) {
            throw new LinkageError("mmap", e);
        }
    }

    /** munmap(2), of what {@link #map} gave. */
    public void unmap(long address, long bytes) {
        try {
            int ignored = (int) MUNMAP.invokeExact(state, address, bytes);
        } catch (Throwable e) {
            throw new LinkageError("munmap", e);
        }
    }

    /** close(2), of a descriptor that is open, or negative and then not closed. */
    public void close(int descriptor) {
        if (descriptor >= 0) {
            try {
                int ignored = (int) CLOSE.invokeExact(state, descriptor);
            } catch (Throwable e) {
                throw new LinkageError("close", e);
            }
        }
    }

    private int result(int returned) {
        return returned < 0 ? -errno() : returned;
    }

    private long result(long returned) {
        return returned < 0 ? -errno() : returned;
    }

    private int errno() {
        return state.get(JAVA_INT, 0);
    }
}
