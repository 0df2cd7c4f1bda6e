package io.ringtap.handler.flight;

import io.ringtap.frame.Recordings;
import io.ringtap.ledger.Loss;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** The flight recorders that run, by name, and their dumps: those under way, and the last that have ended. Any thread. */
public final class FlightRecorders implements Recordings {
    /** Dumps that are remembered. */
    static final int REMEMBERED = 64;

    private final List<FlightRecorder> recorders = new ArrayList<>();
    private final Deque<Dump> dumps = new ArrayDeque<>();
    private final AtomicLong ids = new AtomicLong();

    /** A flight recorder on a capture. */
    public record Named(String name, String capture, String worker, Duration before, Duration after) {}

    /** One runs; a further thread of it changes nothing. */
    synchronized void add(FlightRecorder recorder) {
        if (!recorders.contains(recorder)) {
            recorders.add(recorder);
        }
    }

    /** One ends. */
    synchronized void remove(FlightRecorder recorder) {
        recorders.remove(recorder);
    }

    /** Those that run. */
    public synchronized List<Named> running() {
        return recorders.stream()
                .map(recorder -> new Named(
                        recorder.settings().name(),
                        recorder.capture(),
                        recorder.worker(),
                        recorder.settings().before(),
                        recorder.settings().after()))
                .toList();
    }

    /** Returns whether one wants to know of losses. */
    public synchronized boolean wantLosses() {
        return recorders.stream().anyMatch(recorder -> recorder.settings().onLoss());
    }

    /** Frames were lost, at whatever stage: an event to those on that capture that want to know of it. */
    public void lost(Loss loss) {
        FlightRecorder.Wish wish =
                new FlightRecorder.Wish(loss.cause(), "on-loss", OptionalLong.empty(), Optional.empty(), false);
        List<FlightRecorder> wanted;
        synchronized (this) {
            wanted = recorders.stream()
                    .filter(recorder ->
                            recorder.settings().onLoss() && recorder.capture().equals(loss.capture()))
                    .toList();
        }
        dump(wanted, wish);
    }

    @Override
    public boolean dump(String recorder, String reason) {
        return dump(recorder, reason, "", OptionalLong.empty());
    }

    @Override
    public boolean dump(String recorder, String reason, long atNanos) {
        return dump(recorder, reason, "", OptionalLong.of(atNanos));
    }

    @Override
    public Recordings by(String who) {
        return new Recordings() {
            @Override
            public boolean dump(String recorder, String reason) {
                return FlightRecorders.this.dump(recorder, reason, who, OptionalLong.empty());
            }

            @Override
            public boolean dump(String recorder, String reason, long atNanos) {
                return FlightRecorders.this.dump(recorder, reason, who, OptionalLong.of(atNanos));
            }
        };
    }

    private boolean dump(String recorder, String reason, String who, OptionalLong atNanos) {
        List<FlightRecorder> named = named(recorder, Optional.empty());
        FlightRecorder.Wish wish = new FlightRecorder.Wish(reason, who, atNanos, Optional.empty(), false);
        return !named.isEmpty() && dump(named, wish).size() == named.size();
    }

    /**
     * Begins a dump of its own of each flight recorder of a name, which no event prolongs.
     *
     * @param capture of that one alone; empty for all
     * @param before how long back; absent for what is configured
     * @return those that began: fewer than there are recorders, if some have too many under way
     */
    public List<DumpStatus> dump(
            String recorder, Optional<String> capture, String reason, String who, Optional<Duration> before) {
        return dump(named(recorder, capture), new FlightRecorder.Wish(reason, who, OptionalLong.empty(), before, true));
    }

    private synchronized List<FlightRecorder> named(String name, Optional<String> capture) {
        return recorders.stream()
                .filter(recorder -> recorder.settings().name().equals(name)
                        && recorder.capture().equals(capture.orElse(recorder.capture())))
                .toList();
    }

    /** Not under the lock of all: one recorder's must not wait for another's. */
    private List<DumpStatus> dump(Collection<FlightRecorder> wanted, FlightRecorder.Wish wish) {
        List<DumpStatus> begun = new ArrayList<>();
        for (FlightRecorder recorder : wanted) {
            recorder.dump(wish, ids::incrementAndGet).ifPresent(dump -> {
                remember(dump);
                begun.add(dump.status());
            });
        }
        return begun;
    }

    private synchronized void remember(Dump dump) {
        if (dumps.contains(dump)) {
            return; // an event that prolonged it
        }
        dumps.add(dump);
        if (dumps.size() > REMEMBERED) {
            dumps.remove();
        }
    }

    /** What has become of the last {@value #REMEMBERED} dumps, the oldest first. */
    public synchronized List<DumpStatus> dumps() {
        return dumps.stream().map(Dump::status).toList();
    }
}
