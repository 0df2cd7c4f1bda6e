package io.ringtap.inject.kernel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** How late Linux may end a thread's sleep so as to end others with it: by default 50 µs. */
public final class TimerSlack {
    private static final int PR_SET_TIMERSLACK = 29; // linux/prctl.h
    private static final long LEAST_NANOS = 1; // 0 is the default
    private static final MethodHandle PRCTL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("prctl"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    private TimerSlack() {}

    /** Takes all slack from the calling thread; false where that is refused. */
    public static boolean takeAway() {
        try {
            return (int) PRCTL.invokeExact(PR_SET_TIMERSLACK, LEAST_NANOS) == 0;
        } catch (Throwable e) {
            throw new LinkageError("prctl", e);
        }
    }
}
