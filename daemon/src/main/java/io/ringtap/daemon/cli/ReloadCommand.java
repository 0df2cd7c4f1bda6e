package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ReloadCall;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringtap reload}: has a running daemon read its configuration again, and waits until that is done or refused. */
@Command(
        name = "reload",
        description = {
            "Has a running daemon read its configuration again, from where `ringtap run` was told to: all of it is taken, or"
                    + " nothing. Only what has changed is restarted.",
            "Reports everything that is wrong with it, each as file:line:column, with exit code 2; what ran before runs on."
        })
final class ReloadCommand implements Callable<Integer> {
    @Option(names = "--json", description = "One JSON object in a line, in place of words.")
    private boolean json;

    @Mixin
    private DaemonOptions daemon;

    @Override
    public Integer call() throws ControlException {
        daemon.client().call("ping"); // one that hangs is told at once, not after all that a reload may take
        JsonElement report = new ControlClient(daemon.socket(), ReloadCall.PATIENCE).call("reload");
        daemon.print((json
                        ? report
                        : "reloaded: " + DaemonOptions.field(report, "text").getAsString()) + "\n");
        return ExitCode.DONE;
    }
}
