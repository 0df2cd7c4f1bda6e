package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.StatsReader;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ringtap stats}: what a running daemon has counted. With {@code --watch} it goes on until its thread is
 * interrupted, which is how a signal ends it, or nobody reads its output any more; both end with exit code 0.
 */
@Command(
        name = "stats",
        description = "Shows what a running daemon has counted: each stage's frames in, out and lost, and a verdict.")
public final class StatsCommand implements Callable<Integer> {
    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 86_400;
    private static final String CLEAR = "\033[H\033[J";

    @Option(names = "--json", description = "One JSON object in a line, in place of the table.")
    private boolean json;

    @Option(names = "--watch", description = "Looks again and again, until interrupted.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Time between two looks of --watch, 0.1 to 86400 (default: ${DEFAULT-VALUE}).")
    private double intervalSeconds;

    @Mixin
    private DaemonOptions daemon;

    @Spec
    private CommandSpec spec;

    private Optional<StatsLook> before = Optional.empty();

    @Override
    public Integer call() throws ControlException {
        if (!(intervalSeconds >= SHORTEST_SECONDS && intervalSeconds <= LONGEST_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(), "--interval: " + intervalSeconds + ": choose 0.1 to 86400 seconds");
        }
        try {
            look(daemon.client());
            return ExitCode.DONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.DONE;
        } catch (ControlException e) {
            if (Thread.currentThread().isInterrupted()) {
                return ExitCode.DONE;
            }
            throw e;
        }
    }

    private void look(ControlClient client) throws ControlException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        LookTimes times = new LookTimes((long) (intervalSeconds * TimeUnit.SECONDS.toNanos(1)), System::nanoTime);
        while (true) {
            out.print(text(client.call("stats")));
            if (isUnread(out) || !watch) {
                return;
            }
            TimeUnit.NANOSECONDS.sleep(times.nanosToNext());
        }
    }

    /** Flushes; whether nobody reads any more, as after {@code | head}. picocli's writer hides what System.out met. */
    private static boolean isUnread(PrintWriter out) {
        return out.checkError() || System.out.checkError();
    }

    private String text(JsonElement stats) throws ControlException {
        if (json) {
            return stats + "\n";
        }
        StatsLook now = StatsReader.read(stats);
        String table = StatsTable.text(now, before);
        if (!watch) {
            return table;
        }
        before = Optional.of(now);
        return onTerminal() ? CLEAR + table : table + "\n";
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 took its old console back, which is null when redirected
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
