package io.ringtap.daemon.cli;

import io.ringtap.capture.CaptureOrigin;
import io.ringtap.daemon.Daemon;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.FlightRecordings;
import io.ringtap.daemon.cli.format.DoctorReport;
import io.ringtap.daemon.cli.format.LedgerLines;
import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.daemon.cli.option.ConfigOptions;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.doctor.Doctor;
import io.ringtap.daemon.signal.Signals;
import io.ringtap.daemon.systemd.Supervision;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ringtap run}. */
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.daemon");

    private final CommandSpec spec = RingtapCommand.spec(
            "run",
            this,
            "Captures, hands frames to the workers, and injects, until SIGTERM or SIGINT, or until every capture file is"
                    + " read. SIGHUP has it read its configuration again, as `ringtap reload` does; SIGUSR1 has it print its statistics to"
                    + " standard error, as `ringtap stats` does.",
            "Prints a line holding \"ready\" when all captures are live, or wait for their interface, and its ledger when"
                    + " it has stopped.");
    private final ConfigOptions options = new ConfigOptions(spec);
    private final StopSignal stop;

    RunCommand(StopSignal stop) {
        this.stop = stop;
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Signals.adopt();
        HangUp hangUp = new HangUp();
        hangUp.handle();
        ConfigOptions.Source source = options.source();
        DaemonConfig config = read(source);
        stop.onStop(() -> {}); // a stop that comes while it starts waits until there is something to stop
        stop.allow(config.stopTimeout());
        try (Daemon daemon = Daemon.start(config, source)) {
            stop.onStop(daemon::requestStop);
            Signals.handle("USR1", () -> System.err.print(StatsTable.text(daemon.look(), Optional.empty())));
            System.out.println("ringtap ready: " + what(daemon.ledger()));
            Ledger ledger;
            try (Supervision systemd = Supervision.begin(System.getenv(), daemon::ledger, daemon::progress)) {
                daemon.watchReloads(systemd::reloading, () -> {
                    stop.allow(daemon.stopTimeout());
                    systemd.reloaded();
                });
                hangUp.onReload(() -> daemon.requestReload("SIGHUP"));
                new Doctor().atStart(config).forEach(finding -> LOG.warn("doctor: {}", DoctorReport.line(finding)));
                awaitEnd(daemon, config);
                Duration stopTimeout = daemon.stopTimeout();
                systemd.stopping(stop.allow(stopTimeout).plus(FlightRecordings.PATIENCE));
                try (ProgressLine _ = ProgressLine.begin(() -> left("stopping: ", daemon))) {
                    ledger = daemon.stop(stopTimeout);
                }
            }
            LedgerLines.of(ledger).forEach(System.out::println);
            boolean whole = ledger.drained() && ledger.unaccounted() == 0 && !daemon.failed();
            return whole ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** The files of replays are read through, which may take its time. */
    private static DaemonConfig read(ConfigOptions.Source source) throws ConfigException {
        try (ProgressLine _ = ProgressLine.begin(FileReading.ofAny()::line)) {
            return source.readFirst();
        }
    }

    private static void awaitEnd(Daemon daemon, DaemonConfig config) throws InterruptedException {
        List<Path> files = config.captures().stream()
                .flatMap(capture -> capture.origin() instanceof CaptureOrigin.File(Path path, var _)
                        ? Stream.of(path)
                        : Stream.empty())
                .toList();
        FileReading reading = FileReading.of(files);
        boolean ends = files.size() == config.captures().size();
        try (ProgressLine _ = ProgressLine.begin(() -> {
            String line = reading.line();
            return line.isEmpty() && ends ? left("all is read: ", daemon) : line;
        })) {
            daemon.awaitEnd();
        }
    }

    private static String left(String what, Daemon daemon) {
        long frames = daemon.ledger().inFlight();
        return frames == 0 ? "" : what + TextTable.count(frames) + " frames still to handle";
    }

    private static String what(Ledger ledger) {
        Stream<String> captures =
                ledger.captures().stream().map(c -> c.name() + " on " + c.interfaceName() + waiting(c.gaps()));
        Stream<String> injects = ledger.injects().stream()
                .filter(i -> !i.name().equals(InjectConfig.HANDLERS))
                .map(i -> i.name() + " to " + i.interfaceName() + waiting(i.gaps()));
        return Stream.concat(captures, injects).collect(Collectors.joining(", "));
    }

    private static String waiting(GapCounts gaps) {
        return gaps.lasting()
                .map(gap -> " (waiting: " + gap.cause().sentence() + ")")
                .orElse("");
    }
}
