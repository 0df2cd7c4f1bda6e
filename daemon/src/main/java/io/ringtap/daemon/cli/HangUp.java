package io.ringtap.daemon.cli;

import io.ringtap.daemon.signal.Signals;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * The reaction to SIGHUP: it asks for a reload; or, where it comes because the terminal that the process was started from is
 * gone, it stops the process, as it does any other program there. Any thread.
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
        Signals.handle("HUP", () -> {
            if (hadTerminal && !hasTerminal()) {
                Signals.raise("TERM");
            } else {
                askForReload();
            }
        });
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

    /** Returns whether the process has a terminal that can go. */
    private static boolean hasTerminal() {
        try (FileInputStream _ = new FileInputStream(TERMINAL)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
