package io.ringtap.daemon;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.control.StreamCalls;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.StreamSwitch;
import io.ringtap.inject.Engine;
import io.ringtap.inject.EtherAddresses;
import io.ringtap.inject.FrameInjector;
import io.ringtap.inject.InjectConfig;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.ReturnedFrames;
import io.ringtap.inject.Schedule;
import io.ringtap.inject.StreamCommand;
import io.ringtap.inject.StreamStatus;
import io.ringtap.inject.kernel.ReturningInjector;
import io.ringtap.inject.mmsg.MmsgInjector;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.pcap.PcapReturnedFrames;
import io.ringtap.inject.xdp.XdpInjector;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** One inject loop for each interface and engine that something is sent by, made when first needed. Any thread. */
final class InjectLoops implements StreamCalls.Streams {
    private final List<InjectConfig> configs;
    private final List<CaptureConfig> captures;
    private final Function<String, LongSupplier> publishedOf;
    private final Map<Way, InjectLoop> loops = new LinkedHashMap<>();

    /** What frames go out by; what handlers send goes by sendpacket. */
    private record Way(String interfaceName, Engine engine) {}

    /** To be set off by its own frames, a stream needs each to come back this often. */
    private static final long MOST_FRAMES_GUARDED = 1_000;

    /** By the name of the stream. */
    private final Map<String, InjectLoop> started = new ConcurrentHashMap<>();

    InjectLoops(List<InjectConfig> configs, List<CaptureConfig> captures, Function<String, LongSupplier> publishedOf) {
        this.configs = configs;
        this.captures = captures;
        this.publishedOf = publishedOf;
    }

    /** Opens the interfaces of all configured streams, and starts the streams. */
    synchronized void start() throws OpenException {
        for (InjectConfig config : configs) {
            loop(new Way(config.interfaceName(), config.engine()));
        }
    }

    /** Takes frames for an interface. */
    synchronized FrameSender sender(String interfaceName) throws OpenException {
        return loop(new Way(interfaceName, Engine.SENDPACKET)).sender();
    }

    private InjectLoop loop(Way way) throws OpenException {
        InjectLoop loop = loops.get(way);
        if (loop == null) {
            List<InjectConfig> streams = configs.stream()
                    .filter(c -> way.equals(new Way(c.interfaceName(), c.engine())))
                    .toList();
            loop = start(ReturningInjector.open(way.interfaceName(), way.engine(), () -> open(way)), streams);
            loops.put(way, loop);
            for (InjectConfig stream : streams) {
                started.put(stream.name(), loop);
            }
        }
        return loop;
    }

    /** What a stream's frames, come back, would set off: only one that sends much for what it sees can run away. */
    private Optional<ReturnedFrames> returned(Schedule.EveryFrames every, EtherAddresses addresses) {
        if (every.frames() > MOST_FRAMES_GUARDED) {
            return Optional.empty();
        }
        return captures.stream()
                .filter(capture -> capture.name().equals(every.captureName()))
                .filter(capture -> capture.origin() instanceof CaptureOrigin.Live)
                .findFirst()
                .flatMap(capture -> PcapReturnedFrames.open(
                        capture.origin().label(),
                        addresses,
                        capture.direction() != Direction.IN && capture.ownFrames() == OwnFrames.DELIVER));
    }

    private static FrameInjector open(Way way) throws OpenException {
        return switch (way.engine()) {
            case SENDPACKET -> PcapInjector.open(way.interfaceName());
            case MMSG -> MmsgInjector.open(way.interfaceName(), false);
            case MMSG_BYPASS -> MmsgInjector.open(way.interfaceName(), true);
            case XDP -> XdpInjector.open(way.interfaceName());
        };
    }

    private InjectLoop start(FrameInjector injector, List<InjectConfig> streams) throws OpenException {
        try {
            return InjectLoop.start(injector, streams, publishedOf, this::returned);
        } catch (OpenException | RuntimeException e) {
            injector.close();
            throw e;
        }
    }

    /**
     * Tells a configured stream what to do; see {@link InjectLoop#command}. Not synchronized: a handler must not wait for
     * an interface that is being opened.
     */
    @Override
    public CompletableFuture<StreamStatus> command(String stream, StreamCommand command) {
        InjectLoop loop = started.get(stream);
        return loop == null
                ? CompletableFuture.failedFuture(new IllegalArgumentException("there is no stream " + stream))
                : loop.command(stream, command);
    }

    /** Starts and stops the streams for handlers. */
    StreamSwitch streams() {
        return new StreamSwitch() {
            @Override
            public boolean start(String stream) {
                return !command(stream, new StreamCommand.Start()).isCompletedExceptionally();
            }

            @Override
            public boolean stop(String stream) {
                return !command(stream, new StreamCommand.Stop()).isCompletedExceptionally();
            }

            @Override
            public Predicate<Frame> framesOf(String stream) {
                InjectLoop loop = started.get(stream);
                Optional<EtherAddresses> own = loop == null ? Optional.empty() : loop.addresses(stream);
                return own.<Predicate<Frame>>map(known -> known).orElse(_ -> false);
            }
        };
    }

    @Override
    public synchronized List<StreamStatus> statuses() {
        return loops.values().stream().flatMap(loop -> loop.statuses().stream()).toList();
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
        loops.forEach((way, loop) -> stops.add(Thread.ofPlatform()
                .name("stop-inject-" + way.interfaceName())
                .daemon()
                .start(() -> loop.stop(timeout))));
        try {
            for (Thread stop : stops) {
                stop.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
