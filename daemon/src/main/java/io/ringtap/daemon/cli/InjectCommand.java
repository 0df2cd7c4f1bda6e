package io.ringtap.daemon.cli;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.daemon.Injectors;
import io.ringtap.daemon.cli.format.InjectReport;
import io.ringtap.daemon.cli.option.EngineOptions;
import io.ringtap.daemon.cli.option.FrameOptions;
import io.ringtap.daemon.cli.option.PaceOptions;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.signal.Signals;
import io.ringtap.handler.record.PcapngFile;
import io.ringtap.inject.DryRun;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.InjectWarmUp;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.pcapng.PcapngInjector;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.inject.stream.StreamStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.pcap4j.util.MacAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringtap inject}. */
@Command(
        name = "inject",
        description = {
            "Sends frames out of an interface, without a daemon: those of a template, one given in hexadecimal, or those of a"
                    + " capture file. Ends with what was asked and what was achieved.",
            "Exit code 1 if a frame could not be sent."
        })
final class InjectCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** By then the JVM has compiled what a frame goes through. */
    private static final Duration WARM_UP = Duration.ofMillis(200);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** Of frames that are written for no interface in particular. */
    private static final String STANDARD_OUTPUT = "-";

    private final StopSignal stop;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "INTERFACE",
            description = "Send on this interface.")
    private String interfaceName;

    @Mixin
    private FrameOptions frames;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private EngineOptions engine;

    @Option(
            names = "--dry-run",
            paramLabel = "FILE",
            description =
                    "Write to this pcapng file, or for - to standard output, what would be sent, with the moments at which it"
                            + " would be; send nothing. Needs neither root nor an interface.")
    private Path dryRun;

    @Option(names = "--progress", description = "Show progress on standard error though that is no terminal.")
    private boolean progress;

    @Option(names = "--json", description = "One JSON object in a line, in place of the report.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    InjectCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws OpenException, ConfigException, IOException, InterruptedException {
        if (interfaceName == null && dryRun == null) {
            throw usage("-i INTERFACE is missing: where to send, or --dry-run FILE");
        }
        Signals.adopt();
        InjectConfig config = config();
        stop.onStop(stopped::countDown);
        InjectReport report = dryRun == null ? send(config) : write(config);
        PrintWriter out = isToStandardOutput()
                ? spec.commandLine().getErr()
                : spec.commandLine().getOut();
        out.print(json ? report.json() + "\n" : report.text());
        out.flush();
        return report.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Returns where frames go, the report must not. */
    private boolean isToStandardOutput() {
        return dryRun != null && dryRun.toString().equals(STANDARD_OUTPUT);
    }

    private PcapngFile file(String interfaceName) throws OpenException {
        int snaplenBytes = CaptureConfig.MAX_SNAPLEN_BYTES;
        try {
            return isToStandardOutput()
                    ? PcapngFile.to(Channels.newChannel(System.out), interfaceName, snaplenBytes)
                    : PcapngFile.create(dryRun, interfaceName, snaplenBytes);
        } catch (IOException e) {
            throw new OpenException(OpenException.Reason.OTHER, "cannot write " + dryRun + ": " + why(e));
        }
    }

    private static String why(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> e.toString();
        };
    }

    private InjectConfig config() throws OpenException, ConfigException {
        String name = Optional.ofNullable(interfaceName).orElse("none");
        boolean terminal = InjectProgress.isTerminal();
        frames.replayed().ifPresent(file -> InjectProgress.reading(file, progress, terminal, System.err));
        try (ProgressLine _ = ProgressLine.begin(FileReading.ofAny()::line)) {
            InjectConfig.Builder stream = frames.stream(name, pace);
            return pace.end(stream, frames.isReplay()).engine(engine.engine()).build();
        } catch (InvalidConfigException e) {
            throw usage(e.problems().stream()
                    .map(problem -> "--" + problem.key() + ": " + problem.message())
                    .collect(Collectors.joining("; ")));
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private ParameterException usage(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private InjectReport send(InjectConfig config) throws OpenException, InterruptedException {
        InjectWarmUp.run(WARM_UP);
        FrameInjector injector = Injectors.open(config.interfaceName(), config.engine());
        long start = System.nanoTime();
        try (InjectLoop loop = start(injector, config)) {
            InjectProgress shown = InjectProgress.of(config, progress, InjectProgress.isTerminal(), System.err);
            while (status(loop).state() == StreamState.RUNNING
                    && !stopped.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
                shown.look(status(loop).counts(), System.nanoTime() - start);
            }
            loop.stop(STOP_TIMEOUT);
            shown.end();
            return new InjectReport(status(loop), Duration.ofNanos(System.nanoTime() - start), false);
        }
    }

    private InjectReport write(InjectConfig config) throws OpenException, IOException {
        if (!DryRun.ends(config)) {
            throw usage("a dry run needs an end: --count, or --duration with a rate");
        }
        InjectReport report;
        try (InterfaceQuery query = InterfaceQuery.open();
                PcapngFile file = file(config.interfaceName())) {
            MacAddress address = query.ethernetAddress(config.interfaceName()).orElse(FrameInjector.NO_ADDRESS);
            int mtuBytes = query.mtuBytes(config.interfaceName()).orElse(0);
            DryRun.Outcome outcome = DryRun.run(
                    config,
                    Instant.now(),
                    epochNanos -> new PcapngInjector(file, config.interfaceName(), address, mtuBytes, epochNanos),
                    () -> stopped.getCount() > 0);
            report = new InjectReport(outcome.status(), outcome.took(), true);
        }
        if (isToStandardOutput() && System.out.checkError()) { // which throws nothing
            throw new OpenException(
                    OpenException.Reason.OTHER,
                    "standard output did not take all: whoever read it is gone, or the disk is full");
        }
        return report;
    }

    private static StreamStatus status(InjectLoop loop) {
        return loop.statuses().getFirst();
    }

    private static InjectLoop start(FrameInjector injector, InjectConfig config) throws OpenException {
        try {
            return InjectLoop.start(injector, List.of(config), _ -> () -> 0);
        } catch (OpenException | RuntimeException e) {
            injector.close();
            throw e;
        }
    }
}
