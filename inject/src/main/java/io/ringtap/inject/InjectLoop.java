package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.frame.FrameSender;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Progress;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends all that goes out of one interface by one engine, on one thread, {@code inject-INTERFACE} or {@code
 * inject-INTERFACE-ENGINE}: the configured streams and the frames of handlers. Each gets at most {@value #SLICE_FRAMES} frames a turn, so that a stream that is behind does not
 * keep the others waiting. A stream that is late sends everything that fell due meanwhile; nothing is left out, and
 * what cannot be sent is counted. The thread sleeps until a frame falls due or somebody wakes it.
 *
 * <p>While the link is down nothing is sent: what falls due counts as failed, and when the link is up again the streams go
 * on with what falls due from then on, within a tenth of a second.
 *
 * <p>The deadlines hold to about a tenth of a millisecond, the slack of Linux timers: above some 10,000 frames a second
 * frames leave in small groups, at the right mean rate.
 *
 * <p>Every method is safe on every thread.
 */
public final class InjectLoop implements AutoCloseable {
    /** Frames that a stream may send in a turn. */
    static final int SLICE_FRAMES = 64;

    /** Frames of handlers that may wait. */
    static final int RING_FRAMES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(InjectLoop.class);
    private static final String STOPPED = "the streams of this interface were stopped";
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** More than a send may wait for room in the interface's queue. */
    private static final Duration STOP_GRACE = Duration.ofMillis(500);

    private final FrameInjector injector;
    private final Link link;
    private final List<ConfiguredStream> configured = new ArrayList<>();
    private final HandlerStream handlers;
    private final List<InjectStream> streams = new ArrayList<>();
    private final ConfiguredStream[] followers;
    private final StreamCommands commands = new StreamCommands();
    private final BooleanSupplier mayGoOn = this::mayGoOn;
    private final BooleanSupplier mayTakeMore = this::mayTakeMore;
    private final Thread thread;

    private final Counter turns = new Counter();
    private final AtomicBoolean parked = new AtomicBoolean();
    private volatile boolean senderGiven;
    private volatile boolean stopping;
    private volatile boolean allSent;
    private volatile long stopDeadlineNanos;
    private boolean finishing; // the inject thread's own

    private InjectLoop(
            FrameInjector injector,
            List<InjectConfig> configs,
            Function<String, LongSupplier> publishedOf,
            ReturnedFrames.Opener returned)
            throws OpenException {
        this.injector = injector;
        long now = System.nanoTime();
        link = new Link(injector, now);
        for (InjectConfig config : configs) {
            configured.add(ConfiguredStream.of(config, injector, output(config.name()), publishedOf, returned, now));
        }
        handlers = new HandlerStream(output(InjectConfig.HANDLERS), new InjectRing(RING_FRAMES), this::unpark);
        streams.addAll(configured);
        streams.add(handlers);
        followers = configured.stream().filter(ConfiguredStream::followsCapture).toArray(ConfiguredStream[]::new);
        thread = Thread.ofPlatform()
                .name(injector.engine().threadName(injector.interfaceName()))
                .daemon()
                .unstarted(this::run);
    }

    /**
     * Starts the thread, and the streams' time.
     *
     * @param injector where to send; the loop's thread closes it when it ends, unless this method throws
     * @param configs the streams of that interface; may be empty, for frames of handlers only
     * @param publishedOf gives, for a capture's name, its count of published frames, readable on any thread
     * @throws IllegalArgumentException if two streams have the same name, or one belongs to another interface
     * @throws OpenException if a stream's frames are longer than the interface's MTU allows
     */
    public static InjectLoop start(
            FrameInjector injector, List<InjectConfig> configs, Function<String, LongSupplier> publishedOf)
            throws OpenException {
        return start(injector, configs, publishedOf, ReturnedFrames.Opener.NONE);
    }

    /** The same with streams that are stopped when their own frames set them off, as far as {@code returned} counts those. */
    public static InjectLoop start(
            FrameInjector injector,
            List<InjectConfig> configs,
            Function<String, LongSupplier> publishedOf,
            ReturnedFrames.Opener returned)
            throws OpenException {
        Set<String> names = new HashSet<>();
        for (InjectConfig config : configs) {
            if (!config.interfaceName().equals(injector.interfaceName())) {
                throw new IllegalArgumentException("inject stream " + config.name() + " is for "
                        + config.interfaceName() + ", not for " + injector.interfaceName());
            }
            if (!names.add(config.name())) {
                throw new IllegalArgumentException("two inject streams are called " + config.name());
            }
        }
        InjectLoop loop = new InjectLoop(injector, configs, publishedOf, returned);
        loop.thread.start();
        return loop;
    }

    private StreamOutput output(String stream) {
        FailureLog log = new FailureLog(stream, injector.interfaceName(), LOG::warn, System::nanoTime);
        return new StreamOutput(stream, injector, link, log, mayGoOn);
    }

    /** Takes the frames of handlers, which are counted together under {@value InjectConfig#HANDLERS}. */
    public FrameSender sender() {
        senderGiven = true;
        return handlers;
    }

    /**
     * Tells a configured stream what to do. The inject thread does it before the next frame; nobody waits here.
     *
     * @return ends with the stream's status when that is done; exceptionally with an {@link IllegalArgumentException} if
     *     the stream cannot do it or there is none of that name, and with a {@link
     *     java.util.concurrent.RejectedExecutionException} if too many commands wait or the loop is stopped
     */
    public CompletableFuture<StreamStatus> command(String stream, StreamCommand command) {
        if (stopping) {
            return StreamCommands.refused(STOPPED);
        }
        Optional<ConfiguredStream> named = named(stream);
        if (named.isEmpty()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("there is no stream " + stream));
        }
        CompletableFuture<StreamStatus> done = commands.offer(named.get(), command);
        unpark();
        return done;
    }

    private Optional<ConfiguredStream> named(String stream) {
        return configured.stream().filter(each -> each.name().equals(stream)).findFirst();
    }

    /** The addresses of a configured stream's frames; absent if they vary, or there is none of that name. */
    public Optional<EtherAddresses> addresses(String stream) {
        return named(stream).flatMap(ConfiguredStream::addresses);
    }

    /** The configured streams, in the order given. */
    public List<StreamStatus> statuses() {
        return configured.stream().map(ConfiguredStream::status).toList();
    }

    /**
     * Tells the loop that a capture may have published frames; for the capture thread, after each batch. Takes some
     * nanoseconds and does not allocate; only when a frame has fallen due and the thread sleeps does it wake it.
     */
    public void wake() {
        // The count was stored with release only: without a fence, this thread could read `parked` before it is seen.
        VarHandle.fullFence();
        if (!parked.get()) {
            return;
        }
        for (ConfiguredStream follower : followers) {
            if (follower.isDue(0)) {
                unpark();
                return;
            }
        }
    }

    /** One for each stream, in the order given, and one for the frames of handlers once a sender was given. */
    public List<InjectCounts> counts() {
        List<InjectCounts> counts = new ArrayList<>();
        configured.forEach(s -> counts.add(s.counts()));
        if (senderGiven) {
            counts.add(handlers.counts());
        }
        return counts;
    }

    /** How far the loop has come. It has work before it unless it sleeps until a frame falls due. */
    public Progress progress() {
        long handed = counts().stream().mapToLong(c -> c.sent() + c.failed()).sum();
        return new Progress(thread.getName(), turns.value() + handed, !parked.get() && !stopping);
    }

    /**
     * Ends the streams: timed ones at once; those that follow a capture when they have caught up with its count, which
     * must be final by now; and that of handlers when its waiting frames are sent. What is left after the time-out
     * counts as failed. Then the injector is closed. A second call waits for the first one's end.
     *
     * @return whether nothing was left and the thread has ended
     */
    public boolean stop(Duration timeout) {
        synchronized (this) {
            if (!stopping) {
                stopDeadlineNanos = System.nanoTime() + timeout.toNanos();
                stopping = true;
            }
        }
        LockSupport.unpark(thread);
        try {
            return thread.join(timeout.plus(STOP_GRACE)) && allSent;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops within a second and a half; idempotent. */
    @Override
    public void close() {
        stop(CLOSE_TIMEOUT);
    }

    private void run() {
        try {
            while (!stopping) {
                turn();
                idle();
            }
            allSent = finish();
        } finally {
            commands.refuseAll(STOPPED);
            streams.forEach(InjectStream::close);
            injector.close();
        }
    }

    private void turn() {
        turns.add(1);
        long now = System.nanoTime();
        commands.obey(now);
        link.look(now, () -> skip(now));
        for (InjectStream stream : streams) {
            stream.turn(SLICE_FRAMES, now, mayTakeMore);
        }
    }

    /** What fell due while the link was down must not leave in a burst: it is counted, as long as it is down. */
    private void skip(long nowNanos) {
        for (InjectStream stream : streams) {
            stream.turn(Integer.MAX_VALUE, nowNanos, mayGoOn);
        }
    }

    /** Sleeps until a frame falls due; returns early now and then. */
    private void idle() {
        parked.set(true);
        // From here on whoever makes a frame due sees `parked`; what fell due before is seen here.
        long now = System.nanoTime();
        long waitNanos = waitNanos(now);
        if (waitNanos > 0 && !stopping && commands.isEmpty()) {
            LockSupport.parkNanos(this, waitNanos);
        }
        parked.set(false);
    }

    private long waitNanos(long nowNanos) {
        if (link.isDown()) {
            return link.waitNanos(nowNanos);
        }
        long wait = link.waitNanos(nowNanos);
        for (InjectStream stream : streams) {
            if (stream.isDue(nowNanos)) {
                return 0;
            }
            wait = Math.min(wait, stream.waitNanos(nowNanos));
        }
        return wait;
    }

    private boolean finish() {
        finishing = true;
        handlers.close();
        while (mayGoOn() && streams.stream().anyMatch(InjectStream::isLeft)) {
            for (InjectStream stream : streams) {
                if (stream.isLeft()) {
                    stream.turn(SLICE_FRAMES, 0, mayGoOn);
                }
            }
            Thread.onSpinWait(); // a sender may be between claiming a slot and filling it
        }
        boolean nothingLeft = streams.stream().noneMatch(InjectStream::isLeft);
        streams.forEach(InjectStream::abandon);
        return nothingLeft;
    }

    /** A command is done before the next frame; what was taken to be sent is sent first. */
    private boolean mayTakeMore() {
        return mayGoOn() && commands.isEmpty();
    }

    private boolean mayGoOn() {
        return finishing ? System.nanoTime() - stopDeadlineNanos < 0 : !stopping;
    }

    private void unpark() {
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }
}
