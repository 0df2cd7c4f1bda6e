package io.ringtap.daemon.cli.option;

import io.ringtap.daemon.control.ControlException;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of a command that looks once, or again and again: until its thread is interrupted, which is how a signal ends it, or
 * nobody reads its output any more.
 */
public final class WatchOptions {
    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 86_400;
    private static final String CLEAR = "\033[H\033[J";

    private final CommandSpec command;
    private final Optional<Argument<Boolean>> watch;
    private final Argument<Double> interval;

    private WatchOptions(CommandSpec command, Optional<Argument<Boolean>> watch, String of) {
        this.command = command;
        this.watch = watch;
        interval = Argument.option(
                        "--interval",
                        "1",
                        double.class,
                        "SECONDS",
                        "Time between two looks" + of + ", 0.1 to 86400 (default: ${DEFAULT-VALUE}).")
                .of(command);
    }

    /** Has a command take them that looks once, or with --watch again and again. */
    public static WatchOptions of(CommandSpec command) {
        return new WatchOptions(
                command,
                Optional.of(Argument.flag("--watch", "Looks again and again, until interrupted.")
                        .of(command)),
                " of --watch");
    }

    /** Has a command take the time between looks that always looks again and again. */
    public static WatchOptions always(CommandSpec command) {
        return new WatchOptions(command, Optional.empty(), "");
    }

    /** A look. */
    @FunctionalInterface
    public interface Look {
        /** Returns what it shows. */
        String text() throws ControlException;
    }

    /** Returns whether there is more than one look. */
    public boolean watching() {
        return watch.map(Argument::value).orElse(true);
    }

    /** Seconds between two looks. @throws ParameterException if they are too few or too many */
    public double seconds() {
        double seconds = interval.value();
        if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS)) {
            throw new ParameterException(
                    command.commandLine(), "--interval: " + seconds + ": choose 0.1 to 86400 seconds");
        }
        return seconds;
    }

    /** Prints what looks show; on a terminal {@code pages} take each other's place. */
    public void print(Look look, boolean pages) throws ControlException {
        double seconds = seconds();
        try {
            printAll(look, pages, (long) (seconds * TimeUnit.SECONDS.toNanos(1)), System::nanoTime);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ControlException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
    }

    private void printAll(Look look, boolean pages, long intervalNanos, LongSupplier nanoTime)
            throws ControlException, InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        boolean inPlace = onTerminal() && !"dumb".equals(System.getenv("TERM"));
        LookTimes times = new LookTimes(intervalNanos, nanoTime);
        while (true) {
            String text = look.text();
            boolean page = pages && watching();
            out.print(!page ? text : inPlace ? CLEAR + text : text + "\n");
            if (isUnread(out) || !watching()) {
                return;
            }
            TimeUnit.NANOSECONDS.sleep(times.nanosToNext());
        }
    }

    /** Flushes; whether nobody reads any more, as after {@code | head}. picocli's writer hides what System.out met. */
    private static boolean isUnread(PrintWriter out) {
        return out.checkError() || System.out.checkError();
    }

    /** Returns whether both standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 took its old console back, which is null when redirected
    public static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
