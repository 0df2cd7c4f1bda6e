package io.ringtap.inject.xdp;

import static io.ringtap.inject.xdp.BpfAssembly.ADD;
import static io.ringtap.inject.xdp.BpfAssembly.DOUBLE;
import static io.ringtap.inject.xdp.BpfAssembly.EQUAL;
import static io.ringtap.inject.xdp.BpfAssembly.FRAME_POINTER;
import static io.ringtap.inject.xdp.BpfAssembly.MOVE;
import static io.ringtap.inject.xdp.BpfAssembly.NOT_EQUAL;
import static io.ringtap.inject.xdp.BpfAssembly.SHIFT_LEFT;
import static io.ringtap.inject.xdp.BpfAssembly.SHIFT_RIGHT_SIGNED;
import static io.ringtap.inject.xdp.BpfAssembly.WORD;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.xdp.BpfAssembly.Label;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts the redirected frames that a driver took. A run of a program says nothing about them: the kernel frees what the
 * driver has no room for, and goes on. Two tracepoints tell it (trace/events/xdp.h): xdp_devmap_xmit of each handful of
 * frames that a driver was given, xdp_redirect_err of frames that it was not. Programs there count what the thread does
 * that sends; other threads' frames are not its own.
 *
 * <pre>{@code
 * map   0  thread: whose frames count (set by reset)     written here, read by the programs
 *       8  taken: frames that the driver took            written by the programs while the thread is in a run,
 *      16  error: why it took no more, as an errno       read here between two runs
 * }</pre>
 *
 * <p>Takes CAP_BPF and CAP_PERFMON in the initial user namespace. The kernel removes programs and tracepoints with the last
 * descriptor, so that a killed process leaves none. One thread's at a time.
 */
final class TakenFrames implements AutoCloseable {
    // In the map.
    private static final int THREAD = 0;
    private static final int TAKEN = 8;
    private static final int ERROR = 16;
    private static final int STATE_BYTES = 24;

    private static final int GET_NS_CURRENT_PID_TGID = 120;
    private static final int BPF_PIDNS_INFO_BYTES = 8;
    private static final int STATE = 9;
    private static final int ARGUMENTS = 6;

    /** Which argument of both tracepoints is the error, each of 8 bytes. */
    private static final int SENT_ARGUMENT = 2 * 8;

    private static final int XMIT_ERROR_ARGUMENT = 4 * 8;
    private static final int REDIRECT_ERROR_ARGUMENT = 3 * 8;

    private static final long SYS_GETTID = System.getProperty("os.arch").equals("amd64") ? 186 : 178;
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    private final Kernel kernel;
    private final Bpf bpf;
    private final MemorySegment state = Arena.ofAuto().allocate(STATE_BYTES, Long.BYTES);
    private final int[] descriptors = {-1, -1, -1, -1, -1};

    private TakenFrames(Kernel kernel, Bpf bpf) {
        this.kernel = kernel;
        this.bpf = bpf;
    }

    static TakenFrames open(Kernel kernel, Bpf bpf) throws BpfException {
        TakenFrames taken = new TakenFrames(kernel, bpf);
        try {
            int map = bpf.map(STATE_BYTES);
            taken.descriptors[0] = map;
            taken.descriptors[1] = bpf.program(Bpf.RAW_TRACEPOINT, transmitted(map));
            taken.descriptors[2] = bpf.attach(taken.descriptors[1], "xdp_devmap_xmit");
            taken.descriptors[3] = bpf.program(Bpf.RAW_TRACEPOINT, refused(map));
            taken.descriptors[4] = bpf.attach(taken.descriptors[3], "xdp_redirect_err");
            return taken;
        } catch (BpfException | RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    private static BpfAssembly transmitted(int map) {
        BpfAssembly code = new BpfAssembly();
        Label end = begin(code, map);
        code.load(DOUBLE, 1, ARGUMENTS, SENT_ARGUMENT);
        signExtend(code);
        code.load(DOUBLE, 2, STATE, TAKEN);
        code.operate(ADD, 2, 1);
        code.store(DOUBLE, STATE, TAKEN, 2);
        return end(code, XMIT_ERROR_ARGUMENT, end);
    }

    private static BpfAssembly refused(int map) {
        BpfAssembly code = new BpfAssembly();
        return end(code, REDIRECT_ERROR_ARGUMENT, begin(code, map));
    }

    /** Goes on for the thread that sends only. */
    private static Label begin(BpfAssembly code, int map) {
        Label end = code.label();
        code.operate(MOVE, ARGUMENTS, 1);
        code.mapValue(STATE, map, 0);
        code.number(1, attribute("unix:dev"));
        code.number(2, attribute("unix:ino"));
        code.operate(MOVE, 3, FRAME_POINTER);
        code.operate(ADD, 3, (long) -BPF_PIDNS_INFO_BYTES);
        code.operate(MOVE, 4, (long) BPF_PIDNS_INFO_BYTES);
        code.call(GET_NS_CURRENT_PID_TGID);
        code.jumpIf(NOT_EQUAL, 0, 0, end);
        code.load(WORD, 1, FRAME_POINTER, -BPF_PIDNS_INFO_BYTES);
        code.load(DOUBLE, 2, STATE, THREAD);
        code.jumpIfRegisters(NOT_EQUAL, 1, 2, end);
        return end;
    }

    /** Keeps the last error there was. */
    private static BpfAssembly end(BpfAssembly code, int errorArgument, Label end) {
        code.load(DOUBLE, 1, ARGUMENTS, errorArgument);
        signExtend(code);
        code.jumpIf(EQUAL, 1, 0, end);
        code.store(DOUBLE, STATE, ERROR, 1);
        code.place(end);
        code.operate(MOVE, 0, 0L);
        code.exit();
        return code;
    }

    /** An int argument: only its 32 bits are there for certain. */
    private static void signExtend(BpfAssembly code) {
        code.operate(SHIFT_LEFT, 1, 32L);
        code.operate(SHIFT_RIGHT_SIGNED, 1, 32L);
    }

    private static long attribute(String name) {
        try {
            return ((Number) Files.getAttribute(NAMESPACE, name)).longValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts from 0 what the calling thread sends. */
    void reset() {
        state.set(JAVA_LONG, THREAD, kernel.call(SYS_GETTID, 0, 0, 0));
        state.set(JAVA_LONG, TAKEN, 0);
        state.set(JAVA_LONG, ERROR, 0);
        bpf.write(descriptors[0], state);
    }

    /** Takes over what was counted since, for {@link #taken} and {@link #errno}. */
    void look() {
        bpf.read(descriptors[0], state);
    }

    /** Frames that the driver took. */
    int taken() {
        return (int) state.get(JAVA_LONG, TAKEN);
    }

    /** Returns why the last one was not taken that was not; 0 if the driver had no room for it. */
    int errno() {
        return (int) -state.get(JAVA_LONG, ERROR);
    }

    @Override
    public void close() {
        for (int i = descriptors.length - 1; i >= 0; i--) {
            bpf.close(descriptors[i]);
            descriptors[i] = -1;
        }
    }
}
