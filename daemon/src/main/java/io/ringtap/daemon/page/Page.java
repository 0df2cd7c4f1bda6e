package io.ringtap.daemon.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.ringtap.daemon.control.StatsLook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers browsers: files, a stream of looks, the largest flows, and the newest recordings. Takes a look a second for the {@link History}, whether somebody
 * asks or not; all else is done when it is asked for. A stream has a thread of its own, for it may wait for its browser.
 */
public final class Page implements HttpHandler, AutoCloseable {
    /** Streams and questions at a time; who comes after them is told. */
    static final int MOST = 16;

    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.page");
    private static final String JSON = "application/json";
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final History history;
    private final LookStream looks;
    private final KeptAnswer flows;
    private final KeptAnswer recordings;
    private final ScheduledExecutorService clock;
    private final ThreadPoolExecutor threads;

    private Page(Supplier<StatsLook> look, Function<JsonObject, JsonElement> handlers, Duration every) {
        history = new History(look.get());
        looks = new LookStream(history);
        flows = KeptAnswer.largestFlows(handlers);
        recordings = KeptAnswer.recordings(handlers);
        threads = new ThreadPoolExecutor(
                0,
                MOST,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("page-", 0).daemon().factory());
        clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("history").daemon().factory());
        var _ = clock.scheduleWithFixedDelay(() -> look(look), every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Begins to keep the history.
     *
     * @param look gives what {@code stats} has; called on a thread of this page, once a second
     * @param handlers the control call of that name
     */
    public static Page open(Supplier<StatsLook> look, Function<JsonObject, JsonElement> handlers) {
        return new Page(look, handlers, EVERY);
    }

    /** One that looks more often, for tests. */
    static Page open(Supplier<StatsLook> look, Function<JsonObject, JsonElement> handlers, Duration every) {
        return new Page(look, handlers, every);
    }

    private void look(Supplier<StatsLook> look) {
        try {
            history.add(look.get());
        } catch (RuntimeException e) { // the next second may be better
            LOG.warn("the page has missed a second", e);
        }
    }

    /** Shows a reload that has just ended. */
    public void add(Reloaded reload) {
        history.add(reload);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/page/looks" -> apart(exchange, looks);
            case "/page/flows" -> apart(exchange, asking -> answer(asking, flows));
            case "/page/recordings" -> apart(exchange, asking -> answer(asking, recordings));
            default -> {
                var file = PageFiles.of(path);
                if (file.isPresent()) {
                    file.get().answer(exchange);
                } else {
                    Answer.text(exchange, 404, "there is nothing here; the page is at /\n");
                }
            }
        }
    }

    private static void answer(HttpExchange exchange, KeptAnswer kept) throws IOException {
        Answer.bytes(exchange, 200, JSON, kept.get().toString().getBytes(StandardCharsets.UTF_8));
    }

    private void apart(HttpExchange exchange, HttpHandler handler) throws IOException {
        try {
            threads.execute(() -> {
                try (exchange) {
                    handler.handle(exchange);
                } catch (IOException e) {
                    LOG.debug("a browser has gone", e);
                }
            });
        } catch (RejectedExecutionException e) {
            Answer.text(exchange, 503, MOST + " pages are served already\n");
        }
    }

    /** Ends what is under way. Idempotent. */
    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
    }
}
