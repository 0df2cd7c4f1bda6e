package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.Tap;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.daemon.config.TimeSpan;
import io.ringtap.daemon.verify.MarkCheck;
import io.ringtap.daemon.verify.StreamCheck;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.inject.mark.StreamTally;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
            "Exit code 1 if there is anything to report, or no marked frame."
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
        Duration longest = longest();
        stop.onStop(stopped::countDown);
        MarkCheck check = new MarkCheck();
        WorkerConfig worker = new WorkerConfig(
                "verify", List.of(), 1, Share.FLOW, Delivery.GATE, List.of(new HandlerFactory("verify", () -> check)));
        CaptureConfig config = origin.file == null
                ? CaptureConfig.live(origin.interfaceName)
                : CaptureConfig.file("file", origin.file);
        long dropped;
        boolean drained;
        try (Tap tap = Tap.open(config, List.of(worker), () -> frame -> false)) {
            tap.start();
            if (origin.file == null) {
                System.err.println("ringtap ready: verify on " + origin.interfaceName);
            }
            awaitEnd(tap, longest);
            drained = tap.stop(STOP_TIMEOUT);
            dropped = tap.counts().kernelDropped();
            tap.failure().ifPresent(why -> System.err.println("ringtap: " + why));
        }
        report(check, dropped);
        return check.isWhole() && dropped == 0 && drained ? ExitCode.DONE : ExitCode.FAILED;
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

    private void report(MarkCheck check, long dropped) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? json(check, dropped) + "\n" : table(check, dropped));
        out.flush();
    }

    private static String table(MarkCheck check, long dropped) {
        TextTable table = new TextTable("rrrrrrrrrrr");
        table.row(
                "stream",
                "received",
                "lost",
                "duplicated",
                "reordered",
                "late",
                "damaged",
                "min µs",
                "p50 µs",
                "p99 µs",
                "max µs");
        for (StreamCheck stream : check.streams()) {
            StreamTally tally = stream.tally();
            table.row(
                    Long.toString(stream.stream()),
                    TextTable.count(tally.received()),
                    TextTable.count(tally.lost()),
                    TextTable.count(tally.duplicated()),
                    TextTable.count(tally.reordered()),
                    TextTable.count(tally.late()),
                    TextTable.count(stream.damaged()),
                    TextTable.count(stream.leastDelayNanos() / 1000),
                    TextTable.count(stream.delayNanos(50) / 1000),
                    TextTable.count(stream.delayNanos(99) / 1000),
                    TextTable.count(stream.mostDelayNanos() / 1000));
        }
        String verdict =
                check.streams().isEmpty() ? "no marked frame" : check.isWhole() && dropped == 0 ? "whole" : "not whole";
        return table.text() + "unmarked=" + check.unmarked() + " stray=" + check.strays() + " cut=" + check.cut()
                + " kernel_dropped=" + dropped + "\n" + verdict + "\n";
    }

    private static JsonObject json(MarkCheck check, long dropped) {
        JsonArray streams = new JsonArray();
        for (StreamCheck stream : check.streams()) {
            StreamTally tally = stream.tally();
            JsonObject one = new JsonObject();
            one.addProperty("stream", stream.stream());
            one.addProperty("received", tally.received());
            one.addProperty("lost", tally.lost());
            one.addProperty("duplicated", tally.duplicated());
            one.addProperty("reordered", tally.reordered());
            one.addProperty("late", tally.late());
            one.addProperty("damaged", stream.damaged());
            one.addProperty("lowest", new BigInteger(Long.toUnsignedString(tally.lowest())));
            one.addProperty("highest", new BigInteger(Long.toUnsignedString(tally.highest())));
            one.addProperty("delay_min_ns", stream.leastDelayNanos());
            one.addProperty("delay_p50_ns", stream.delayNanos(50));
            one.addProperty("delay_p99_ns", stream.delayNanos(99));
            one.addProperty("delay_max_ns", stream.mostDelayNanos());
            streams.add(one);
        }
        JsonObject whole = new JsonObject();
        whole.add("streams", streams);
        whole.addProperty("unmarked", check.unmarked());
        whole.addProperty("stray", check.strays());
        whole.addProperty("cut", check.cut());
        whole.addProperty("kernel_dropped", dropped);
        whole.addProperty("whole", check.isWhole() && dropped == 0);
        return whole;
    }
}
