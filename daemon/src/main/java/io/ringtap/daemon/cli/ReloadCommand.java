package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ReloadCall;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = ControlClient.DEFAULT_SOCKET,
            description = "The daemon's control socket (default: ${DEFAULT-VALUE}).")
    private Path socket;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            new ControlClient(socket)
                    .call("ping"); // one that hangs is told at once, not after all that a reload may take
            JsonElement report = new ControlClient(socket, ReloadCall.PATIENCE).call("reload");
            print(spec.commandLine().getOut(), List.of(json ? report.toString() : "reloaded: " + text(report)));
            return ExitCode.DONE;
        } catch (ControlException e) {
            boolean told = e.reason() == ControlException.Reason.BAD_CONFIGURATION
                    && !e.problems().isEmpty();
            print(spec.commandLine().getErr(), told ? e.problems() : List.of("ringtap: " + e.getMessage()));
            return ExitCode.of(e);
        }
    }

    private static String text(JsonElement report) throws ControlException {
        if (report instanceof JsonObject object && object.has("text")) {
            return object.get("text").getAsString();
        }
        throw new ControlException(
                ControlException.Reason.FAILED, "the daemon's answer cannot be read: use the ringtap of its version");
    }

    private static void print(PrintWriter to, List<String> lines) {
        lines.forEach(to::println);
        to.flush();
    }
}
