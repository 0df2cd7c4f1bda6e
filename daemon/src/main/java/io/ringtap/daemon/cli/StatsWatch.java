package io.ringtap.daemon.cli;

import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.StatsReader;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A daemon's counts in plain text, again and again: {@code ringtap stats --watch}, and {@code ringtap top} without a screen. */
final class StatsWatch {
    private static final String CLEAR = "\033[H\033[J";

    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 86_400;

    private final ControlClient client;
    private final PrintWriter out;

    private Optional<StatsLook> before = Optional.empty();

    StatsWatch(ControlClient client, PrintWriter out) {
        this.client = client;
        this.out = out;
    }

    /** A look at a daemon, printed. */
    interface Look {
        void take() throws ControlException, InterruptedException;
    }

    /** Refuses what is no time between two looks. */
    static void checkInterval(CommandSpec command, double seconds) {
        if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS)) {
            throw new ParameterException(
                    command.commandLine(), "--interval: " + seconds + ": choose 0.1 to 86400 seconds");
        }
    }

    /** Goes on until its thread is interrupted, or nobody reads any more. */
    void run(double intervalSeconds) throws ControlException, InterruptedException {
        boolean inPlace = onTerminal() && !"dumb".equals(System.getenv("TERM"));
        repeat(intervalSeconds, out, () -> {
            StatsLook now = StatsReader.read(client.call("stats"));
            String table = StatsTable.text(now, before);
            out.print(inPlace ? CLEAR + table : table + "\n");
            before = Optional.of(now);
        });
    }

    /** Looks once an interval, until its thread is interrupted, or nobody reads any more. */
    static void repeat(double intervalSeconds, PrintWriter out, Look look)
            throws ControlException, InterruptedException {
        LookTimes times = new LookTimes((long) (intervalSeconds * TimeUnit.SECONDS.toNanos(1)), System::nanoTime);
        while (true) {
            look.take();
            if (isUnread(out)) {
                return;
            }
            TimeUnit.NANOSECONDS.sleep(times.nanosToNext());
        }
    }

    /** Takes looks that a signal ends by an interrupt, which is no failure. */
    static int untilInterrupted(Look looks) throws ControlException {
        try {
            looks.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ControlException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
        return ExitCode.DONE;
    }

    /** Flushes; whether nobody reads any more, as after {@code | head}. picocli's writer hides what System.out met. */
    static boolean isUnread(PrintWriter out) {
        return out.checkError() || System.out.checkError();
    }

    /** Returns whether both standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 took its old console back, which is null when redirected
    static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
