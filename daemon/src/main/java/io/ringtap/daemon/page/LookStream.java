package io.ringtap.daemon.page;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream of server-sent events: {@code past}, the looks that the browser does not have, then {@code now} for each look that comes.
 * An event's id tells the daemon's run and the look; with the last one a browser comes back, which goes on where it was.
 *
 * <p>A stream ends by itself before the server would cut it off ({@code sun.net.httpserver.maxRspTime}); the browser comes back at
 * once.
 */
final class LookStream implements HttpHandler {
    private static final Duration LONGEST = Duration.ofSeconds(25);
    private static final int COME_BACK_MILLIS = 100;
    private static final Pattern ID = Pattern.compile("([0-9a-z]{1,16})-([0-9]{1,15})");

    private final History history;
    private final Duration longest;
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    /** The event of the latest look, the same for all browsers. */
    private volatile Event latest = new Event(-1, new byte[0]);

    private record Event(long number, byte[] bytes) {}

    LookStream(History history) {
        this(history, LONGEST);
    }

    LookStream(History history, Duration longest) {
        this.history = history;
        this.longest = longest;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            History.Past past = history.past(seen(exchange));
            out.write(("retry: " + COME_BACK_MILLIS + "\n").getBytes(StandardCharsets.UTF_8));
            long number = past.latest();
            out.write(event("past", number, PageJson.past(past)));
            out.flush();
            for (long left = longest.toNanos(); left > 0; left = end - System.nanoTime()) {
                OptionalLong next = history.await(number, Duration.ofNanos(left));
                if (next.isPresent()) {
                    Event event = now();
                    number = event.number;
                    out.write(event.bytes);
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the daemon stops
        }
    }

    /** The look that a browser had last of this run; -1 if none. */
    private long seen(HttpExchange exchange) {
        String id = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Last-Event-ID"), "");
        Matcher matcher = ID.matcher(id);
        return matcher.matches() && matcher.group(1).equals(run) ? Long.parseLong(matcher.group(2)) : -1;
    }

    private synchronized Event now() {
        History.Now now = history.now();
        if (now.number() != latest.number) {
            latest = new Event(now.number(), event("now", now.number(), PageJson.now(now)));
        }
        return latest;
    }

    private byte[] event(String name, long number, JsonObject data) {
        String id = number < 0 ? "" : "id: " + run + "-" + number + "\n";
        return (id + "event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
