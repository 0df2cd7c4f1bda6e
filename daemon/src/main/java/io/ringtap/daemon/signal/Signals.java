package io.ringtap.daemon.signal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.stream.IntStream;

/**
 * The reactions to signals beyond those that the JVM ends by: one that is for something else must not end a process half-way,
 * as most do that nobody handles. See signal(7). Any thread.
 */
public final class Signals {
    private static final String TERMINATE = "TERM";

    /** The processor time allowed is used up, or power fails: both come before an end by force. */
    private static final String[] OF_AN_END = {"XCPU", "PWR"};

    /** USR1, USR2, ALRM, STKFLT, VTALRM, PROF, IO, and those for real-time use; numbers as x86-64 and arm64 have them. */
    private static final int[] NOT_OF_AN_END = IntStream.concat(
                    IntStream.of(10, 12, 14, 16, 26, 27, 29), IntStream.rangeClosed(34, 64))
            .toArray();

    /** Room for a {@code struct sigaction}, which begins with the handler. */
    private static final int ACTION_BYTES = 256;

    private static final long DEFAULT_ACTION = 0;
    private static final long IGNORE = 1;

    private Signals() {}

    /**
     * Has those that tell of an end stop the command as SIGTERM does, and those that do not, and that nothing in this process
     * handles, ignored.
     */
    public static void adopt() {
        for (String name : OF_AN_END) {
            handle(name, () -> raise(TERMINATE));
        }
        ignoreUnhandled();
    }

    private static void ignoreUnhandled() {
        MethodHandle sigaction = libc(
                "sigaction",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        MethodHandle signal =
                libc("signal", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment now = arena.allocate(ACTION_BYTES, Long.BYTES);
            for (int number : NOT_OF_AN_END) {
                int outcome = (int) sigaction.invokeExact(number, MemorySegment.NULL, now);
                if (outcome == 0 && now.get(ValueLayout.JAVA_LONG, 0) == DEFAULT_ACTION) {
                    var _ = (MemorySegment) signal.invokeExact(number, MemorySegment.ofAddress(IGNORE));
                }
            }
        } catch (Throwable e) {
            throw new LinkageError("sigaction", e);
        }
    }

    private static MethodHandle libc(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /**
     * Has {@code action} called, on a thread of the JVM's, when a signal such as HUP comes.
     *
     * @throws IllegalStateException if this JVM does not let it be handled
     */
    public static void handle(String name, Runnable action) {
        try {
            // jdk.unsupported's: there is no other way to a signal, and javac warns of this one whatever one does
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onSignal = (proxy, method, arguments) -> {
                if (method.getDeclaringClass().equals(Object.class)) {
                    return method.invoke(action, arguments);
                }
                action.run();
                return null;
            };
            signalClass()
                    .getMethod("handle", signalClass(), handler)
                    .invoke(
                            null,
                            signal(name),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled by this JVM", e);
        }
    }

    /** Sends this process a signal. */
    public static void raise(String name) {
        try {
            signalClass().getMethod("raise", signalClass()).invoke(null, signal(name));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be raised in this JVM", e);
        }
    }

    private static Class<?> signalClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal");
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return signalClass().getConstructor(String.class).newInstance(name);
    }
}
