package io.ringtap.inject.stream;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InjectConfig.Start;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.pace.Allowance;
import io.ringtap.inject.pace.PaceMeter;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.pace.StreamTime;
import io.ringtap.inject.pace.Trigger;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.InjectCounts;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The frames of an {@link InjectConfig}: those of one template, sent while the stream runs, when its trigger says so. */
public final class ConfiguredStream implements InjectStream {
    /** A command, or another stream, waits for as many; where the queue is full for 10 ms each. */
    private static final int TOP_SPEED_FRAMES = 16;

    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");

    private final StreamOutput output;
    private final OpenedFrames frames;
    private final StreamRun run;
    private final Allowance allowance;
    private final IntUnaryOperator dueFrames = this::dueFrames;
    private long takeNanos;
    private final LongSupplier clockNanos;
    private final Counter starts = new Counter();
    private final Counter loops = new Counter();

    private final LoopGuard guard; // null: none
    private final InjectConfig configured;
    private volatile InjectConfig config;
    private volatile StreamState state = StreamState.WAITING;

    private ConfiguredStream(
            InjectConfig config,
            StreamOutput output,
            OpenedFrames frames,
            StreamRun run,
            Allowance allowance,
            LoopGuard guard,
            LongSupplier clockNanos) {
        this.configured = config;
        this.config = config;
        this.output = output;
        this.frames = frames;
        this.run = run;
        this.allowance = allowance;
        this.clockNanos = clockNanos;
        this.guard = guard;
    }

    /**
     * A stream that runs from now on, or waits for its start.
     *
     * @param publishedOf gives, for a capture's name, its count of published frames
     * @param returned opens what counts its frames that come back
     * @param budget what the interface may send
     * @param time that of the stream
     * @throws OpenException if its frames cannot be read, or are longer than the interface's MTU allows
     */
    public static ConfiguredStream of(
            InjectConfig config,
            FrameInjector injector,
            StreamOutput output,
            Function<String, LongSupplier> publishedOf,
            LoopedFrames.Opener returned,
            SendBudget budget,
            StreamTime time,
            long nowNanos)
            throws OpenException {
        OpenedFrames frames = OpenedFrames.of(config, injector, time.epochNanos());
        ConfiguredStream stream;
        try {
            Trigger trigger = frames.trigger(config, publishedOf);
            PaceMeter meter = new PaceMeter(output::sentFrames);
            StreamRun run = new StreamRun(config, trigger, frames.lengthOf(), meter);
            LoopGuard guard = guard(config, frames.addresses(), returned, nowNanos);
            Allowance allowance = new Allowance(budget, frames.sender().moment());
            stream = new ConfiguredStream(config, output, frames, run, allowance, guard, time.nanos());
        } catch (RuntimeException | Error e) {
            frames.close();
            throw e;
        }
        if (config.start() == Start.AUTO) {
            stream.begin(nowNanos);
        }
        return stream;
    }

    private static LoopGuard guard(
            InjectConfig config, Optional<EtherAddresses> addresses, LoopedFrames.Opener returned, long nowNanos) {
        return config.schedule() instanceof Schedule.EveryFrames every
                ? addresses
                        .flatMap(known -> returned.open(every, config.burst(), known))
                        .map(counted -> new LoopGuard(counted, every.frames(), config.burst(), nowNanos))
                        .orElse(null)
                : null;
    }

    /** The addresses of its frames, if all have the same; any thread. */
    public Optional<EtherAddresses> addresses() {
        return frames.addresses();
    }

    /** Returns the stream's name. */
    public String name() {
        return config.name();
    }

    /** Its time begins now: what fell due since it was made is left out. */
    public void restart(long nowNanos) {
        if (state == StreamState.RUNNING) {
            run.begin(nowNanos);
        }
    }

    /** Does what a command says. @throws IllegalArgumentException if this stream cannot */
    public void obey(StreamCommand command, long nowNanos) {
        switch (command) {
            case StreamCommand.Start _ -> {
                if (state != StreamState.RUNNING) {
                    begin(nowNanos);
                }
            }
            case StreamCommand.Stop _ -> {
                if (state == StreamState.RUNNING) {
                    end(StreamState.STOPPED);
                }
            }
            case StreamCommand.Pace pace -> {
                if (followsCapture()) {
                    throw new IllegalArgumentException(
                            "stream " + name() + " follows the frames of a capture: it has no rate to change");
                }
                InjectConfig changed = configured.at(pace.rate()); // which may refuse it
                run.pace(pace.rate(), nowNanos);
                config = changed;
            }
        }
    }

    private void begin(long nowNanos) {
        run.begin(nowNanos);
        starts.add(1);
        state = StreamState.RUNNING; // last: whoever sees it running sees the rest
    }

    @Override
    public boolean isDue(long nowNanos) {
        return state == StreamState.RUNNING && run.isDue(nowNanos) && mayGo(nowNanos);
    }

    private boolean mayGo(long nowNanos) {
        return allowance.isOpen(nowNanos) || output.isLinkDown();
    }

    /** Returns whether a capture has made a frame due; any thread. */
    public boolean isDueByCount() {
        return state == StreamState.RUNNING && run.isDueByCount();
    }

    /** Returns whether a capture's progress decides what is due. */
    public boolean followsCapture() {
        return run.followsCapture();
    }

    @Override
    public void turn(int limit, long nowNanos, BooleanSupplier mayGoOn) {
        if (state != StreamState.RUNNING) {
            return;
        }
        if (guard != null && guard.isLoop(run.taken(), nowNanos)) {
            endLoop();
            return;
        }
        run.look(nowNanos);
        StreamSender sender = frames.sender();
        long now = clockNanos.getAsLong(); // other streams may have had their turn before
        int most = output.isLinkDown() ? limit : Math.max(limit, sender.mostFrames());
        while (most > 0 && !run.isOver(now) && isDue(now) && mayGoOn.getAsBoolean()) {
            int taken = take(Math.min(most, atOnce(sender)), now);
            if (taken == 0) {
                break;
            }
            output.send(sender, taken);
            most -= taken;
            now = clockNanos.getAsLong();
            run.gone(now);
        }
        if (run.isOver(now)) {
            end(StreamState.ENDED);
        } else if (!frames.failure().isEmpty()) {
            end(StreamState.FAILED);
            LOG.error("inject={} interface={}: failed: {}", name(), config.interfaceName(), frames.failure());
        }
    }

    /** Nothing is late at top speed: the looks at the clock and at what may stop it are for more frames then. */
    private int atOnce(StreamSender sender) {
        boolean unhurried = run.isAlwaysDue() && !allowance.isLimited();
        return unhurried ? Math.max(TOP_SPEED_FRAMES, sender.mostFrames()) : sender.mostFrames();
    }

    /** Nothing falls due at top speed: such a stream waits. */
    @Override
    public void leaveOutDue(long nowNanos, BooleanSupplier mayGoOn) {
        if (!run.isAlwaysDue()) {
            turn(Integer.MAX_VALUE, nowNanos, mayGoOn);
        }
    }

    /** Returns whether frames fall due, or will. */
    public boolean isRunning() {
        return state == StreamState.RUNNING;
    }

    /** Returns whether the next frame is still to be read from its file. */
    public boolean awaitsFrames() {
        return run.awaitsFrames();
    }

    private int take(int most, long nowNanos) {
        if (output.isLinkDown()) {
            return run.skip(most, nowNanos);
        }
        if (!allowance.isLimited()) {
            return run.take(most, nowNanos);
        }
        run.limitLag(nowNanos);
        takeNanos = nowNanos;
        int granted = allowance.grant(most, dueFrames, run.taken(), run.lengthOf(), nowNanos);
        return granted == 0 ? 0 : run.take(granted, nowNanos);
    }

    private int dueFrames(int most) {
        return run.due(most, takeNanos);
    }

    private void end(StreamState how) {
        allowance.drop();
        state = how;
    }

    private void endLoop() {
        end(StreamState.LOOPED);
        loops.add(1);
        LOG.warn(
                "inject={} interface={}: stopped: its own frames come back, and make it send ever more; look for a loop in"
                        + " the network, or capture without own frames, then: ringtap stream start {}",
                name(),
                config.interfaceName(),
                name());
    }

    @Override
    public long waitNanos(long nowNanos) {
        if (state != StreamState.RUNNING) {
            return Long.MAX_VALUE;
        }
        return run.isDue(nowNanos)
                ? Math.min(allowance.waitNanos(nowNanos), run.endWaitNanos(nowNanos))
                : run.waitNanos(nowNanos);
    }

    /** A timed stream ends with the loop; one that follows a capture owes a frame for each count that was reached. */
    @Override
    public boolean isLeft() {
        return isDueByCount();
    }

    @Override
    public void abandon() {
        if (isLeft()) {
            output.abandon(run.dueByCount());
        }
    }

    @Override
    public void close() {
        frames.close();
        allowance.close();
        if (guard != null) {
            guard.close();
        }
    }

    @Override
    public InjectCounts counts() {
        return output.counts(run.pace());
    }

    /** Returns what it is doing; any thread. */
    public StreamStatus status() {
        return new StreamStatus(counts(), state, config, starts.value(), loops.value());
    }
}
