package io.ringtap.daemon.cli.top;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.cli.format.FlowsFormat;
import io.ringtap.daemon.cli.format.LoadTable;
import io.ringtap.daemon.cli.format.PaceText;
import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** What a screen of a width shows of a look: the two lines at the top, what can be scrolled, and the keys. Not kept. */
final class TopScreen {
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle HEADING = AttributedStyle.INVERSE;
    private static final AttributedStyle GOOD = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle FAIR = PLAIN.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle BAD =
            PLAIN.foreground(AttributedStyle.RED).bold();
    private static final double FAIR_FROM = 0.5;
    private static final double BAD_FROM = 0.9;
    private static final int NAME = 22;
    private static final int BAR = 18;
    private static final int PERCENT = 6;
    private static final int RATE = 12;
    private static final int LEAST_CHART = 8;
    private static final List<String> HELP = List.of(
            "",
            "  q          end            Ctrl-C, too",
            "  s          order of workers and handlers: busy share, lag, rate, name",
            "  f          order of flows: bytes, frames",
            "  c          the next capture alone, and all of them again",
            "  p, space   stand still, and go on",
            "  j, k       down, up; arrows, too",
            "  ?, h       this",
            "",
            "  A bar is full at 100 %; a chart's highest column is the most of the time that it shows.",
            "  Any key goes back.");

    private final TopLook look;
    private final TopHistory history;
    private final TopView view;
    private final int width;
    private final List<AttributedString> body = new ArrayList<>();

    TopScreen(TopLook look, TopHistory history, TopView view, int width) {
        this.look = look;
        this.history = history;
        this.view = view;
        this.width = width;
        if (view.help()) {
            HELP.forEach(line -> add(PLAIN, line));
        } else {
            look.stats().map(StatsLook::ledger).ifPresent(this::ledger);
        }
    }

    /** How many lines could be scrolled through. */
    int length() {
        return body.size();
    }

    /** As many lines as a terminal has, all of its width. */
    List<AttributedString> page(int height) {
        List<AttributedString> lines = new ArrayList<>(List.of(cut(title()), cut(verdict())));
        int room = Math.max(0, height - lines.size() - 1);
        body.stream().skip(view.scrolled()).limit(room).forEach(lines::add);
        while (lines.size() < height - 1) {
            lines.add(AttributedString.EMPTY);
        }
        lines.add(cut(keys()));
        return lines.subList(Math.max(0, lines.size() - height), lines.size());
    }

    private AttributedString title() {
        AttributedStringBuilder title = new AttributedStringBuilder().append("ringtap ", PLAIN.bold());
        look.stats()
                .ifPresent(stats -> title.append("up " + StatsTable.text(stats.uptime()) + "  in flight "
                        + TextTable.count(stats.ledger().inFlight())));
        if (!look.trouble().isEmpty()) {
            title.append("  " + plain(look.trouble()), BAD);
        } else if (view.paused()) {
            title.append("  standing still: p goes on", FAIR.bold());
        }
        return title.toAttributedString();
    }

    private AttributedString verdict() {
        return look.stats()
                .map(StatsLook::ledger)
                .map(ledger -> new AttributedString(
                        plain(ledger.verdict()), ledger.lost() + ledger.unaccounted() == 0 ? GOOD : BAD))
                .orElse(AttributedString.EMPTY);
    }

    private AttributedString keys() {
        String capture = view.capture().isEmpty() ? "all" : plain(view.capture());
        return new AttributedStringBuilder()
                .append(
                        "q end  s order: " + view.order().name().toLowerCase(Locale.ROOT) + "  f flows: "
                                + (view.byFrames() ? "frames" : "bytes") + "  c capture: " + capture
                                + "  p " + (view.paused() ? "go on" : "stand still") + "  ? help",
                        HEADING)
                .toAttributedString();
    }

    private void ledger(Ledger ledger) {
        ledger.captures().stream().filter(capture -> shows(capture.name())).forEach(this::capture);
        List<WorkerCounts> workers = ledger.workers().stream()
                .filter(worker -> shows(worker.capture()))
                .sorted(order())
                .toList();
        if (!workers.isEmpty()) {
            heading("worker, handler", "busy", "out/s", "of late");
            workers.forEach(this::worker);
        }
        if (!ledger.injects().isEmpty()) {
            heading("stream", "failed", "sent/s", "of late");
            ledger.injects().forEach(this::stream);
        }
        List<JsonObject> flows = look.flows().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(flow -> shows(flow.get("capture").getAsString()))
                .sorted(Comparator.comparingLong((JsonObject flow) -> sum(flow, view.byFrames() ? "frames" : "bytes"))
                        .reversed())
                .toList();
        if (!flows.isEmpty()) {
            add(HEADING, fill(String.format("%15s %18s  %s", "frames", "bytes on link", "flow")));
            flows.forEach(flow -> add(
                    PLAIN,
                    String.format(
                            Locale.ROOT,
                            "%,15d %,18d  %s",
                            sum(flow, "frames"),
                            sum(flow, "bytes"),
                            FlowsFormat.conversation(flow))));
        }
    }

    private boolean shows(String capture) {
        return view.capture().isEmpty() || view.capture().equals(capture);
    }

    private static long sum(JsonObject flow, String field) {
        return flow.getAsJsonObject("forward").get(field).getAsLong()
                + flow.getAsJsonObject("reverse").get(field).getAsLong();
    }

    private Comparator<WorkerCounts> order() {
        Comparator<WorkerCounts> byName =
                Comparator.comparing(WorkerCounts::name).thenComparing(WorkerCounts::capture);
        return switch (view.order()) {
            case BUSY -> Comparator.comparingDouble(TopScreen::busy).reversed().thenComparing(byName);
            case LAG -> Comparator.comparingLong(WorkerCounts::lag).reversed().thenComparing(byName);
            case RATE ->
                Comparator.comparingDouble((WorkerCounts worker) ->
                                history.latest(TopHistory.delivered(worker)).orElse(0.0))
                        .reversed()
                        .thenComparing(byName);
            case NAME -> byName;
        };
    }

    private static double busy(WorkerCounts worker) {
        return worker.load().map(WorkerLoad::busyShare).orElse(0.0);
    }

    private void capture(CaptureCounts capture) {
        heading(
                "capture " + capture.name(),
                "fill",
                "out/s",
                "of late, on " + capture.interfaceName() + ", "
                        + capture.state().text());
        if (capture.state() == CaptureState.WAITING || capture.gaps().count() > 0) {
            add(
                    capture.state() == CaptureState.WAITING ? BAD : FAIR,
                    "  " + TextTable.count(capture.gaps().count()) + " gaps"
                            + capture.gaps()
                                    .lasting()
                                    .map(gap -> ", which " + gap.cause().sentence())
                                    .orElse(""));
        }
        long before = capture.lostBeforeTap();
        row("interface", Optional.empty(), TopHistory.received(capture), before, before > 0 ? "lost " : "");
        long dropped = capture.kernelDropped() + capture.unread();
        row(
                "kernel ring",
                Optional.of(capture.kernelRingFill().orElse(0)),
                TopHistory.published(capture),
                dropped,
                dropped > 0 ? "lost " : "");
        double fill = capture.ringCapacity() == 0 ? 0 : (double) capture.ringUsed() / capture.ringCapacity();
        row("ring", Optional.of(fill), TopHistory.published(capture), 0, "");
    }

    private void worker(WorkerCounts worker) {
        String notes = (worker.lag() > 0 ? TextTable.count(worker.lag()) + " behind " : "")
                + (worker.failed() > 0 ? TextTable.count(worker.failed()) + " failed " : "")
                + (worker.shed() > 0 ? "shed " : "");
        row(
                worker.name() + " on " + worker.capture(),
                worker.load().map(WorkerLoad::busyShare),
                TopHistory.delivered(worker),
                worker.shed(),
                notes);
        List<HandlerLoad> handlers =
                new ArrayList<>(worker.load().map(WorkerLoad::handlers).orElse(List.of()));
        if (view.order() == TopView.Order.BUSY) {
            handlers.sort(Comparator.comparingDouble(HandlerLoad::busyShare).reversed());
        }
        for (HandlerLoad handler : handlers) {
            AttributedStringBuilder line = new AttributedStringBuilder();
            line.append(name("  " + handler.type()));
            bar(line, Optional.of(handler.busyShare()));
            handler.medianNanos().ifPresent(nanos -> line.append("  p50 " + LoadTable.time(nanos)));
            handler.p99Nanos().ifPresent(nanos -> line.append(", p99 " + LoadTable.time(nanos)));
            line.append(handler.filter().isEmpty() ? "" : "  of " + plain(handler.filter()));
            body.add(cut(line.toAttributedString()));
        }
    }

    private void stream(InjectCounts stream) {
        row(
                stream.name() + " on " + stream.interfaceName(),
                Optional.empty(),
                TopHistory.sent(stream),
                stream.failed(),
                stream.failed() > 0 ? "failed " : "");
        stream.pace().ifPresent(pace -> add(PLAIN, "  " + PaceText.line(pace)));
    }

    private void heading(String name, String bar, String rate, String chart) {
        add(
                HEADING,
                fill(name(name) + String.format("%-" + (BAR + PERCENT) + "s%" + RATE + "s  %s", bar, rate, chart)));
    }

    /** A stage: its name, how full or busy it is, its rate of now and of late, and what it lost. */
    private void row(String name, Optional<Double> share, String count, long lost, String notes) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.append(name(name));
        bar(line, share);
        line.append(history.latest(count)
                .map(rate -> String.format(Locale.ROOT, "%," + RATE + ".0f", rate))
                .orElse(" ".repeat(RATE - 1) + "-"));
        String told = notes + (lost > 0 ? TextTable.count(lost) : "");
        int chart = Math.min(TopHistory.LENGTH, width - line.length() - 2 - (told.isEmpty() ? 0 : told.length() + 2));
        if (chart >= LEAST_CHART) {
            line.append("  ").append(Chart.line(history.of(count), chart), GOOD);
        }
        if (!told.isEmpty()) {
            line.append("  ").append(told, lost > 0 ? BAD : FAIR);
        }
        body.add(cut(line.toAttributedString()));
    }

    private static String name(String name) {
        String text = plain(name);
        return String.format("%-" + NAME + "s ", text.length() > NAME ? text.substring(0, NAME - 1) + "~" : text);
    }

    private static void bar(AttributedStringBuilder line, Optional<Double> share) {
        if (share.isEmpty()) {
            line.append(" ".repeat(BAR + PERCENT));
            return;
        }
        double part = share.get();
        line.append(Chart.bar(part, BAR), part >= BAD_FROM ? BAD : part >= FAIR_FROM ? FAIR : GOOD)
                .append(String.format(Locale.ROOT, "%4.0f %%", 100 * part));
    }

    private void add(AttributedStyle style, String text) {
        body.add(cut(new AttributedString(plain(text), style)));
    }

    private String fill(String text) {
        return text.length() < width ? text + " ".repeat(width - text.length()) : text;
    }

    private AttributedString cut(AttributedString line) {
        return line.columnSubSequence(0, width);
    }

    /** Control characters could reach the terminal from a name. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
