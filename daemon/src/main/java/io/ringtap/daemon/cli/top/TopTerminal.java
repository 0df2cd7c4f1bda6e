package io.ringtap.daemon.cli.top;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/** The terminal as a screen and keys, put back as it was by {@link #close()}. One thread's. */
public final class TopTerminal implements AutoCloseable {
    /** A key that has arrows comes as several characters at once. */
    private static final int ESCAPE = 27;

    private static final long ESCAPE_MILLIS = 20;
    private static final Set<String> DUMB = Set.of("", "dumb", "unknown");

    // xterm's, which every terminal of today knows; what is unknown is passed over
    private static final String ENTER = "\033[?1049h\033[?25l";
    private static final String LEAVE = "\033[?25h\033[?1049l\033[0m";

    private final Terminal terminal;
    private final Attributes before;
    private final Display display;
    private final PrintStream out;
    private Size size = Size.of(0, 0);

    private TopTerminal(Terminal terminal, PrintStream out) {
        this.terminal = terminal;
        this.out = out;
        display = new Display(terminal, true);
        before = terminal.enterRawMode();
        out.print(ENTER);
        out.flush();
    }

    /** Takes this process's terminal; absent if it is dumb, or colours are not wanted (NO_COLOR). */
    public static Optional<TopTerminal> open(Map<String, String> environment) {
        boolean plain = DUMB.contains(environment.getOrDefault("TERM", ""))
                || !environment.getOrDefault("NO_COLOR", "").isEmpty();
        if (plain) {
            return Optional.empty();
        }
        try {
            // signals stay with the process, whose stop interrupts this thread
            Terminal terminal = TerminalBuilder.builder()
                    .provider("ffm")
                    .system(true)
                    .dumb(false)
                    .nativeSignals(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
            return Optional.of(new TopTerminal(terminal, System.out));
        } catch (IOException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    int width() {
        return Math.max(1, size.getColumns());
    }

    int height() {
        return Math.max(1, size.getRows());
    }

    /** Returns whether the terminal has another size than before; then all of it is drawn anew. */
    boolean isResized() {
        Size now = terminal.getSize();
        if (now.equals(size)) {
            return false;
        }
        size = Size.of(now);
        display.resize(Size.of(width(), height()));
        display.clear();
        return true;
    }

    /** Shows lines; of those that are as they were nothing is written. */
    void show(List<AttributedString> lines) {
        display.update(lines, 0);
    }

    /**
     * Returns a key, an arrow as j or k; absent if none comes in that time.
     *
     * @throws InterruptedException if the thread is interrupted, or the terminal is gone
     */
    OptionalInt key(long millis) throws InterruptedException {
        try {
            int key = terminal.reader().read(millis);
            if (key == -1) {
                throw new InterruptedException("the terminal is gone");
            }
            return key == ESCAPE ? arrow() : key < 0 ? OptionalInt.empty() : OptionalInt.of(key);
        } catch (IOException e) {
            InterruptedException interrupted = new InterruptedException(e.toString());
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private OptionalInt arrow() throws IOException {
        terminal.reader().read(ESCAPE_MILLIS);
        return switch (terminal.reader().read(ESCAPE_MILLIS)) {
            case 'A' -> OptionalInt.of('k');
            case 'B' -> OptionalInt.of('j');
            default -> OptionalInt.empty();
        };
    }

    /** JLine's own hook may have closed the terminal by now: what matters is written past it. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // or nothing more is written
        try {
            terminal.setAttributes(before);
        } catch (RuntimeException e) {
            // the hook has done it
        }
        out.print(LEAVE);
        out.flush();
        try {
            terminal.close();
        } catch (IOException | RuntimeException e) {
            // there is nothing left to release
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
