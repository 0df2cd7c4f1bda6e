package io.ringtap.daemon;

import io.ringtap.capture.OpenException;
import io.ringtap.frame.FrameSender;
import io.ringtap.inject.InjectConfig;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** One inject loop for each interface that something is sent on, made when first needed. Any thread. */
final class InjectLoops {
    private final List<InjectConfig> configs;
    private final Function<String, LongSupplier> publishedOf;
    private final Map<String, InjectLoop> loops = new LinkedHashMap<>();

    InjectLoops(List<InjectConfig> configs, Function<String, LongSupplier> publishedOf) {
        this.configs = configs;
        this.publishedOf = publishedOf;
    }

    /** Opens the interfaces of all configured streams, and starts the streams. */
    synchronized void start() throws OpenException {
        for (InjectConfig config : configs) {
            loop(config.interfaceName());
        }
    }

    /** Takes frames for an interface. */
    synchronized FrameSender sender(String interfaceName) throws OpenException {
        return loop(interfaceName).sender();
    }

    private InjectLoop loop(String interfaceName) throws OpenException {
        InjectLoop loop = loops.get(interfaceName);
        if (loop == null) {
            List<InjectConfig> streams = configs.stream()
                    .filter(c -> c.interfaceName().equals(interfaceName))
                    .toList();
            loop = InjectLoop.start(PcapInjector.open(interfaceName), streams, publishedOf);
            loops.put(interfaceName, loop);
        }
        return loop;
    }

    /** Tells all loops that a capture may have published what a stream waits for. */
    Runnable wakeAll() {
        List<InjectLoop> all = List.copyOf(loops.values());
        return () -> all.forEach(InjectLoop::wake);
    }

    synchronized List<InjectCounts> counts() {
        return loops.values().stream().flatMap(loop -> loop.counts().stream()).toList();
    }

    synchronized List<Progress> progress() {
        return loops.values().stream().map(InjectLoop::progress).toList();
    }

    /** Stops all at the same time: a link that takes nothing costs the others none of theirs. */
    synchronized void stop(Duration timeout) {
        List<Thread> stops = new ArrayList<>();
        loops.forEach((name, loop) -> stops.add(
                Thread.ofPlatform().name("stop-inject-" + name).daemon().start(() -> loop.stop(timeout))));
        try {
            for (Thread stop : stops) {
                stop.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
