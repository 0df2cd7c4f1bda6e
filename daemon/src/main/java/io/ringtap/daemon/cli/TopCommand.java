package io.ringtap.daemon.cli;

import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.cli.option.WatchOptions;
import io.ringtap.daemon.cli.top.Top;
import io.ringtap.daemon.cli.top.TopTerminal;
import io.ringtap.daemon.control.ControlException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ringtap top}. */
final class TopCommand implements Callable<Integer> {
    private final CommandSpec spec = RingtapCommand.spec(
            "top",
            this,
            "Shows a running daemon's stages, workers, streams and flows on the whole terminal, as they are now and were of"
                    + " late, until q or Ctrl-C; ? shows the keys. A daemon that goes is waited for.",
            "Where output or input is no terminal, or a dumb one, and with NO_COLOR set, prints the tables of `ringtap"
                    + " stats --watch`.");
    private final WatchOptions watch = WatchOptions.always(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        double seconds = watch.seconds();
        Optional<TopTerminal> terminal =
                WatchOptions.onTerminal() ? TopTerminal.open(System.getenv()) : Optional.empty();
        if (terminal.isEmpty()) {
            watch.print(new StatsPages(daemon.client())::next, true);
            return ExitCode.DONE;
        }
        try (TopTerminal screen = terminal.get();
                Top top = Top.begin(daemon.client(), seconds)) {
            top.show(screen);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ControlException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
        return ExitCode.DONE;
    }
}
