package io.ringtap.inject;

import io.ringtap.ledger.InjectCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        List<ConfiguredStream> configured,
        HandlerStream handlers,
        List<InjectStream> all,
        ConfiguredStream[] followers) {
    static LoopStreams of(Collection<ConfiguredStream> configured, HandlerStream handlers) {
        List<InjectStream> all = new ArrayList<>(configured);
        all.add(handlers);
        return new LoopStreams(
                List.copyOf(configured),
                handlers,
                List.copyOf(all),
                configured.stream().filter(ConfiguredStream::followsCapture).toArray(ConfiguredStream[]::new));
    }

    /** Without some, and with others. */
    LoopStreams change(Set<ConfiguredStream> ended, List<ConfiguredStream> begun) {
        List<ConfiguredStream> changed = new ArrayList<>(configured);
        changed.removeAll(ended);
        changed.addAll(begun);
        return of(changed, handlers);
    }

    Optional<ConfiguredStream> named(String stream) {
        return configured.stream().filter(each -> each.name().equals(stream)).findFirst();
    }

    /** Whether a frame has fallen due for one that follows a capture. */
    boolean isFollowerDue() {
        for (ConfiguredStream follower : followers) {
            if (follower.isDue(0)) {
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
