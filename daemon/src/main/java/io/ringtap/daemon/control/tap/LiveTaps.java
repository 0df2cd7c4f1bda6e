package io.ringtap.daemon.control.tap;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.ringtap.Tap;
import io.ringtap.daemon.control.ControlRefusal;
import io.ringtap.daemon.control.StreamedCall;
import io.ringtap.daemon.control.TapCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live taps of a daemon: opens them, and has them follow its captures. Any thread. */
public final class LiveTaps implements AutoCloseable {
    /** At once: each costs its capture thread a filter and a copy, and the process {@link TapSource#QUEUE_BYTES}. */
    static final int MOST = 4;

    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.control");

    /** A client has a second to take what is left. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<String, Tap> captures = new TreeMap<>();
    private final List<LiveTap> taps = new ArrayList<>();
    private int opened;

    /** The control call {@code tap}. */
    public StreamedCall call() {
        return new StreamedCall(this::open);
    }

    private synchronized LiveTap open(JsonObject request, String user) {
        TapRequest asked = TapRequest.of(request);
        if (taps.size() >= MOST) {
            throw new ControlRefusal("there are " + MOST + " taps already: end one first");
        }
        LiveTap tap = new LiveTap(asked, user, capture(asked), opened, this::ended);
        opened++;
        taps.add(tap);
        return tap;
    }

    private Tap capture(TapRequest asked) {
        if (asked.capture().isEmpty() && captures.size() != 1) {
            throw new ControlRefusal(captures.isEmpty() ? "nothing is captured" : "name a capture" + thereAre());
        }
        String name =
                asked.capture().orElseGet(() -> captures.keySet().iterator().next());
        Tap capture = captures.get(name);
        if (capture == null) {
            throw new ControlRefusal("there is no capture " + new JsonPrimitive(name) + thereAre());
        }
        return capture;
    }

    private String thereAre() {
        return captures.isEmpty()
                ? ""
                : ": there " + (captures.size() == 1 ? "is " : "are ") + String.join(", ", captures.keySet());
    }

    private void ended(LiveTap tap) {
        synchronized (this) {
            taps.remove(tap);
        }
        LOG.info(
                "control: the tap of capture {} by user {} has ended: {} frames, {} shed: {}",
                tap.captureName(),
                tap.user(),
                tap.queued(),
                tap.shed(),
                tap.told());
    }

    /** A capture begins, perhaps in place of another of its name. */
    public synchronized void began(Tap capture) {
        String name = capture.config().name();
        captures.put(name, capture);
        taps.stream().filter(tap -> tap.captureName().equals(name)).forEach(tap -> tap.follow(capture));
    }

    /** A capture is about to be stopped. */
    public synchronized void leaving(Tap capture) {
        captures.remove(capture.config().name(), capture);
        taps.forEach(tap -> tap.leaving(capture));
    }

    /** A change of captures is over: those whose capture has not come back end. */
    public synchronized void settle() {
        taps.forEach(LiveTap::settle);
    }

    /** Returns what each has passed and shed. */
    public synchronized List<TapCounts> counts() {
        return taps.stream().map(LiveTap::counts).toList();
    }

    /** Ends all, and waits for that, for a bounded time. */
    @Override
    public void close() {
        List<LiveTap> ending;
        synchronized (this) {
            ending = List.copyOf(taps);
        }
        ending.forEach(tap -> tap.end("the daemon has stopped"));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (LiveTap tap : ending) {
                tap.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
