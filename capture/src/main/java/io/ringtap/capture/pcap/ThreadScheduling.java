package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the kernel's scheduler how soon a thread that wakes must run: sched_setattr(2). The calling thread's own. */
public final class ThreadScheduling {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");

    /** Above all threads of the default policy, and below the kernel's own real-time threads, which have 50. */
    private static final int REALTIME_PRIORITY = 10;

    /** The least that Linux allows; see kernel/sched/syscalls.c. */
    private static final long SLICE_NANOS = 100_000;

    private static final boolean AMD64 = System.getProperty("os.arch").equals("amd64");
    private static final long SYS_SCHED_SETATTR = AMD64 ? 314 : 274;
    private static final long SYS_SCHED_GETATTR = AMD64 ? 315 : 275;
    private static final long CALLING_THREAD = 0;

    // struct sched_attr, linux/sched/types.h.
    private static final int SCHED_ATTR_BYTES = 48;
    private static final int SIZE = 0;
    private static final int SCHED_POLICY = 4;
    private static final int SCHED_PRIORITY = 20;
    private static final int SCHED_RUNTIME = 24;
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;

    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    private ThreadScheduling() {}

    /**
     * Asks for the processor {@value #SLICE_NANOS} ns at a time, for which Linux 6.12 and newer let a thread that wakes go before
     * others that ask for more: by default it may wait out their 3 ms. It gets no larger share. Older ones take no notice. A
     * thread to which the administrator has given another policy keeps it.
     *
     * @return false where that is refused, as by the system call filter of ringtap's own unit
     */
    public static boolean shortSlice() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SCHED_ATTR_BYTES, Long.BYTES);
            if (call(SYS_SCHED_GETATTR, attributes, SCHED_ATTR_BYTES) < 0) {
                return false;
            }
            if (attributes.get(JAVA_INT, SCHED_POLICY) != SCHED_OTHER) {
                return true;
            }
            attributes.set(JAVA_INT, SIZE, SCHED_ATTR_BYTES);
            attributes.set(JAVA_LONG, SCHED_RUNTIME, SLICE_NANOS);
            return call(SYS_SCHED_SETATTR, attributes, 0) == 0;
        }
    }

    /** Runs before all threads of the default policy; a refusal, which {@link #checkRealtime} would have told, is logged. */
    public static void becomeRealtime() {
        if (!isRealtimeAllowed()) {
            LOG.warn(
                    "thread {} keeps the default priority: {}",
                    Thread.currentThread().getName(),
                    refusal());
        }
    }

    private static boolean isRealtimeAllowed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SCHED_ATTR_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, SIZE, SCHED_ATTR_BYTES);
            attributes.set(JAVA_INT, SCHED_POLICY, SCHED_FIFO);
            attributes.set(JAVA_INT, SCHED_PRIORITY, REALTIME_PRIORITY);
            return call(SYS_SCHED_SETATTR, attributes, 0) == 0;
        }
    }

    /** Returns why threads cannot have real-time priority here, and what to do about it; empty if they can. Any thread. */
    public static Optional<String> realtimeProblem() {
        boolean allowed = ProbeThread.ask("priority-probe", ThreadScheduling::isRealtimeAllowed);
        return allowed ? Optional.empty() : Optional.of(refusal());
    }

    private static String refusal() {
        return "priority = \"realtime\" is not permitted: it needs CAP_SYS_NICE or a limit of real-time priority (ulimit -r) of "
                + REALTIME_PRIORITY + "; under systemd, allow it by LimitRTPRIO=" + REALTIME_PRIORITY
                + ", RestrictRealtime=no and SystemCallFilter=sched_setattr in a drop-in of the unit";
    }

    /** Refuses real-time priority where {@link #realtimeProblem} finds something wrong with it; {@code role} says whose it is. */
    public static void checkRealtime(String role) throws OpenException {
        Optional<String> problem = realtimeProblem();
        if (problem.isPresent()) {
            throw new OpenException(Reason.NOT_PERMITTED, role + ": " + problem.get());
        }
    }

    private static long call(long number, MemorySegment attributes, long last) {
        try {
            // sched_setattr takes flags third, sched_getattr the size and then flags
            return (long) SYSCALL.invokeExact(number, CALLING_THREAD, attributes.address(), last, 0L);
        } catch (Throwable e) {
            throw new LinkageError("sched_setattr", e);
        }
    }
}
