package io.ringtap.daemon.cli;

import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
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
    private final Argument<Double> interval = Argument.option(
                    "--interval",
                    "1",
                    double.class,
                    "SECONDS",
                    "Time between two looks, 0.1 to 86400 (default: ${DEFAULT-VALUE}).")
            .of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        StatsWatch.checkInterval(spec, interval.value());
        return StatsWatch.untilInterrupted(() -> {
            Optional<TopTerminal> terminal =
                    StatsWatch.onTerminal() ? TopTerminal.open(System.getenv()) : Optional.empty();
            if (terminal.isEmpty()) {
                new StatsWatch(daemon.client(), spec.commandLine().getOut()).run(interval.value());
                return;
            }
            try (TopTerminal screen = terminal.get();
                    Top top = Top.begin(daemon.client(), interval.value())) {
                top.show(screen);
            }
        });
    }
}
