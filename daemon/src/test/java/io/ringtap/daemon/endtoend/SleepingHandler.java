package io.ringtap.daemon.endtoend;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Sleeps on every frame, or those of a length, for a time or until a file is there, and does not let itself be interrupted. Says on
 * standard error when it sleeps for the first time.
 */
public final class SleepingHandler implements FrameHandler {
    /** What it says. */
    static final String SAID = "the handler sleeps";

    private static final long LOOK_NANOS = 5_000_000;

    private final Duration sleep;
    private final long length;
    private final Optional<Path> until;
    private boolean said;

    public SleepingHandler(HandlerSettings settings) {
        sleep = settings.duration("sleep", Duration.ofHours(1));
        length = settings.number("length", 0, 0, 65_535);
        String file = settings.text("until", "");
        until = file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    }

    @Override
    public void onFrame(Frame frame) {
        if (length > 0 && frame.length() != length) {
            return;
        }
        if (!said) {
            said = true;
            System.err.println(SAID);
        }
        long end = System.nanoTime() + sleep.toNanos();
        while (System.nanoTime() - end < 0 && until.filter(Files::exists).isEmpty()) {
            try {
                long left = end - System.nanoTime();
                Thread.sleep(Duration.ofNanos(until.isPresent() ? Math.min(left, LOOK_NANOS) : left));
            } catch (InterruptedException e) {
                // a calculation that nothing ends
            }
        }
    }
}
