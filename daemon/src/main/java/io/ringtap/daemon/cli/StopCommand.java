package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ringtap stop}: has a running daemon stop, as SIGTERM does, and waits until it has. */
@Command(
        name = "stop",
        description =
                "Has a running daemon stop, as SIGTERM does: it captures nothing more, handles what it has, prints its"
                        + " ledger and ends. Returns when it has.")
final class StopCommand implements Callable<Integer> {
    /** For closing what a stop within its time-out left open, and then some. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(50);

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = ControlClient.DEFAULT_SOCKET,
            description = "The daemon's control socket (default: ${DEFAULT-VALUE}).")
    private Path socket;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        try {
            JsonElement told = new ControlClient(socket).call("stop");
            if (!(told instanceof JsonObject answer) || !answer.has("stop_timeout_seconds")) {
                throw new ControlException(
                        Reason.FAILED, "the daemon's answer cannot be read: use the ringtap of its version");
            }
            long millis = (long) (1e3 * answer.get("stop_timeout_seconds").getAsDouble());
            awaitEnd(Duration.ofMillis(millis).plus(SLACK));
            return ExitCode.DONE;
        } catch (ControlException e) {
            spec.commandLine().getErr().println("ringtap: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return ExitCode.of(e);
        }
    }

    /** Its socket goes last. */
    private void awaitEnd(Duration atMost) throws ControlException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (answers()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ControlException(
                        Reason.FAILED,
                        "the daemon at " + socket + " has not stopped within " + atMost.toSeconds()
                                + " s: see what it does (systemctl status ringtap)");
            }
            Thread.sleep(LOOK);
        }
    }

    private boolean answers() {
        try {
            new ControlClient(socket).call("ping");
            return true;
        } catch (ControlException e) {
            return e.reason() != Reason.NO_DAEMON;
        }
    }
}
