package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.StatsReader;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code ringtap stats}: what a running daemon has counted. With {@code --watch} it goes on until its thread is
 * interrupted, which is how a signal ends it, or nobody reads its output any more; both end with exit code 0.
 */
public final class StatsCommand implements Callable<Integer> {
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

    /** What it takes. */
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        StatsWatch.checkInterval(spec, interval.value());
        PrintWriter out = spec.commandLine().getOut();
        ControlClient client = daemon.client();
        return StatsWatch.untilInterrupted(() -> {
            if (!watch.value()) {
                JsonElement stats = client.call("stats");
                out.print(json.value() ? stats + "\n" : StatsTable.text(StatsReader.read(stats), Optional.empty()));
                StatsWatch.isUnread(out);
            } else if (json.value()) {
                StatsWatch.repeat(interval.value(), out, () -> out.print(client.call("stats") + "\n"));
            } else {
                new StatsWatch(client, out).run(interval.value());
            }
        });
    }
}
