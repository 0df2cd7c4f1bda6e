package io.ringtap.daemon;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.control.StreamCalls;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameSender;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InterfaceLimit;
import io.ringtap.inject.kernel.ReopeningInjector;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.stream.ReadyStream;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One inject loop for each interface and engine that something is sent by, made when first needed. Any thread. */
final class InjectLoops implements StreamCalls.Streams {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");

    /** An inject thread is busy no longer than a send may wait for room in the interface's queue. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Function<String, LongSupplier> publishedOf;
    private final InterfaceBudgets budgets = new InterfaceBudgets();
    private final Map<Way, InjectLoop> loops = new LinkedHashMap<>();

    /** Those, for capture threads. */
    private volatile List<InjectLoop> all = List.of();

    /** By the name of the stream. */
    private final Map<String, InjectLoop> started = new ConcurrentHashMap<>();

    /** Those of the streams that handlers asked for, by name; null for none. */
    private final Map<String, AtomicReference<EtherAddresses>> addresses = new ConcurrentHashMap<>();

    /** What streams that are gone have counted, by their {@link #key}. */
    private final Map<String, InjectCounts> ended = new LinkedHashMap<>();

    /** The interface and engine by which frames go out; what handlers send goes by sendpacket. */
    private record Way(String interfaceName, Engine engine) {
        static Way of(InjectConfig stream) {
            return new Way(stream.interfaceName(), stream.engine());
        }
    }

    /** Without loops, and without {@link #limit}s. */
    InjectLoops(Function<String, LongSupplier> publishedOf) {
        this.publishedOf = publishedOf;
    }

    /** Has each interface send what is said here at most, from now on; one of which nothing is said has no limit. */
    synchronized void limit(List<InterfaceLimit> limits) {
        budgets.limit(limits);
        loops.values().forEach(InjectLoop::lookAtLimit);
    }

    /** Takes frames for an interface. */
    synchronized FrameSender sender(String interfaceName) throws OpenException {
        return loop(new Way(interfaceName, Engine.SENDPACKET)).sender();
    }

    private InjectLoop loop(Way way) throws OpenException {
        InjectLoop loop = loops.get(way);
        if (loop == null) {
            loop = start(ReopeningInjector.open(way.interfaceName(), way.engine(), () -> open(way)));
            loops.put(way, loop);
            all = List.copyOf(loops.values());
        }
        return loop;
    }

    /** On whichever thread has seen that the interface is there: it may be one that others send on, too, by another name. */
    private FrameInjector open(Way way) throws OpenException {
        FrameInjector opened = Injectors.open(way.interfaceName(), way.engine());
        budgets.of(way.interfaceName());
        return opened;
    }

    private InjectLoop start(FrameInjector injector) throws OpenException {
        try {
            SendBudget budget = budgets.of(injector.interfaceName());
            return InjectLoop.start(injector, List.of(), publishedOf, LoopedFrames.Opener.NONE, budget);
        } catch (OpenException | RuntimeException e) {
            injector.close();
            throw e;
        }
    }

    /** Streams that are open, and wait for {@link #begin}; or are closed, if they are not wanted. */
    final class Opened implements AutoCloseable {
        private final Map<InjectLoop, List<ReadyStream>> ready = new LinkedHashMap<>();

        /** Has them begin, in place of streams that end, each loop between two frames. */
        void begin(List<String> ending) throws InterruptedException {
            InjectLoops.this.begin(this, ending);
        }

        /** Releases those that have not begun. */
        @Override
        public void close() {
            ready.values().forEach(streams -> streams.forEach(ReadyStream::close));
            ready.clear();
            stopUnused();
        }
    }

    /**
     * Opens streams, and their interfaces; none begins.
     *
     * @param captures those that there will be
     */
    synchronized Opened open(List<InjectConfig> streams, List<CaptureConfig> captures)
            throws OpenException, InterruptedException {
        Opened opened = new Opened();
        try {
            for (InjectConfig stream : streams) {
                InjectLoop loop = loop(Way.of(stream));
                ReadyStream ready = await(loop.open(stream, new OwnFramesCount(captures)));
                opened.ready.computeIfAbsent(loop, _ -> new ArrayList<>()).add(ready);
            }
            return opened;
        } catch (OpenException | InterruptedException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static <T> T await(CompletableFuture<T> done) throws OpenException, InterruptedException {
        try {
            return done.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OpenException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "an inject thread has not answered within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    private synchronized void begin(Opened opened, List<String> ending) throws InterruptedException {
        Map<InjectLoop, Set<String>> leaving = new LinkedHashMap<>();
        opened.ready.keySet().forEach(loop -> leaving.put(loop, new HashSet<>()));
        for (String name : ending) {
            InjectLoop loop = started.get(name);
            if (loop != null) { // else it had not come to begin
                leaving.computeIfAbsent(loop, _ -> new HashSet<>()).add(name);
            }
        }
        for (Map.Entry<InjectLoop, Set<String>> each : leaving.entrySet()) {
            InjectLoop loop = each.getKey();
            List<ReadyStream> beginning = opened.ready.getOrDefault(loop, List.of());
            opened.ready.remove(loop);
            try {
                for (InjectCounts last : change(loop, each.getValue(), beginning)) {
                    keep(last);
                    started.remove(last.name(), loop);
                }
                beginning.forEach(stream -> started.put(stream.name(), loop));
            } catch (IllegalStateException e) { // its thread is gone, or stuck: that harms no other
                LOG.error("streams {} could not be changed: {}", each.getValue(), e.getMessage());
            }
        }
        addresses.forEach((stream, own) -> own.set(addresses(stream)));
        stopUnused();
    }

    private static List<InjectCounts> change(InjectLoop loop, Set<String> leaving, List<ReadyStream> beginning)
            throws InterruptedException {
        try {
            return await(loop.change(leaving, beginning));
        } catch (OpenException e) {
            throw new IllegalStateException(e); // nothing is opened here
        }
    }

    /** Takes back the senders of interfaces that are not captured any more: nobody sends by them. */
    synchronized void keepSenders(Set<String> captured) {
        loops.forEach((way, loop) -> {
            if (!captured.contains(way.interfaceName())) {
                loop.takeBackSender();
            }
        });
    }

    private synchronized void stopUnused() {
        List<InjectLoop> unused =
                loops.values().stream().filter(InjectLoop::isUnused).toList();
        loops.values().removeAll(unused);
        all = List.copyOf(loops.values());
        for (InjectLoop loop : unused) {
            loop.close();
            loop.counts().forEach(this::keep);
        }
    }

    private void keep(InjectCounts last) {
        ended.merge(key(last), last, (earlier, latest) -> latest.plus(earlier));
    }

    /** A configured stream's name; what handlers send is a stream of that name on each interface. */
    private static String key(InjectCounts counts) {
        boolean ofHandlers = counts.name().equals(InjectConfig.HANDLERS);
        return ofHandlers ? counts.name() + ' ' + counts.interfaceName() : counts.name();
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

    /** Tells a stream's own frames when they come back, whatever stream has the name then. */
    Predicate<Frame> framesOf(String stream) {
        AtomicReference<EtherAddresses> own =
                addresses.computeIfAbsent(stream, name -> new AtomicReference<>(addresses(name)));
        return frame -> {
            EtherAddresses known = own.get();
            return known != null && known.test(frame);
        };
    }

    /** Null if they vary, or there is no such stream. */
    private EtherAddresses addresses(String stream) {
        InjectLoop loop = started.get(stream);
        return loop == null ? null : loop.addresses(stream).orElse(null);
    }

    @Override
    public synchronized List<StreamStatus> statuses() {
        return loops.values().stream()
                .flatMap(loop -> loop.statuses().stream())
                .map(status -> status.counting(withEnded(status.counts())))
                .toList();
    }

    private InjectCounts withEnded(InjectCounts counts) {
        InjectCounts earlier = ended.get(key(counts));
        return earlier == null ? counts : counts.plus(earlier);
    }

    /** Tells all loops that a capture may have published what a stream waits for. For capture threads. */
    void wakeAll() {
        for (InjectLoop loop : all) {
            loop.wake();
        }
    }

    /** Of all streams, those that are gone last. */
    synchronized List<InjectCounts> counts() {
        Map<String, InjectCounts> counts = new LinkedHashMap<>();
        loops.values().forEach(loop -> loop.counts().forEach(each -> counts.put(key(each), withEnded(each))));
        ended.forEach(counts::putIfAbsent);
        return List.copyOf(counts.values());
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
