package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.cli.option.Argument;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code ringtap stats}: what a running daemon has counted. With {@code --watch} it goes on until its thread is
 * interrupted, which is how a signal ends it, or nobody reads its output any more; both end with exit code 0.
 */
public final class StatsCommand implements Callable<Integer> {
    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 86_400;
    private static final String CLEAR = "\033[H\033[J";

    private final CommandSpec spec = RingtapCommand.spec(
            "stats",
            this,
            "Shows what a running daemon has counted: each stage's frames in, out and lost, and a verdict.");
    private final Argument<Boolean> json = Argument.flag("--json", "One JSON object in a line, in place of the table.")
            .of(spec);
    private final Argument<Boolean> watch = Argument.flag("--watch", "Looks again and again, until interrupted.")
            .of(spec);
    private final Argument<Double> interval = Argument.option(
                    "--interval",
                    "1",
                    double.class,
                    "SECONDS",
                    "Time between two looks of --watch, 0.1 to 86400 (default: ${DEFAULT-VALUE}).")
            .of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    private Optional<StatsLook> before = Optional.empty();

    /** What it takes. */
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        double intervalSeconds = interval.value();
        if (!(intervalSeconds >= SHORTEST_SECONDS && intervalSeconds <= LONGEST_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(), "--interval: " + intervalSeconds + ": choose 0.1 to 86400 seconds");
        }
        try {
            look(daemon.client(), intervalSeconds);
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

    private void look(ControlClient client, double intervalSeconds) throws ControlException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        LookTimes times = new LookTimes((long) (intervalSeconds * TimeUnit.SECONDS.toNanos(1)), System::nanoTime);
        while (true) {
            out.print(text(client.call("stats")));
            if (isUnread(out) || !watch.value()) {
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
        if (json.value()) {
            return stats + "\n";
        }
        StatsLook now = StatsReader.read(stats);
        String table = StatsTable.text(now, before);
        if (!watch.value()) {
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
