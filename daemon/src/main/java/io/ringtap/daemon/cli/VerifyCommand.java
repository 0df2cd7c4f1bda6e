package io.ringtap.daemon.cli;

import io.ringtap.Tap;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.daemon.cli.format.VerifyReport;
import io.ringtap.daemon.config.value.TimeSpan;
import io.ringtap.daemon.signal.Signals;
import io.ringtap.daemon.verify.MarkCheck;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.CaptureCounts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringtap verify}. */
@Command(
        name = "verify",
        description = {
            "Reads marked frames from an interface or a capture file, and says for each stream how many were received, lost,"
                    + " duplicated, reordered and damaged, and how long they took.",
            "Lost are numbers that are missing between the lowest and the highest received, late are frames more than 65,536"
                    + " numbers behind. Unmarked frames have no mark, stray ones are damaged and name no stream that is known, of"
                    + " cut ones too little was captured.",
            "Exit code 1 if there is anything to report, no marked frame, or a file that could not be read to its end."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final StopSignal stop;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @ArgGroup(multiplicity = "1")
    private Origin origin;

    private static final class Origin {
        @Option(
                names = {"-i", "--interface"},
                paramLabel = "INTERFACE",
                description = "Capture on this interface until told to stop.")
        private String interfaceName;

        @Parameters(paramLabel = "FILE", description = "Read this pcap or pcapng file.")
        private Path file;
    }

    @Option(names = "--seconds", paramLabel = "N", description = "Stop after so long.")
    private String seconds;

    @Option(names = "--json", description = "One JSON object in a line, in place of the table.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    VerifyCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws Exception {
        Signals.adopt();
        Duration longest = longest();
        stop.onStop(stopped::countDown);
        MarkCheck check = new MarkCheck();
        WorkerConfig worker = new WorkerConfig(
                "verify", List.of(), 1, Share.FLOW, Delivery.GATE, List.of(new HandlerFactory("verify", () -> check)));
        CaptureConfig config = origin.file == null
                ? CaptureConfig.live(origin.interfaceName)
                : CaptureConfig.file("file", origin.file);
        VerifyReport report;
        try (Tap tap = Tap.open(config, List.of(worker), () -> frame -> false)) {
            tap.start();
            if (origin.file == null) {
                System.err.println("ringtap ready: verify on " + origin.interfaceName);
            }
            try (ProgressLine _ = ProgressLine.begin(
                    FileReading.of(Stream.ofNullable(origin.file).toList())::line)) {
                awaitEnd(tap, longest);
            }
            boolean isEarly = origin.file != null && !tap.awaitEnd(Duration.ZERO);
            report = report(tap, check, isEarly);
        }
        report.failure().ifPresent(why -> System.err.println("ringtap: " + why));
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? report.json() + "\n" : report.text());
        out.flush();
        return report.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static VerifyReport report(Tap tap, MarkCheck check, boolean isEarly) throws InterruptedException {
        Optional<String> failure = tap.failure();
        if (!tap.stop(STOP_TIMEOUT)) {
            failure = Optional.of("not all frames were checked within " + STOP_TIMEOUT.toSeconds() + " s of the stop");
        } else if (isEarly) {
            failure = Optional.of("stopped before the end of the file");
        }
        CaptureCounts counts = tap.counts();
        return new VerifyReport(check, counts.kernelDropped() + counts.unread(), failure);
    }

    private Duration longest() {
        try {
            return seconds == null ? Duration.ofNanos(Long.MAX_VALUE) : TimeSpan.parseSeconds(seconds);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--seconds: " + e.getMessage());
        }
    }

    private void awaitEnd(Tap tap, Duration longest) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < longest.toNanos() && !tap.awaitEnd(LOOK_EVERY)) {
            if (stopped.await(0, TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }
}
