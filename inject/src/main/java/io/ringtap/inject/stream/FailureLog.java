package io.ringtap.inject.stream;

import io.ringtap.inject.send.InjectResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Logs for one stream the first failure of each kind, and again when that kind is over: when a frame is sent and none
 * has failed so for a second. A kind that comes and goes many times a second is thus logged once. For one thread.
 */
public final class FailureLog {
    /** How long a kind must stay away to be over. */
    static final Duration OVER_AFTER = Duration.ofSeconds(1);

    private final String stream;
    private final String interfaceName;
    private final Consumer<String> sink;
    private final LongSupplier clockNanos;
    private final Map<InjectResult, Episode> episodes = new EnumMap<>(InjectResult.class);

    /** A log that has told nothing yet; {@code clockNanos} is as {@link System#nanoTime}. */
    public FailureLog(String stream, String interfaceName, Consumer<String> sink, LongSupplier clockNanos) {
        this.stream = stream;
        this.interfaceName = interfaceName;
        this.sink = sink;
        this.clockNanos = clockNanos;
    }

    void failed(InjectResult kind, int frames, String detail) {
        Episode episode = episodes.get(kind);
        if (episode == null) {
            episode = new Episode();
            episodes.put(kind, episode);
            log((frames == 1 ? "a frame was" : frames + " frames were") + " not sent: " + kind.sentence()
                    + (detail.isEmpty() ? "" : " (" + detail + ")") + "; further ones are counted as " + kind.cause());
        }
        episode.failed += frames;
        episode.lastNanos = clockNanos.getAsLong();
    }

    void sent() {
        if (!episodes.isEmpty()) {
            endEpisodes(clockNanos.getAsLong());
        }
    }

    private void endEpisodes(long nowNanos) {
        Iterator<Map.Entry<InjectResult, Episode>> each = episodes.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<InjectResult, Episode> entry = each.next();
            if (nowNanos - entry.getValue().lastNanos >= OVER_AFTER.toNanos()) {
                log("frames are sent again after " + entry.getValue().failed + " that failed as "
                        + entry.getKey().cause());
                each.remove();
            }
        }
    }

    private void log(String message) {
        sink.accept("inject=" + stream + " interface=" + interfaceName + ": " + message);
    }

    private static final class Episode {
        private long failed;
        private long lastNanos;
    }
}
