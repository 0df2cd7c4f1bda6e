package io.ringtap.inject.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.capture.pcap.ThreadScheduling;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** The accuracy of the wake-ups that Linux gives a thread. The calling thread's own; takes no privilege. */
final class WakeUps {
    private static final int PR_SET_TIMERSLACK = 29; // linux/prctl.h
    private static final long LEAST_NANOS = 1; // 0 is the default
    private static final MethodHandle PRCTL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("prctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    private WakeUps() {}

    /** Has the calling thread wake when it is time, as far as that is allowed. */
    static void prepareThread() {
        inTime();
        ThreadScheduling.shortSlice();
    }

    /** The sleeps of the thread end in time, and not up to 50 µs later so as to end with others; false where that is refused. */
    static boolean inTime() {
        try {
            return (int) PRCTL.invokeExact(PR_SET_TIMERSLACK, LEAST_NANOS) == 0;
        } catch (Throwable e) {
            throw new LinkageError("prctl", e);
        }
    }
}
