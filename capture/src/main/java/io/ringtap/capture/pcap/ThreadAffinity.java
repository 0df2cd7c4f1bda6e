package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.capture.CpuList;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processors that a thread runs on: sched_setaffinity(2). */
public final class ThreadAffinity {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");
    private static final int CALLING_THREAD = 0;
    private static final int EPERM = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SET = libc("sched_setaffinity");
    private static final MethodHandle GET = libc("sched_getaffinity");

    private ThreadAffinity() {}

    /** An answer of the kernel: 0 or an errno, and the CPUs that the thread may run on now. */
    private record Answer(int errno, BitSet cpus) {}

    /**
     * Returns why threads cannot be bound to these CPUs, and what to do about it; empty if they can. A cpuset counts, an affinity
     * that the process was started with (taskset) does not: a thread may leave that. Any thread.
     */
    public static Optional<String> problem(List<Integer> cpus) {
        if (cpus.isEmpty()) {
            return Optional.empty();
        }
        BitSet all = new BitSet();
        all.set(0, CpuList.MAX_CPUS);
        Answer allowed = ProbeThread.ask("cpu-probe", () -> bind(all));
        if (allowed.errno() == EPERM) {
            return Optional.of(
                    "a sandbox forbids to bind threads to CPUs (sched_setaffinity): under systemd, allow it by"
                            + " SystemCallFilter=sched_setaffinity in a drop-in of the unit");
        }
        List<Integer> missing =
                cpus.stream().filter(cpu -> !allowed.cpus().get(cpu)).toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of((missing.size() == 1 ? "CPU " : "CPUs ") + list(missing)
                + " cannot be used: not there, offline, or outside the cpuset of this process; there are: "
                + list(allowed.cpus().stream().boxed().toList()));
    }

    /** Refuses CPUs that {@link #problem} finds something wrong with; {@code role} says whose they are. */
    public static void check(String role, List<Integer> cpus) throws OpenException {
        Optional<String> problem = problem(cpus);
        if (problem.isPresent()) {
            throw new OpenException(Reason.BAD_CPU, role + ": cpu = " + cpus + ": " + problem.get());
        }
    }

    /** Binds the calling thread, one of so many that share a list of CPUs, to its part of it. */
    public static void bind(List<Integer> cpus, int thread, int threads) {
        bind(CpuList.ofThread(cpus, thread, threads));
    }

    /** Binds the calling thread; a refusal, which {@link #problem} would have told, is logged, and the thread goes on. */
    public static void bind(List<Integer> cpus) {
        if (cpus.isEmpty()) {
            return;
        }
        BitSet wanted = new BitSet();
        cpus.forEach(wanted::set);
        int errno = bind(wanted).errno();
        if (errno != 0) {
            LOG.warn(
                    "thread {} stays where it is: binding it to CPU {} failed with errno {}",
                    Thread.currentThread().getName(),
                    list(cpus),
                    errno);
        }
    }

    private static Answer bind(BitSet cpus) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(CpuList.MAX_CPUS / Byte.SIZE, Long.BYTES);
            byte[] bytes = cpus.toByteArray();
            MemorySegment.copy(bytes, 0, mask, JAVA_BYTE, 0, bytes.length);
            int errno = call(SET, mask, arena);
            mask.fill((byte) 0);
            int readErrno = call(GET, mask, arena);
            return new Answer(errno != 0 ? errno : readErrno, BitSet.valueOf(mask.asByteBuffer()));
        }
    }

    private static int call(MethodHandle function, MemorySegment mask, Arena arena) {
        try {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            int result = (int) function.invokeExact(errno, CALLING_THREAD, mask.byteSize(), mask);
            return result == 0 ? 0 : errno.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw new LinkageError("sched_setaffinity", e);
        }
    }

    private static String list(List<Integer> cpus) {
        return cpus.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static MethodHandle libc(String name) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                Linker.Option.captureCallState("errno"));
    }
}
