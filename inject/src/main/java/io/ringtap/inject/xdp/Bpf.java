package io.ringtap.inject.xdp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The few commands of bpf(2) that sending takes; the layouts are those of {@code union bpf_attr} in linux/bpf.h. What it
 * gives are file descriptors, to be closed by {@link Kernel#close}. One thread's at a time.
 */
class Bpf {
    static final int XDP = 6;
    static final int RAW_TRACEPOINT = 17;

    private static final long SYS_BPF = System.getProperty("os.arch").equals("amd64") ? 321 : 280;
    private static final int MAP_CREATE = 0;
    private static final int MAP_LOOKUP_ELEM = 1;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int PROG_LOAD = 5;
    private static final int PROG_TEST_RUN = 10;
    private static final int RAW_TRACEPOINT_OPEN = 17;
    private static final int BPF_MAP_TYPE_ARRAY = 2;
    private static final int BPF_F_TEST_XDP_LIVE_FRAMES = 2;
    private static final int ATTRIBUTE_BYTES = 128;
    private static final int XDP_MD_BYTES = 24;
    private static final int LOG_BYTES = 1 << 20;

    /** The kernel lends its clock only to programs that are under the GPL too. */
    private static final String LICENCE = "Dual MIT/GPL";

    private final Kernel kernel;
    private final MemorySegment attribute = Arena.ofAuto().allocate(ATTRIBUTE_BYTES, Long.BYTES);
    private final MemorySegment key = Arena.ofAuto().allocate(JAVA_INT);
    private final MemorySegment context = Arena.ofAuto().allocate(XDP_MD_BYTES, Long.BYTES);

    Bpf(Kernel kernel) {
        this.kernel = kernel;
    }

    /** An array map of one value. */
    int map(int valueBytes) throws BpfException {
        attribute.fill((byte) 0);
        attribute.set(JAVA_INT, 0, BPF_MAP_TYPE_ARRAY);
        attribute.set(JAVA_INT, 4, Integer.BYTES);
        attribute.set(JAVA_INT, 8, valueBytes);
        attribute.set(JAVA_INT, 12, 1);
        return check("making a map", call(MAP_CREATE));
    }

    /** Reads a map's value. */
    void read(int map, MemorySegment value) {
        element(MAP_LOOKUP_ELEM, map, value);
    }

    /** Sets a map's value. */
    void write(int map, MemorySegment value) {
        element(MAP_UPDATE_ELEM, map, value);
    }

    private void element(int command, int map, MemorySegment value) {
        attribute.fill((byte) 0);
        attribute.set(JAVA_INT, 0, map);
        attribute.set(JAVA_LONG, 8, key.address());
        attribute.set(JAVA_LONG, 16, value.address());
        int result = call(command);
        if (result < 0) {
            throw new IllegalStateException("bpf map " + map + ": " + Errno.text(-result));
        }
    }

    /** A program, checked by the kernel. */
    int program(int type, BpfAssembly assembly) throws BpfException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = assembly.assemble(arena);
            int descriptor = load(type, code, arena.allocateFrom(LICENCE), MemorySegment.NULL);
            if (descriptor >= 0 || descriptor == -Errno.EPERM) {
                return check("loading a program", descriptor);
            }
            MemorySegment log = arena.allocate(LOG_BYTES);
            int again = load(type, code, arena.allocateFrom(LICENCE), log);
            if (again < 0) {
                throw new BpfException("loading a program", -again, lastLine(log));
            }
            return again;
        }
    }

    private int load(int type, MemorySegment code, MemorySegment licence, MemorySegment log) {
        attribute.fill((byte) 0);
        attribute.set(JAVA_INT, 0, type);
        attribute.set(JAVA_INT, 4, (int) (code.byteSize() / BpfAssembly.INSTRUCTION_BYTES));
        attribute.set(JAVA_LONG, 8, code.address());
        attribute.set(JAVA_LONG, 16, licence.address());
        attribute.set(JAVA_INT, 24, log.byteSize() > 0 ? 1 : 0);
        attribute.set(JAVA_INT, 28, (int) log.byteSize());
        attribute.set(JAVA_LONG, 32, log.address());
        return call(PROG_LOAD);
    }

    /** Returns what the kernel says last before its statistics. */
    private static String lastLine(MemorySegment log) {
        String text = log.getString(0, StandardCharsets.UTF_8).strip();
        return text.lines()
                .filter(line -> !line.startsWith("processed ") && !line.startsWith("verification time"))
                .reduce("", (_, line) -> line);
    }

    /** Has a program called at a tracepoint from now on, until the descriptor is closed. */
    int attach(int program, String tracepoint) throws BpfException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(tracepoint);
            attribute.fill((byte) 0);
            attribute.set(JAVA_LONG, 0, name.address());
            attribute.set(JAVA_INT, 8, program);
            return check("attaching to the tracepoint " + tracepoint, call(RAW_TRACEPOINT_OPEN));
        }
    }

    /**
     * Runs an XDP program for copies of a frame, with live frames. 0, or the negative errno; how many copies there were,
     * the program must count.
     */
    int run(int program, MemorySegment frame, int length, int times) {
        context.set(JAVA_INT, 4, length); // data_end
        attribute.fill((byte) 0);
        attribute.set(JAVA_INT, 0, program);
        attribute.set(JAVA_INT, 8, length);
        attribute.set(JAVA_LONG, 16, frame.address());
        attribute.set(JAVA_INT, 32, times);
        attribute.set(JAVA_INT, 40, XDP_MD_BYTES);
        attribute.set(JAVA_LONG, 48, context.address());
        attribute.set(JAVA_INT, 64, BPF_F_TEST_XDP_LIVE_FRAMES);
        return call(PROG_TEST_RUN);
    }

    void close(int descriptor) {
        kernel.close(descriptor);
    }

    /** A copy of bytes that the kernel can take. */
    static MemorySegment copy(byte[] bytes) {
        MemorySegment segment = Arena.ofAuto().allocate(bytes.length, Long.BYTES);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private int call(int command) {
        return (int) kernel.call(SYS_BPF, command, attribute.address(), ATTRIBUTE_BYTES);
    }

    private static int check(String what, int result) throws BpfException {
        if (result < 0) {
            throw new BpfException(what, -result, "");
        }
        return result;
    }
}
