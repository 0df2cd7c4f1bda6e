package io.ringtap.daemon.cli.format;

import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.TapCounts;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.FileProgress;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A look at a daemon for people: a line for each stage on the frames' way, the handlers' tables, and the verdict. Rates
 * are those of what leaves a stage, since the look before, or since the start if there was none.
 */
public final class StatsTable {
    private static final String NOT_AVAILABLE = "-";
    private static final double WHOLE_FROM = 100;
    private static final double NANOS = 1e9;
    private static final double LEAST_FILL = 0.01;

    private final Ledger now;
    private final List<TapCounts> taps;
    private final Duration uptime;
    private final Optional<StatsLook> before;
    private final double seconds;
    private final TextTable stages = new TextTable("llrrrrl");

    private StatsTable(StatsLook now, Optional<StatsLook> before) {
        this.now = now.ledger();
        taps = now.taps();
        this.uptime = now.uptime();
        // A shorter uptime than before is another daemon: there is nothing to compare with.
        this.before = before.filter(b -> b.uptime().compareTo(uptime) < 0);
        this.seconds = uptime.minus(this.before.map(StatsLook::uptime).orElse(Duration.ZERO))
                        .toNanos()
                / NANOS;
    }

    /** The text, several lines, the last ended by a newline. */
    public static String text(StatsLook now, Optional<StatsLook> before) {
        return new StatsTable(now, before).text();
    }

    private String text() {
        stages.row("stage", "name", "frames in", "out", "lost", "out/s", "");
        for (CaptureCounts capture : now.captures()) {
            capture(capture);
            now.workers().stream()
                    .filter(worker -> worker.capture().equals(capture.name()))
                    .forEach(this::worker);
        }
        now.injects().forEach(this::stream);
        taps.forEach(this::tap);
        StringBuilder text = new StringBuilder(heading()).append("\n\n").append(stages.text());
        text.append(LoadTable.text(now.workers()));
        now.handlers().forEach(handler -> text.append('\n').append(table(handler)));
        return text.append('\n').append(now.verdict()).append('\n').toString();
    }

    private String heading() {
        String over = before.isPresent()
                ? String.format(Locale.ROOT, "over the last %.2f s", seconds)
                : "on average since the start";
        return "up " + text(uptime) + ", rates " + over;
    }

    /** Where frames were lost before the tap, a line for each counter that has counted; hints have a question mark. */
    private void beforeTap(CaptureCounts capture) {
        for (boolean certain : new boolean[] {true, false}) {
            capture.beforeTap()
                    .counted(certain)
                    .forEach(loss -> stages.row(
                            loss.cause().stage(),
                            capture.name(),
                            NOT_AVAILABLE,
                            NOT_AVAILABLE,
                            TextTable.count(loss.frames()) + (certain ? "" : "?"),
                            NOT_AVAILABLE,
                            loss.counter() + " of " + capture.interfaceName()));
        }
    }

    /** What it sheds is lost to whoever looks, and to nobody else. */
    private void tap(TapCounts tap) {
        stages.row(
                "tap",
                tap.capture(),
                TextTable.count(tap.passed() + tap.shed()),
                TextTable.count(tap.passed()),
                tap.shed() == 0 ? "0" : TextTable.count(tap.shed()) + " shed",
                NOT_AVAILABLE,
                "user " + tap.user() + (tap.filter().isEmpty() ? "" : ": " + tap.filter()));
    }

    private void capture(CaptureCounts capture) {
        beforeTap(capture);
        String dropped = optional(capture, c -> c.interfaceDropped().orElse(0));
        String offered =
                optional(capture, c -> c.received() + c.interfaceDropped().orElse(0));
        String received = TextTable.count(capture.received());
        String published = TextTable.count(capture.published());
        String publishedRate = rate(capture, CaptureCounts::published);
        stages.row(
                "interface",
                capture.name(),
                offered,
                received,
                dropped,
                rate(capture, CaptureCounts::received),
                capture.state().text() + " on " + capture.interfaceName() + gaps(capture.gaps())
                        + capture.progress().map(StatsTable::progress).orElse(""));
        stages.row(
                "kernel",
                capture.name(),
                received,
                published,
                TextTable.count(capture.kernelDropped() + capture.unread()),
                publishedRate,
                waiting(capture));
        stages.row(
                "ring",
                capture.name(),
                published,
                TextTable.count(handled(now, capture)),
                "0",
                rate(handled(now, capture), handledBefore(capture)),
                TextTable.count(capture.ringUsed()) + " of " + TextTable.count(capture.ringCapacity()) + " slots"
                        + held(", waited ", capture.blockedNanos()));
    }

    private static String progress(FileProgress files) {
        String left = files.secondsLeft().isPresent() && files.filesLeft() > 0
                ? ", " + SpillCounts.time(files.secondsLeft().getAsDouble()) + " left"
                : "";
        return String.format(
                Locale.ROOT,
                ", %.0f %% of %,.0f MiB read, %d of %d file%s left%s",
                100 * files.share(),
                files.bytes() / (double) (1 << 20),
                files.filesLeft(),
                files.files(),
                files.files() == 1 ? "" : "s",
                left);
    }

    private static String waiting(CaptureCounts capture) {
        double fill = capture.kernelRingFill().orElse(0);
        String full = fill >= LEAST_FILL ? String.format(Locale.ROOT, ", %.0f %% full", 100 * fill) : "";
        return Stream.of(positive(capture.inKernelRing(), " waiting" + full), positive(capture.cut(), " cut"))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String optional(CaptureCounts capture, ToLongFunction<CaptureCounts> count) {
        return capture.interfaceDropped().isPresent() ? TextTable.count(count.applyAsLong(capture)) : NOT_AVAILABLE;
    }

    /** Returns the frames that have left the ring: what its slowest gate worker is done with. */
    private static long handled(Ledger ledger, CaptureCounts capture) {
        return ledger.workers().stream()
                .filter(worker -> worker.capture().equals(capture.name()) && !worker.detached())
                .mapToLong(worker -> worker.published() - worker.inFlight())
                .min()
                .orElse(capture.published());
    }

    private long handledBefore(CaptureCounts capture) {
        return before(Ledger::captures, c -> c.name().equals(capture.name()))
                .map(c -> handled(before.orElseThrow().ledger(), c))
                .orElse(0L);
    }

    private String rate(CaptureCounts capture, ToLongFunction<CaptureCounts> count) {
        long then = before(Ledger::captures, c -> c.name().equals(capture.name()))
                .map(count::applyAsLong)
                .orElse(0L);
        return rate(count.applyAsLong(capture), then);
    }

    private void worker(WorkerCounts worker) {
        List<String> notes = new ArrayList<>();
        if (worker.shed() > 0) {
            notes.add(String.format(Locale.ROOT, "shed %.2f %%", 100 * worker.shedShare()));
        }
        notes.add(positive(worker.sampledOut(), " sampled out"));
        notes.add(positive(worker.sieved(), " sieved"));
        notes.add(positive(worker.duplicate(), " duplicate"));
        notes.add(positive(worker.failed(), " failed"));
        worker.load().ifPresent(load -> notes.add(String.format(Locale.ROOT, "%.0f %% busy", 100 * load.busyShare())));
        notes.add(behind(worker));
        worker.spill().ifPresent(spill -> notes.add(SpillText.of(spill)));
        notes.add(held("held the capture up for ", worker.blockedNanos()));
        notes.removeIf(String::isEmpty);
        long then = before(
                        Ledger::workers,
                        w -> w.name().equals(worker.name()) && w.capture().equals(worker.capture()))
                .map(WorkerCounts::delivered)
                .orElse(0L);
        stages.row(
                "worker",
                worker.name() + " on " + worker.capture(),
                TextTable.count(worker.published()),
                TextTable.count(worker.delivered()),
                TextTable.count(worker.shed()),
                rate(worker.delivered(), then),
                String.join(", ", notes));
    }

    private static String behind(WorkerCounts worker) {
        OptionalLong lag = worker.load().map(WorkerLoad::lagNanos).orElse(OptionalLong.empty());
        String age = lag.isPresent() ? " (" + LoadTable.time(lag.getAsLong()) + ")" : "";
        return worker.lag() > 0 ? TextTable.count(worker.lag()) + " behind" + age : "";
    }

    private void stream(InjectCounts stream) {
        long then = before(Ledger::injects, i -> i.name().equals(stream.name()))
                .map(InjectCounts::sent)
                .orElse(0L);
        List<String> notes = new ArrayList<>(List.of("on " + stream.interfaceName()));
        stream.failures().forEach((cause, count) -> notes.add(TextTable.count(count) + " " + cause));
        notes.set(0, notes.getFirst() + gaps(stream.gaps()));
        stream.pace().ifPresent(pace -> notes.add(PaceText.line(pace)));
        stages.row(
                "stream",
                stream.name(),
                TextTable.count(stream.sent() + stream.failed()),
                TextTable.count(stream.sent()),
                TextTable.count(stream.failed()),
                rate(stream.sent(), then),
                String.join(", ", notes));
    }

    private <T> Optional<T> before(Function<Ledger, List<T>> part, Predicate<T> same) {
        return before.flatMap(
                look -> part.apply(look.ledger()).stream().filter(same).findFirst());
    }

    private String rate(long count, long then) {
        if (seconds <= 0) {
            return NOT_AVAILABLE;
        }
        double rate = (count - then) / seconds;
        return String.format(Locale.ROOT, rate < WHOLE_FROM ? "%,.1f" : "%,.0f", rate);
    }

    /** Of frames that were cut, fewer bytes are captured than {@code flows} says were on the link. */
    private static String heading(String type, String column) {
        return type.equals("count") && column.equals("bytes") ? "captured bytes" : column;
    }

    private static String table(HandlerCounts handler) {
        TreeSet<String> columns = new TreeSet<>();
        handler.table().values().forEach(row -> columns.addAll(row.keySet()));
        TextTable table = new TextTable("l" + "r".repeat(columns.size()));
        List<String> heading = new ArrayList<>(List.of(handler.type()));
        columns.forEach(column -> heading.add(heading(handler.type(), column)));
        table.row(heading);
        handler.table().forEach((name, row) -> {
            List<String> cells = new ArrayList<>(List.of(name));
            columns.forEach(
                    column -> cells.add(row.containsKey(column) ? TextTable.count(row.get(column)) : NOT_AVAILABLE));
            table.row(cells);
        });
        return "handler of " + handler.worker() + " on " + handler.capture() + "\n" + table.text();
    }

    private static String positive(long count, String what) {
        return count > 0 ? TextTable.count(count) + what : "";
    }

    private static String gaps(GapCounts gaps) {
        if (gaps.count() == 0) {
            return "";
        }
        String lasting = gaps.lasting()
                .map(gap -> String.format(
                        Locale.ROOT, ", which %s, for %,.1f s", gap.cause().sentence(), gap.nanos() / NANOS))
                .orElse("");
        String all = gaps.count() == 1 ? "1 gap" : TextTable.count(gaps.count()) + " gaps";
        return String.format(Locale.ROOT, "%s; %s, %,.1f s", lasting, all, gaps.nanos() / NANOS);
    }

    private static String held(String what, long nanos) {
        return nanos >= NANOS / 10 ? String.format(Locale.ROOT, "%s%,.1f s", what, nanos / NANOS) : "";
    }

    /** A time in its two largest units. */
    public static String text(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d " + duration.toHoursPart() + " h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toSeconds() + " s";
    }
}
