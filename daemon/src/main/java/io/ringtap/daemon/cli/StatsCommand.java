package io.ringtap.daemon.cli;

import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.cli.option.WatchOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
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
    private final WatchOptions watch = WatchOptions.of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    /** What it takes. */
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        ControlClient client = daemon.client();
        StatsPages pages = new StatsPages(client);
        watch.print(() -> json.value() ? client.call("stats") + "\n" : pages.next(), !json.value());
        return ExitCode.DONE;
    }
}
