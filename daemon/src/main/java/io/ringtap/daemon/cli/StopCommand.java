package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlException.Reason;
import io.ringtap.daemon.control.StatsReader;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ringtap stop}: has a running daemon stop, as SIGTERM does, and waits until it has. */
final class StopCommand implements Callable<Integer> {
    /** For closing what a stop within its time-out left open, and then some. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final CommandSpec spec = RingtapCommand.spec(
            "stop",
            this,
            "Has a running daemon stop, as SIGTERM does: it captures nothing more, handles what it has, prints its"
                    + " ledger and ends. Returns when it has.");
    private final DaemonOptions daemon = new DaemonOptions(spec);

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException, InterruptedException {
        JsonElement timeout = DaemonOptions.field(daemon.client().call("stop"), "stop_timeout_seconds");
        try (ProgressLine _ = ProgressLine.begin(this::left)) {
            awaitEnd(Duration.ofMillis((long) (1e3 * timeout.getAsDouble())).plus(SLACK));
        }
        return ExitCode.DONE;
    }

    /** Its socket goes last. */
    private void awaitEnd(Duration atMost) throws ControlException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (answers()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ControlException(
                        Reason.FAILED,
                        "the daemon at " + daemon.socket() + " has not stopped within " + atMost.toSeconds()
                                + " s: see what it does (systemctl status ringtap)");
            }
            Thread.sleep(LOOK);
        }
    }

    private String left() {
        try {
            long frames =
                    StatsReader.read(daemon.client().call("stats")).ledger().inFlight();
            return "stopping: " + TextTable.count(frames) + " frames still to handle";
        } catch (ControlException e) {
            return ""; // it has stopped
        }
    }

    private boolean answers() {
        try {
            daemon.client().call("ping");
            return true;
        } catch (ControlException e) {
            return e.reason() != Reason.NO_DAEMON;
        }
    }
}
