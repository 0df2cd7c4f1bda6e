package io.ringtap.daemon.cli.top;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.StatsReader;
import io.ringtap.ledger.CaptureCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Looks at a daemon on a thread of its own, so that keys are taken though it does not answer, and shows what it heard last. */
public final class Top implements AutoCloseable {
    private static final int FLOWS = 20;
    private static final long KEY_MILLIS = 100;
    private static final int PAGE = 4; // lines that stay when the others are scrolled

    private final ControlClient client;
    private final Thread looks;
    private final TopView view = new TopView();
    private final TopHistory history = new TopHistory();
    private volatile TopLook latest;
    private volatile boolean flowsByFrames;

    private Top(ControlClient client, double intervalSeconds, TopLook first) {
        this.client = client;
        latest = first;
        looks = Thread.ofPlatform().name("top-look").daemon().unstarted(() -> look(intervalSeconds));
    }

    /** Begins, with a first look. @throws ControlException if there is no daemon to begin with */
    public static Top begin(ControlClient client, double intervalSeconds) throws ControlException {
        Top top = new Top(client, intervalSeconds, TopLook.NONE);
        top.latest = top.ask();
        top.looks.start();
        return top;
    }

    private TopLook ask() throws ControlException {
        StatsLook stats = StatsReader.read(client.call("stats"));
        return new TopLook(Optional.of(stats), flows(stats), "");
    }

    private List<JsonElement> flows(StatsLook stats) throws ControlException {
        List<JsonElement> flows = new ArrayList<>();
        boolean kept = stats.ledger().workers().stream()
                .flatMap(worker -> worker.load().stream())
                .anyMatch(load -> load.handlers().stream()
                        .anyMatch(handler -> handler.type().equals("flows")));
        if (kept) {
            JsonObject request = new JsonObject();
            request.addProperty("ask", "flows");
            request.addProperty("by", flowsByFrames ? "frames" : "bytes");
            request.addProperty("top", FLOWS);
            JsonArray answers =
                    client.call("handlers", request).getAsJsonObject().getAsJsonArray("answers");
            answers.forEach(answer -> answer.getAsJsonObject()
                    .getAsJsonObject("answer")
                    .getAsJsonArray("flows")
                    .forEach(flows::add));
        }
        return flows;
    }

    private void look(double intervalSeconds) {
        long nanos = (long) (intervalSeconds * TimeUnit.SECONDS.toNanos(1));
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(nanos);
                try {
                    latest = ask();
                } catch (ControlException e) {
                    latest = latest.lost(String.valueOf(e.getMessage()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close
        }
    }

    /** Shows it until the key that ends. @throws InterruptedException if the thread is interrupted, or the terminal is gone */
    public void show(TopTerminal terminal) throws InterruptedException {
        TopLook shown = TopLook.NONE;
        boolean changed = true;
        while (true) {
            TopLook now = latest;
            if (!view.paused() && !now.equals(shown)) {
                shown = now;
                now.stats().ifPresent(history::add);
                changed = true;
            }
            changed |= terminal.isResized();
            if (changed) {
                draw(terminal, shown);
            }
            OptionalInt key = terminal.key(KEY_MILLIS);
            changed = key.isPresent();
            if (changed && !view.take(key.getAsInt(), captures(shown))) {
                return;
            }
            flowsByFrames = view.byFrames();
        }
    }

    private void draw(TopTerminal terminal, TopLook shown) {
        TopScreen screen = new TopScreen(shown, history, view, terminal.width());
        view.scrollAtMost(screen.length() - Math.max(0, terminal.height() - PAGE));
        terminal.show(screen.page(terminal.height()));
    }

    private static List<String> captures(TopLook look) {
        return look.stats().stream()
                .flatMap(stats -> stats.ledger().captures().stream())
                .map(CaptureCounts::name)
                .toList();
    }

    @Override
    public void close() {
        looks.interrupt();
    }
}
