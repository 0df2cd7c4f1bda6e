package io.ringtap.daemon.cli;

import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.inject.config.FrameOrigin;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.ledger.InjectCounts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A line that says how far a stream has come: rewritten in place on a terminal, else a new one each second. */
final class InjectProgress {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long LINE_NANOS = 1_000_000_000;
    private static final String TO_LINE_START_AND_CLEAR = "\r\u001b[K";

    private final long frames;
    private final double seconds;
    private final boolean shown;
    private final boolean inPlace;
    private final PrintStream out;
    private long lastNanos;
    private long lastFrames;

    private InjectProgress(long frames, double seconds, boolean shown, boolean inPlace, PrintStream out) {
        this.frames = frames;
        this.seconds = seconds;
        this.shown = shown;
        this.inPlace = inPlace;
        this.out = out;
    }

    /** Of a stream; shown on a terminal, and elsewhere if it is asked for. */
    static InjectProgress of(InjectConfig config, boolean asked, boolean terminal, PrintStream out) {
        return new InjectProgress(config.mostFrames(), seconds(config), asked || terminal, terminal, out);
    }

    /** Returns whether standard error is a terminal. */
    static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** Says that a file is read first, as that takes some seconds for each ten million frames. */
    static void reading(Path file, boolean asked, boolean terminal, PrintStream out) {
        if (asked || terminal) {
            out.print("reading " + file + "\n");
            out.flush();
        }
    }

    /** Returns how long it takes, if its pace tells; else 0. */
    private static double seconds(InjectConfig config) {
        double byPace = switch (config.schedule()) {
            case Schedule.Original original
            when config.origin() instanceof FrameOrigin.File(ReplayFacts facts) -> {
                double loops = Math.max(0, facts.replay().loops() - 1.0);
                yield (loops * facts.loopNanos() + facts.spanNanos()) / NANOS_PER_SECOND / original.speed();
            }
            case Schedule.Rate rate -> config.mostFrames() / rate.framesPerSecond();
            default -> 0;
        };
        double endless = config.mostFrames() == 0 ? 0 : byPace;
        double longest =
                config.duration().map(time -> time.toNanos() / NANOS_PER_SECOND).orElse(0.0);
        return longest > 0 && (endless == 0 || longest < endless) ? longest : endless;
    }

    /** Shows how far it has come, if it is time. */
    void look(InjectCounts counts, long elapsedNanos) {
        if (shown && (inPlace || elapsedNanos - lastNanos >= LINE_NANOS)) {
            String line = line(counts.sent(), counts.failed(), elapsedNanos);
            out.print(inPlace ? TO_LINE_START_AND_CLEAR + line : line + "\n");
            out.flush();
        }
    }

    /** Returns what the line says. */
    String line(long sent, long failed, long elapsedNanos) {
        long done = sent + failed;
        double rate = (done - lastFrames) * NANOS_PER_SECOND / Math.max(1, elapsedNanos - lastNanos);
        lastNanos = elapsedNanos;
        lastFrames = done;
        String of = frames == 0 ? "" : " of " + TextTable.count(frames);
        String bad = failed == 0 ? "" : ", " + TextTable.count(failed) + " failed";
        return TextTable.count(sent) + of + " frames sent" + bad + ", " + TextTable.count(Math.round(rate)) + " pps"
                + left(done, elapsedNanos / NANOS_PER_SECOND);
    }

    private String left(long done, double elapsed) {
        double left = -1;
        if (seconds > 0) {
            left = seconds - elapsed;
        } else if (frames > 0 && done > 0) {
            left = elapsed * (frames - done) / done;
        }
        return left < 0 ? "" : ", " + time((long) Math.ceil(left)) + " left";
    }

    private static String time(long seconds) {
        if (seconds < 100) {
            return seconds + " s";
        }
        long minutes = (seconds + 59) / 60;
        return minutes < 100
                ? minutes + " min"
                : String.format(Locale.ROOT, "%,d h %d min", minutes / 60, minutes % 60);
    }

    /** Makes room for what is printed next. */
    void end() {
        if (shown && inPlace) {
            out.print(TO_LINE_START_AND_CLEAR);
            out.flush();
        }
    }
}
