package io.ringtap.inject;

import io.ringtap.inject.template.StreamFrames;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.InjectCounts;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where a stream's frames go: sends each, counts what became of it, and logs what begins and ends to fail. For the
 * inject thread, but for {@link #refuse} and {@link #counts}.
 */
final class StreamOutput {
    /** The cause counted for a frame that found the ring full. */
    static final String RING_FULL = "ring_full";

    /** The cause counted for a frame that came too late, or could not be sent before the loop had to end. */
    static final String STOPPED = "stopped";

    private final String stream;
    private final FrameInjector injector;
    private final String interfaceName;
    private final Link link;
    private final FailureLog log;
    private final Map<InjectResult, Counter> results = new EnumMap<>(InjectResult.class);
    private final LongAdder full = new LongAdder();
    private final LongAdder stopped = new LongAdder();

    StreamOutput(String stream, FrameInjector injector, Link link, FailureLog log) {
        this.stream = stream;
        this.injector = injector;
        this.interfaceName = injector.interfaceName();
        this.link = link;
        this.log = log;
        for (InjectResult result : InjectResult.values()) {
            results.put(result, new Counter());
        }
    }

    /** Sends a frame, whatever the injector does; while the link is down, counts it without trying. */
    void send(byte[] frame) {
        send(frame, null);
    }

    /** As above, the frame that the stream has come to. */
    void send(StreamFrames frames) {
        send(null, frames);
    }

    private void send(byte[] frame, StreamFrames frames) {
        if (link.isDown()) {
            results.get(InjectResult.LINK_DOWN).add(1);
            log.failed(InjectResult.LINK_DOWN, "");
            return;
        }
        InjectResult result;
        String detail;
        try {
            result = Objects.requireNonNull(
                    frame == null
                            ? injector.inject(frames.memory(), frames.offset(), frames.length())
                            : injector.inject(frame));
            detail = result == InjectResult.SENT ? "" : injector.failure();
        } catch (Throwable e) { // even an Error must not end the thread that all streams of the interface share
            result = InjectResult.OTHER;
            detail = e.toString();
        }
        results.get(result).add(1);
        if (result == InjectResult.LINK_DOWN) {
            link.failed();
        }
        if (result == InjectResult.SENT) {
            log.sent();
        } else {
            log.failed(result, detail);
        }
    }

    /** Counts a frame that the ring did not take; any thread. */
    void refuse(InjectRing.Offer offer) {
        (offer == InjectRing.Offer.FULL ? full : stopped).increment();
    }

    /** Counts frames that will not be sent any more. */
    void abandon(long frames) {
        stopped.add(frames);
    }

    /** What it has counted so far; any thread. */
    InjectCounts counts() {
        SortedMap<String, Long> failures = new TreeMap<>();
        results.forEach((result, counter) -> {
            if (result != InjectResult.SENT) {
                failures.put(result.cause(), counter.value());
            }
        });
        failures.put(RING_FULL, full.sum());
        failures.put(STOPPED, stopped.sum());
        failures.values().removeIf(n -> n == 0);
        long failed = failures.values().stream().mapToLong(Long::longValue).sum();
        return new InjectCounts(
                stream, interfaceName, results.get(InjectResult.SENT).value(), failed, failures);
    }
}
