package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.frame.FrameSender;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.stream.ConfiguredStream;
import io.ringtap.inject.stream.InjectStream;
import io.ringtap.inject.stream.Link;
import io.ringtap.inject.stream.ReadyStream;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamCommands;
import io.ringtap.inject.stream.StreamOpener;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Progress;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Sends all that goes out of one interface by one engine, on one thread, {@code inject-INTERFACE} or {@code
 * inject-INTERFACE-ENGINE}: the configured streams and the frames of handlers. Each gets at most {@value #SLICE_FRAMES} frames a
 * turn, or as many as the engine takes at once, so that a stream that is behind does not keep the others waiting. A stream that is
 * late sends what fell due meanwhile, but for what the interface's limit, the stream's end or a link that is down leaves out; what
 * cannot be sent is counted. The thread sleeps until a frame falls due or somebody wakes it.
 *
 * <p>While the link is down nothing is sent: what falls due counts as failed, and when the link is up again the streams go
 * on with what falls due from then on, within a tenth of a second. How the thread sleeps is {@link DueSleep}'s.
 *
 * <p>Every method is safe on every thread.
 */
public final class InjectLoop implements AutoCloseable {
    /** Frames that a stream may send in a turn. */
    static final int SLICE_FRAMES = 64;

    /** Frames of handlers that may wait. */
    static final int RING_FRAMES = 4096;

    private static final String STOPPED = "the streams of this interface were stopped";
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** More than a send may wait for room in the interface's queue. */
    private static final Duration STOP_GRACE = Duration.ofMillis(500);

    private final FrameInjector injector;
    private final Link link;
    private final LoopStop stop;
    private final StreamOpener opener;
    private volatile LoopStreams streams;
    private final StreamCommands commands = new StreamCommands();
    private final LoopTime time;
    private final LoopSleep sleep;
    private final LongUnaryOperator waitNanos = this::waitNanos;
    private final LongConsumer leaveOutDue = this::leaveOutDue;
    private final BooleanSupplier hasCommands = this::hasCommands;
    private final BooleanSupplier mayGoOn;
    private final BooleanSupplier mayTakeMore = this::mayTakeMore;
    private final Thread thread;

    private final Counter turns = new Counter();
    private volatile boolean senderGiven; // once: what was sent by it is counted for good
    private volatile boolean senderWanted;
    private volatile boolean allSent;

    private InjectLoop(
            FrameInjector injector,
            List<InjectConfig> configs,
            Function<String, LongSupplier> publishedOf,
            LoopedFrames.Opener returned,
            SendBudget budget,
            LoopTime time)
            throws OpenException {
        this.injector = injector;
        this.time = time;
        sleep = time.sleep();
        stop = new LoopStop(time.nanos());
        mayGoOn = stop::mayGoOn;
        long now = now();
        link = new Link(injector, now);
        opener = new StreamOpener(injector, link, publishedOf, budget, time.nanos(), stop::maySendTaken);
        streams = LoopStreams.of(opener.open(configs, returned, now), opener.handlers(RING_FRAMES, sleep::wake));
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
        return start(injector, configs, publishedOf, LoopedFrames.Opener.NONE, SendBudget.unlimited());
    }

    /**
     * The same on an interface that others send on, too.
     *
     * @param returned counts frames that come back, so that streams which their own frames set off are stopped
     * @param budget what the interface may send in all
     */
    public static InjectLoop start(
            FrameInjector injector,
            List<InjectConfig> configs,
            Function<String, LongSupplier> publishedOf,
            LoopedFrames.Opener returned,
            SendBudget budget)
            throws OpenException {
        return start(injector, configs, publishedOf, returned, budget, LoopTime.real());
    }

    /** The same by another clock. */
    static InjectLoop start(
            FrameInjector injector,
            List<InjectConfig> configs,
            Function<String, LongSupplier> publishedOf,
            LoopedFrames.Opener returned,
            SendBudget budget,
            LoopTime time)
            throws OpenException {
        InjectConfig.checkTogether(configs, injector.interfaceName());
        InjectLoop loop = new InjectLoop(injector, configs, publishedOf, returned, budget, time);
        loop.thread.start();
        return loop;
    }

    /** Takes the frames of handlers, which are counted together under {@value InjectConfig#HANDLERS}. */
    public FrameSender sender() {
        senderGiven = true;
        senderWanted = true;
        return streams.handlers();
    }

    /** Nobody uses its {@link #sender} any more. */
    public void takeBackSender() {
        senderWanted = false;
    }

    /** Returns whether it has neither a configured stream nor a sender that is used: nothing will be sent. */
    public boolean isUnused() {
        return !senderWanted && streams.configured().isEmpty();
    }

    /**
     * Tells a configured stream what to do. The inject thread does it before the next frame; nobody waits here.
     *
     * @return ends with the stream's status when that is done; exceptionally with an {@link IllegalArgumentException} if
     *     the stream cannot do it or there is none of that name, and with a {@link
     *     java.util.concurrent.RejectedExecutionException} if too many commands wait or the loop is stopped
     */
    public CompletableFuture<StreamStatus> command(String stream, StreamCommand command) {
        return onThread(stream, now -> {
            ConfiguredStream named = streams.named(stream)
                    .orElseThrow(() -> new IllegalArgumentException("there is no stream " + stream));
            named.obey(command, now);
            return named.status();
        });
    }

    /**
     * Opens a further stream of this interface, whose name no stream has that will be there with it. It sends nothing, and
     * counts nowhere, until {@link #change} has it begin.
     *
     * @return ends exceptionally with an {@link OpenException} if the stream's frames cannot be sent here, and as {@link
     *     #command}'s does
     */
    public CompletableFuture<ReadyStream> open(InjectConfig config, LoopedFrames.Opener returned) {
        return onThread(config.name(), now -> new ReadyStream(opener.open(config, returned, now), this::release));
    }

    /** On the thread, which owns the injector that the stream's sender is of; or here, once that is closed. */
    private void release(ConfiguredStream stream) {
        var _ = onThread(stream.name(), now -> {
                    stream.close();
                    return true;
                })
                .exceptionally(stopped -> {
                    stream.close();
                    return false;
                });
    }

    /**
     * Ends streams, and has others begin in their place, between two frames. One that follows a capture first sends what
     * fell due, for half a second at most.
     *
     * @return ends with what those that have ended have counted; exceptionally as {@link #command}'s does
     */
    public CompletableFuture<List<InjectCounts>> change(Set<String> ended, List<ReadyStream> begun) {
        return onThread(String.join(", ", ended), _ -> {
            List<ConfiguredStream> leaving = streams.named(ended);
            LoopStreams.catchUp(leaving, STOP_GRACE, time, mayGoOn);
            streams = streams.change(leaving, begun, now());
            leaving.forEach(InjectStream::close);
            return leaving.stream().map(ConfiguredStream::counts).toList();
        });
    }

    private <T> CompletableFuture<T> onThread(String stream, StreamCommands.Command<T> command) {
        if (stop.isAsked()) {
            return StreamCommands.refused(STOPPED);
        }
        CompletableFuture<T> done = commands.offer(stream, command);
        sleep.wake();
        return done;
    }

    /** The addresses of a configured stream's frames; absent if they vary, or there is none of that name. */
    public Optional<EtherAddresses> addresses(String stream) {
        return streams.named(stream).flatMap(ConfiguredStream::addresses);
    }

    /** The configured streams, in the order given. */
    public List<StreamStatus> statuses() {
        return streams.configured().stream().map(ConfiguredStream::status).toList();
    }

    /**
     * Tells the loop that a capture may have published frames; for the capture thread, after each batch. Takes some
     * nanoseconds and does not allocate; only when a frame has fallen due and the thread sleeps does it wake it.
     */
    public void wake() {
        // The count was stored with release only: without a fence, this thread could look before it is seen.
        VarHandle.fullFence();
        if (sleep.isAsleep() && streams.isFollowerDue()) {
            sleep.wake();
        }
    }

    /** Has what the interface's limit holds back looked at anew: the limit may have changed. */
    public void lookAtLimit() {
        sleep.wake();
    }

    /** One for each stream, in the order given, and one for the frames of handlers once a sender was given. */
    public List<InjectCounts> counts() {
        return streams.counts(senderGiven);
    }

    /** Returns how far the loop has come. It has work before it unless it sleeps until a frame falls due. */
    public Progress progress() {
        long handed = counts().stream().mapToLong(c -> c.sent() + c.failed()).sum();
        return new Progress(thread.getName(), turns.value() + handed, !sleep.isAsleep() && !stop.isAsked());
    }

    /**
     * Ends the streams: timed ones at once; those that follow a capture when they have caught up with its count, which
     * must be final by now; and that of handlers when its waiting frames are sent. What is left after the time-out
     * counts as failed. Then the injector is closed. A second call waits for the first one's end.
     *
     * @return whether nothing was left and the thread has ended
     */
    public boolean stop(Duration timeout) {
        stop.ask(timeout);
        sleep.wake();
        try {
            return thread.join(timeout.plus(STOP_GRACE)) && allSent;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops within 1.5 s; idempotent. */
    @Override
    public void close() {
        stop(CLOSE_TIMEOUT);
    }

    private void run() {
        try {
            injector.prepareThread();
            streams.beginInTime(now());
            while (!stop.isAsked()) {
                turn();
                sleep.sleep(waitNanos, hasCommands);
            }
            stop.finish();
            streams.handlers().close();
            allSent = streams.finish(time, mayGoOn);
        } finally {
            commands.refuseAll(STOPPED);
            streams.close();
            injector.close();
        }
    }

    private void turn() {
        turns.add(1);
        long now = now();
        commands.obey(now);
        link.look(now, leaveOutDue);
        streams.turn(SLICE_FRAMES, now, mayTakeMore);
    }

    private long now() {
        return time.nanos().getAsLong();
    }

    /** What falls due while the link is down must not leave in a burst: it is counted, as long as it is down. */
    private void leaveOutDue(long nowNanos) {
        streams.leaveOutDue(nowNanos, mayGoOn);
    }

    private boolean hasCommands() {
        return stop.isAsked() || !commands.isEmpty();
    }

    private long waitNanos(long nowNanos) {
        long forLink = link.waitNanos(nowNanos);
        return link.isDown() ? forLink : Math.min(forLink, streams.waitNanos(nowNanos));
    }

    /** A command is done before the next frame; what was taken to be sent is sent first. */
    private boolean mayTakeMore() {
        return stop.mayGoOn() && commands.isEmpty();
    }
}
