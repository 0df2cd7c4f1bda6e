package io.ringtap.inject.stream;

import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.PaceReport;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * The way out for a stream's frames: sends each, counts what became of it, and logs what begins and ends to fail. For the
 * inject thread, but for {@link #refuse} and {@link #counts}.
 */
public final class StreamOutput implements StreamSender.Outcomes {
    /** The cause counted for a frame that found the ring full. */
    static final String RING_FULL = "ring_full";

    /** The cause counted for a frame that came too late, or could not be sent before the loop had to end. */
    static final String STOPPED = "stopped";

    private final String stream;
    private final FrameInjector injector;
    private final String interfaceName;
    private final Link link;
    private final FailureLog log;
    private final BooleanSupplier mayGoOn;
    private final Map<InjectResult, Counter> results = new EnumMap<>(InjectResult.class);
    private final LongAdder full = new LongAdder();
    private final LongAdder stopped = new LongAdder();
    private int told;

    /** Of one stream; {@code mayGoOn} tells whether frames may still be sent that wait for room. */
    public StreamOutput(String stream, FrameInjector injector, Link link, FailureLog log, BooleanSupplier mayGoOn) {
        this.stream = stream;
        this.injector = injector;
        this.interfaceName = injector.interfaceName();
        this.link = link;
        this.log = log;
        this.mayGoOn = mayGoOn;
        for (InjectResult result : InjectResult.values()) {
            results.put(result, new Counter());
        }
    }

    /** Sends a frame, whatever the injector does; while the link is down, counts it without trying. */
    void send(byte[] frame) {
        if (link.isDown()) {
            failed(link.downCause(), 1, "");
            return;
        }
        try {
            InjectResult result = Objects.requireNonNull(injector.inject(frame));
            if (result == InjectResult.SENT) {
                sent(1);
            } else {
                failed(result, 1, injector.failure());
            }
        } catch (Throwable e) { // even an Error must not end the thread that all streams of the interface share
            failed(InjectResult.OTHER, 1, e.toString());
        }
    }

    /** Sends the next frames of a stream, whatever the sender does; if the link is down or it must not go on, the rest is left out. */
    void send(StreamSender sender, int frames) {
        told = 0;
        if (link.isDown()) {
            leaveOut(sender, frames);
            return;
        }
        int asked = 0;
        try {
            do {
                asked = told + Math.min(frames - told, sender.mostFrames());
                sender.send(asked - told, this);
            } while (told < frames && !link.isDown() && mayGoOn.getAsBoolean());
            if (told < frames) {
                leaveOut(sender, frames - told);
            }
        } catch (Throwable e) {
            sender.skip(frames - asked); // what it was asked for has used its numbers
            failed(InjectResult.OTHER, frames - told, e.toString());
        }
    }

    private void leaveOut(StreamSender sender, int frames) {
        sender.skip(frames);
        if (link.isDown()) {
            failed(link.downCause(), frames, "");
        } else {
            abandon(frames);
        }
    }

    @Override
    public void sent(int frames) {
        told += frames;
        results.get(InjectResult.SENT).add(frames);
        log.sent();
    }

    @Override
    public void failed(InjectResult why, int frames, String detail) {
        told += frames;
        results.get(why).add(frames);
        if (why == InjectResult.LINK_DOWN || why == InjectResult.MISSING) {
            link.failed(why);
        }
        log.failed(why, frames, detail);
    }

    /** Returns whether nothing goes out now. */
    boolean isLinkDown() {
        return link.isDown();
    }

    /** Frames sent so far; any thread. */
    long sentFrames() {
        return results.get(InjectResult.SENT).value();
    }

    /** Counts a frame that the ring did not take; any thread. */
    void refuse(InjectRing.Offer offer) {
        (offer == InjectRing.Offer.FULL ? full : stopped).increment();
    }

    /** Counts frames that will not be sent any more. */
    void abandon(long frames) {
        stopped.add(frames);
    }

    /** Returns what it has counted so far, with what is known of the pace; any thread. */
    public InjectCounts counts(Optional<PaceReport> pace) {
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
        return new InjectCounts(stream, interfaceName, sentFrames(), failed, failures, injector.gaps(), pace);
    }
}
