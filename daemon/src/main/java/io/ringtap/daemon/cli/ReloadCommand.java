package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ReloadCall;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ringtap reload}: has a running daemon read its configuration again, and waits until that is done or refused. */
final class ReloadCommand implements Callable<Integer> {
    private final CommandSpec spec = RingtapCommand.spec(
            "reload",
            this,
            "Has a running daemon read its configuration again, from where `ringtap run` was told to: all of it is taken, or"
                    + " nothing. Only what has changed is restarted.",
            "Reports everything that is wrong with it, each as file:line:column, with exit code 2; what ran before runs on.");
    private final Argument<Boolean> json = Argument.flag("--json", "One JSON object in a line, in place of words.")
            .of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        daemon.client().call("ping"); // one that hangs is told at once, not after all that a reload may take
        JsonElement report = new ControlClient(daemon.socket(), ReloadCall.PATIENCE).call("reload");
        daemon.print((json.value()
                        ? report
                        : "reloaded: " + DaemonOptions.field(report, "text").getAsString()) + "\n");
        return ExitCode.DONE;
    }
}
