package io.ringtap.inject.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The accuracy of the wake-ups that Linux gives a thread. Both are the calling thread's own, and take no privilege. */
final class WakeUps {
    private static final int PR_SET_TIMERSLACK = 29; // linux/prctl.h
    private static final long LEAST_NANOS = 1; // 0 is the default
    private static final MethodHandle PRCTL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("prctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    private static final boolean AMD64 = System.getProperty("os.arch").equals("amd64");
    private static final long SYS_SCHED_SETATTR = AMD64 ? 314 : 274;
    private static final long SYS_SCHED_GETATTR = AMD64 ? 315 : 275;

    // struct sched_attr, linux/sched/types.h.
    private static final int SCHED_ATTR_BYTES = 48;
    private static final int SIZE = 0;
    private static final int SCHED_POLICY = 4;
    private static final int SCHED_RUNTIME = 24;
    private static final int SCHED_OTHER = 0;

    /** The least that Linux allows; see kernel/sched/syscalls.c. */
    private static final long SLICE_NANOS = 100_000;

    private WakeUps() {}

    /** Has the calling thread wake when it is time, as far as that is allowed. */
    static void prepareThread() {
        inTime();
        first();
    }

    /** The sleeps of the thread end in time, and not up to 50 µs later so as to end with others; false where that is refused. */
    static boolean inTime() {
        try {
            return (int) PRCTL.invokeExact(PR_SET_TIMERSLACK, LEAST_NANOS) == 0;
        } catch (Throwable e) {
            throw new LinkageError("prctl", e);
        }
    }

    /**
     * The thread asks for the processor {@value #SLICE_NANOS} ns at a time, for which Linux 6.12 and newer let it go before
     * others that ask for more, as soon as it wakes: by default it may wait out their 3 ms. It gets no larger share. Older
     * ones take no notice. A thread to which the administrator has given another policy keeps it.
     *
     * @return false where that is refused, as by the system call filter of ringtap's own unit
     */
    static boolean first() {
        Kernel kernel = new Kernel();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SCHED_ATTR_BYTES, Long.BYTES);
            if (kernel.call(SYS_SCHED_GETATTR, 0, attributes.address(), SCHED_ATTR_BYTES) < 0) {
                return false;
            }
            if (attributes.get(JAVA_INT, SCHED_POLICY) != SCHED_OTHER) {
                return true;
            }
            attributes.set(JAVA_INT, SIZE, SCHED_ATTR_BYTES);
            attributes.set(JAVA_LONG, SCHED_RUNTIME, SLICE_NANOS);
            return kernel.call(SYS_SCHED_SETATTR, 0, attributes.address(), 0) == 0;
        }
    }
}
