package io.ringtap.daemon.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * What SIGHUP does: it asks for a reload; or, where it comes because the terminal that the process was started from is gone, it
 * stops the process, as it does any other program there. Any thread.
 */
final class HangUp {
    private static final File TERMINAL = new File("/dev/tty");

    private final boolean hadTerminal = hasTerminal();
    private Runnable reload;
    private boolean early;

    /**
     * Has it do that from now on. Where it is ignored, as under nohup, it stays so.
     *
     * @throws IllegalStateException if this JVM does not let signals be handled
     */
    void handle() {
        try {
            // jdk.unsupported's: there is no other way to a signal, and javac warns of this one whatever one does
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object terminate = signal.getConstructor(String.class).newInstance("TERM");
            InvocationHandler onSignal = (proxy, method, arguments) -> {
                if (method.getDeclaringClass().equals(Object.class)) {
                    return method.invoke(this, arguments);
                }
                if (hadTerminal && !hasTerminal()) {
                    signal.getMethod("raise", signal).invoke(null, terminate);
                } else {
                    askForReload();
                }
                return null;
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("HUP"),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIGHUP cannot be handled by this JVM", e);
        }
    }

    /** Has {@code action} called for a reload; at once if one was asked for before. */
    synchronized void onReload(Runnable action) {
        reload = action;
        if (early) {
            action.run();
        }
    }

    private synchronized void askForReload() {
        if (reload == null) {
            early = true;
        } else {
            reload.run();
        }
    }

    /** Whether the process has a terminal that can go. */
    private static boolean hasTerminal() {
        try (FileInputStream _ = new FileInputStream(TERMINAL)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
