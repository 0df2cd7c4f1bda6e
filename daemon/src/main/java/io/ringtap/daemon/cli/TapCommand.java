package io.ringtap.daemon.cli;

import com.google.gson.JsonObject;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.daemon.cli.format.StandardOutput;
import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.config.value.TimeSpan;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlException.Reason;
import io.ringtap.daemon.control.ControlStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap tap}: what a running daemon captures, as pcapng, while it is captured. */
final class TapCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final double MEBIBYTE = 1 << 20;

    private final CommandSpec spec = RingtapCommand.spec(
            "tap",
            this,
            "Writes the frames that a running daemon captures, from now on, as pcapng: to standard output, for another program,"
                    + " or to a file. The capture never waits for it: frames that its reader is too slow for are shed, and counted"
                    + " in interface statistics. For root, the daemon's user and the members of control.admin-group.");
    private final Argument<String> capture = Argument.optionalParameter(
                    0, String.class, "CAPTURE", "The capture's name; may be left out where there is only one.")
            .of(spec);
    private final Argument<String> filter = Argument.option(
                    String.class,
                    "EXPRESSION",
                    "Only frames that pass, by pcap-filter(7), such as 'host 192.0.2.7 and tcp port 443'.",
                    "--filter")
            .of(spec);
    private final Argument<Integer> snaplen = Argument.option(
                    Integer.class, "BYTES", "The first so many bytes of each frame alone.", "--snaplen")
            .of(spec);
    private final Argument<String> write = Argument.option(
                    "-w",
                    STANDARD_OUTPUT,
                    String.class,
                    "FILE",
                    "Where to; - is standard output, which must not be a terminal (default: ${DEFAULT-VALUE}).")
            .of(spec);
    private final Argument<Long> count = Argument.option(Long.class, "N", "End after so many frames.", "-c", "--count")
            .of(spec);
    private final Argument<String> duration = Argument.option(
                    String.class, "TIME", "End after so long, such as \"10 s\" (a bare number: seconds).", "--duration")
            .of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);
    private final StopSignal stop;
    private final AtomicLong writtenBytes = new AtomicLong();

    TapCommand(StopSignal stop) {
        this.stop = stop;
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        JsonObject request = request();
        boolean toOutput = write.value().equals(STANDARD_OUTPUT);
        if (toOutput && StandardOutput.isTerminal()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "standard output is a terminal, and frames are binary: pipe it (| wireshark -k -i -), or give a file by -w");
        }
        try (ControlStream frames = daemon.client().open("tap", request)) {
            stop.onStop(frames::stop);
            boolean taken = toOutput ? toStandardOutput(frames) : toFile(frames, Path.of(write.value()));
            if (taken) {
                report(frames.end());
            }
            return ExitCode.DONE;
        }
    }

    private JsonObject request() {
        JsonObject request = new JsonObject();
        capture.given().ifPresent(name -> request.addProperty("capture", name));
        filter.given().ifPresent(expression -> request.addProperty("filter", expression));
        snaplen.given().ifPresent(bytes -> request.addProperty("snaplen", inRange("--snaplen", bytes)));
        count.given().ifPresent(frames -> request.addProperty("count", positive(frames)));
        duration.given()
                .map(this::time)
                .ifPresent(time -> request.addProperty("duration_seconds", time.toNanos() / 1e9));
        return request;
    }

    private int inRange(String option, int bytes) {
        if (bytes < 1 || bytes > CaptureConfig.MAX_SNAPLEN_BYTES) {
            throw bad(option + ": " + bytes + ": choose 1 to " + CaptureConfig.MAX_SNAPLEN_BYTES);
        }
        return bytes;
    }

    private long positive(long frames) {
        if (frames < 1) {
            throw bad("-c: " + frames + ": choose 1 or more");
        }
        return frames;
    }

    private Duration time(String text) {
        try {
            Duration time = TimeSpan.parseSeconds(text);
            if (time.isPositive()) {
                return time;
            }
        } catch (IllegalArgumentException e) {
            throw bad("--duration " + e.getMessage());
        }
        throw bad("--duration: " + text + ": choose more than 0");
    }

    private ParameterException bad(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private boolean toStandardOutput(ControlStream frames) throws ControlException {
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            return copy(frames, out.getChannel());
        } catch (IOException e) {
            if (StandardOutput.isUnread(String.valueOf(e.getMessage()))) {
                return false; // whoever read it has seen enough
            }
            throw failed("standard output", e);
        }
    }

    private boolean toFile(ControlStream frames, Path file) throws ControlException {
        try (FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                ProgressLine _ = ProgressLine.begin(
                        () -> String.format(Locale.ROOT, "%s: %.1f MiB", file, writtenBytes.get() / MEBIBYTE))) {
            return copy(frames, channel);
        } catch (IOException e) {
            if (StandardOutput.isUnread(String.valueOf(e.getMessage()))) {
                return false; // a pipe
            }
            throw failed(file.toString(), e);
        }
    }

    private static ControlException failed(String where, IOException e) {
        return new ControlException(
                Reason.FAILED, where + " did not take all: " + e + ": what is there is whole up to its last frame");
    }

    private boolean copy(ControlStream frames, WritableByteChannel to) throws ControlException, IOException {
        for (Optional<ByteBuffer> chunk = frames.next(); chunk.isPresent(); chunk = frames.next()) {
            while (chunk.get().hasRemaining()) {
                writtenBytes.addAndGet(to.write(chunk.get()));
            }
        }
        return true;
    }

    private void report(JsonObject end) throws ControlException {
        spec.commandLine()
                .getErr()
                .println("ringtap: " + counted(end, "frames") + " frames, " + counted(end, "shed") + " shed: "
                        + DaemonOptions.field(end, "reason").getAsString());
    }

    private static String counted(JsonObject end, String field) throws ControlException {
        return TextTable.count(DaemonOptions.field(end, field).getAsLong());
    }
}
