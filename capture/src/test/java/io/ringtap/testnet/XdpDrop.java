package io.ringtap.testnet;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** An XDP program on the near end of a {@link VethPair} that takes every frame, until it is closed. */
public final class XdpDrop implements AutoCloseable {
    private static final long SYS_BPF = System.getProperty("os.arch").equals("amd64") ? 321 : 280;
    private static final int PROG_LOAD = 5;
    private static final int LINK_CREATE = 28;
    private static final int PROG_TYPE_XDP = 6;
    private static final int ATTACH_XDP = 37;
    private static final int ATTRIBUTE_BYTES = 128;

    /** mov r0, XDP_DROP (1); exit. */
    private static final long[] PROGRAM = {0x0000_0001_0000_00b7L, 0x95};

    private static final MethodHandle SYSCALL = libc(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle CLOSE = libc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final int program;
    private final int link;

    private XdpDrop(int program, int link) {
        this.program = program;
        this.link = link;
    }

    /** Attaches it, on the thread that opened the pair. */
    public static XdpDrop attach() {
        String line = VethPair.run("ip", "-o", "link", "show", VethPair.NEAR);
        int index = Integer.parseInt(line.substring(0, line.indexOf(':')));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment load = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            load.set(JAVA_INT, 0, PROG_TYPE_XDP);
            load.set(JAVA_INT, 4, PROGRAM.length);
            load.set(JAVA_LONG, 8, arena.allocateFrom(JAVA_LONG, PROGRAM).address());
            load.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
            int program = bpf(PROG_LOAD, load);
            MemorySegment create = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            create.set(JAVA_INT, 0, program);
            create.set(JAVA_INT, 4, index);
            create.set(JAVA_INT, 8, ATTACH_XDP);
            return new XdpDrop(program, bpf(LINK_CREATE, create));
        }
    }

    @Override
    public void close() {
        close(link);
        close(program);
    }

    private static int bpf(int command, MemorySegment attribute) {
        try {
            long result = (long) SYSCALL.invokeExact(SYS_BPF, command, attribute, ATTRIBUTE_BYTES);
            if (result < 0) {
                throw new IllegalStateException("bpf command " + command + " failed, which needs root");
            }
            return (int) result;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("bpf", e);
        }
    }

    private static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new LinkageError("close", e);
        }
    }

    private static MethodHandle libc(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }
}
