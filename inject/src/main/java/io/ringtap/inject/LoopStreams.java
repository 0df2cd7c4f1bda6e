package io.ringtap.inject;

import io.ringtap.inject.stream.ConfiguredStream;
import io.ringtap.inject.stream.HandlerStream;
import io.ringtap.inject.stream.InjectStream;
import io.ringtap.inject.stream.ReadyStream;
import io.ringtap.ledger.InjectCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The streams of an inject loop at a time. Immutable, so that any thread may look while the inject thread puts others in
 * their place.
 *
 * @param configured in the order that they began
 * @param handlers that of the frames of handlers
 * @param all of them; the configured ones first
 * @param followers those that a capture's frames set off
 */
record LoopStreams(
        List<ConfiguredStream> configured, HandlerStream handlers, InjectStream[] all, ConfiguredStream[] followers) {
    static LoopStreams of(Collection<ConfiguredStream> configured, HandlerStream handlers) {
        List<InjectStream> all = new ArrayList<>(configured);
        all.add(handlers);
        return new LoopStreams(
                List.copyOf(configured),
                handlers,
                all.toArray(InjectStream[]::new),
                configured.stream().filter(ConfiguredStream::followsCapture).toArray(ConfiguredStream[]::new));
    }

    /** Without some, and with others, whose time begins now. */
    LoopStreams change(List<ConfiguredStream> ended, List<ReadyStream> begun, long nowNanos) {
        List<ConfiguredStream> changed = new ArrayList<>(configured);
        changed.removeAll(ended);
        for (ReadyStream ready : begun) {
            ready.stream().restart(nowNanos);
            changed.add(ready.stream());
        }
        return of(changed, handlers);
    }

    /** Has streams that end send what fell due for them until now; what is left after so long counts as not sent. */
    static void catchUp(List<ConfiguredStream> ending, Duration most, LoopTime time, BooleanSupplier mayGoOn) {
        long since = time.nanos().getAsLong();
        BooleanSupplier inTime = () -> mayGoOn.getAsBoolean() && time.nanos().getAsLong() - since < most.toNanos();
        for (ConfiguredStream stream : ending) {
            while (stream.isLeft() && inTime.getAsBoolean()) {
                long now = time.nanos().getAsLong();
                stream.turn(InjectLoop.SLICE_FRAMES, now, inTime);
                if (!stream.isDue(now)) { // what is left is held back by the interface's limit
                    time.sleep().pause(DueSleep.SPIN_NANOS);
                }
            }
            stream.abandon();
        }
    }

    /** Those that keep time begin now, when the thread is ready for them: it may have taken long, and they would begin in a burst. */
    void beginInTime(long nowNanos) {
        configured.stream().filter(stream -> !stream.followsCapture()).forEach(stream -> stream.restart(nowNanos));
    }

    /** Gives each its turn; see {@link InjectStream#turn}. */
    void turn(int limit, long nowNanos, BooleanSupplier mayGoOn) {
        for (InjectStream stream : all) {
            stream.turn(limit, nowNanos, mayGoOn);
        }
    }

    /** While the link is down: see {@link InjectStream#leaveOutDue}. */
    void leaveOutDue(long nowNanos, BooleanSupplier mayGoOn) {
        for (InjectStream stream : all) {
            stream.leaveOutDue(nowNanos, mayGoOn);
        }
    }

    /** Returns how long until the first of them has to be asked again; 0 if a frame could be sent now. */
    long waitNanos(long nowNanos) {
        long wait = Long.MAX_VALUE;
        for (InjectStream stream : all) {
            if (stream.isDue(nowNanos)) {
                return 0;
            }
            wait = Math.min(wait, stream.waitNanos(nowNanos));
        }
        return wait;
    }

    /** Has all send what is left, while they may; the rest counts as not sent. Whether there was no rest. */
    boolean finish(LoopTime time, BooleanSupplier mayGoOn) {
        while (mayGoOn.getAsBoolean() && Arrays.stream(all).anyMatch(InjectStream::isLeft)) {
            for (InjectStream stream : all) {
                if (stream.isLeft()) {
                    stream.turn(InjectLoop.SLICE_FRAMES, time.nanos().getAsLong(), mayGoOn);
                }
            }
            // A sender may be between claiming a slot and filling it, or the interface's limit be reached.
            time.sleep().pause(DueSleep.SPIN_NANOS);
        }
        boolean nothingLeft = Arrays.stream(all).noneMatch(InjectStream::isLeft);
        for (InjectStream stream : all) {
            stream.abandon();
        }
        return nothingLeft;
    }

    /** Releases what they hold. */
    void close() {
        for (InjectStream stream : all) {
            stream.close();
        }
    }

    List<ConfiguredStream> named(Set<String> names) {
        return configured.stream().filter(each -> names.contains(each.name())).toList();
    }

    Optional<ConfiguredStream> named(String stream) {
        return configured.stream().filter(each -> each.name().equals(stream)).findFirst();
    }

    /** Returns whether a frame has fallen due for one that follows a capture. */
    boolean isFollowerDue() {
        for (ConfiguredStream follower : followers) {
            if (follower.isDueByCount()) {
                return true;
            }
        }
        return false;
    }

    /** One for each configured stream, and that of the handlers' frames if {@code withHandlers}. */
    List<InjectCounts> counts(boolean withHandlers) {
        List<InjectCounts> counts = new ArrayList<>();
        configured.forEach(stream -> counts.add(stream.counts()));
        if (withHandlers) {
            counts.add(handlers.counts());
        }
        return counts;
    }
}
