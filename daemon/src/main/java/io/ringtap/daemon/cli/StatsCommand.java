package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.cli.option.WatchOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.StatsReader;
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
    private final WatchOptions watch = new WatchOptions(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    private Optional<StatsLook> before = Optional.empty();

    /** What it takes. */
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        ControlClient client = daemon.client();
        watch.print(() -> text(client.call("stats")), !json.value());
        return ExitCode.DONE;
    }

    private String text(JsonElement stats) throws ControlException {
        if (json.value()) {
            return stats + "\n";
        }
        StatsLook now = StatsReader.read(stats);
        String table = StatsTable.text(now, before);
        before = watch.watching() ? Optional.of(now) : before;
        return table;
    }
}
