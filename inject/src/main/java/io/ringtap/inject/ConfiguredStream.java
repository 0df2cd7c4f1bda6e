package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.InjectConfig.Start;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.InjectCounts;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The frames of an {@link InjectConfig}: those of one template, sent while the stream runs, when its trigger says so. */
final class ConfiguredStream implements InjectStream {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredStream.class);

    private final InjectConfig config;
    private final StreamOutput output;
    private final StreamSender sender;
    private final Optional<EtherAddresses> addresses;
    private final long count;
    private final Counter starts = new Counter();
    private final Counter loops = new Counter();
    private final Counter tried = new Counter();

    /** What {@link #tried} was at the last start. */
    private long triedBefore;

    /** Replaced only where it keeps time; other threads look at one that counts frames. */
    private Trigger trigger;

    private final LoopGuard guard; // null: none
    private volatile Schedule schedule;
    private volatile StreamState state = StreamState.WAITING;

    private ConfiguredStream(
            InjectConfig config,
            StreamOutput output,
            StreamSender sender,
            Optional<EtherAddresses> addresses,
            Function<String, LongSupplier> publishedOf,
            ReturnedFrames.Opener returned,
            long nowNanos) {
        this.config = config;
        this.output = output;
        this.sender = sender;
        this.addresses = addresses;
        this.count = config.count() == 0 ? Long.MAX_VALUE : config.count();
        schedule = config.schedule();
        trigger = switch (config.schedule()) {
            case Schedule.Every every -> Pacer.every(every.interval(), nowNanos);
            case Schedule.Rate rate -> Pacer.rate(rate.framesPerSecond(), nowNanos);
            case Schedule.EveryFrames every ->
                new FrameCountTrigger(every.frames(), publishedOf.apply(every.captureName()));
        };
        guard = config.schedule() instanceof Schedule.EveryFrames every
                ? addresses
                        .flatMap(known -> returned.open(every, known))
                        .map(counted -> new LoopGuard(counted, every.frames(), nowNanos))
                        .orElse(null)
                : null;
        if (config.start() == Start.AUTO) {
            run();
        }
    }

    /**
     * A stream that runs from now on, or waits for its start.
     *
     * @param publishedOf gives, for a capture's name, its count of published frames
     * @param returned opens what counts its frames that come back
     * @throws OpenException if its frames are longer than the interface's MTU allows
     */
    static ConfiguredStream of(
            InjectConfig config,
            FrameInjector injector,
            StreamOutput output,
            Function<String, LongSupplier> publishedOf,
            ReturnedFrames.Opener returned,
            long nowNanos)
            throws OpenException {
        CompiledTemplate frames = config.frame().compile(injector.address());
        boolean known = injector.mtuBytes() > 0;
        if (known && frames.neededMtuBytes() > injector.mtuBytes()) {
            throw new OpenException(
                    OpenException.Reason.OTHER,
                    "cannot send inject stream " + config.name() + " on " + config.interfaceName() + ": "
                            + frames.tooLongFor(injector.mtuBytes()));
        }
        StreamSender sender = injector.sender(config.frame(), new EpochClock());
        return new ConfiguredStream(config, output, sender, EtherAddresses.of(frames), publishedOf, returned, nowNanos);
    }

    /** The addresses of its frames, if all have the same; any thread. */
    Optional<EtherAddresses> addresses() {
        return addresses;
    }

    String name() {
        return config.name();
    }

    /** Does what a command says. @throws IllegalArgumentException if this stream cannot */
    void obey(StreamCommand command, long nowNanos) {
        switch (command) {
            case StreamCommand.Start _ -> {
                if (state != StreamState.RUNNING) {
                    trigger.restart(nowNanos);
                    run();
                }
            }
            case StreamCommand.Stop _ -> {
                if (state == StreamState.RUNNING) {
                    state = StreamState.STOPPED;
                }
            }
            case StreamCommand.Pace pace -> {
                if (followsCapture()) {
                    throw new IllegalArgumentException(
                            "stream " + name() + " follows the frames of a capture: it has no rate to change");
                }
                trigger = Pacer.rate(pace.rate().framesPerSecond(), nowNanos);
                schedule = pace.rate();
            }
        }
    }

    private void run() {
        triedBefore = tried.value();
        starts.add(1);
        state = StreamState.RUNNING; // last: whoever sees it running sees the rest
    }

    /** Safe on every thread if the trigger counts frames. */
    @Override
    public boolean isDue(long nowNanos) {
        return state == StreamState.RUNNING && trigger.isDue(nowNanos);
    }

    /** Whether a capture's progress decides what is due. */
    boolean followsCapture() {
        return trigger instanceof FrameCountTrigger;
    }

    @Override
    public void turn(int limit, long nowNanos, BooleanSupplier mayGoOn) {
        if (guard != null && state == StreamState.RUNNING && guard.isLoop(tried.value(), nowNanos)) {
            state = StreamState.LOOPED;
            loops.add(1);
            LOG.warn(
                    "inject={} interface={}: stopped: its own frames come back, and make it send ever more; look for a loop in"
                            + " the network, or capture without own frames, then: ringtap stream start {}",
                    name(),
                    config.interfaceName(),
                    name());
        }
        int most = Math.max(limit, sender.mostFrames());
        while (most > 0 && isDue(nowNanos) && mayGoOn.getAsBoolean()) {
            int due = takeDue((int) Math.min(left(), Math.min(most, sender.mostFrames())), nowNanos);
            output.send(sender, due);
            most -= due;
            if (left() == 0) {
                state = StreamState.ENDED;
            }
        }
    }

    private int takeDue(int most, long nowNanos) {
        int due = 0;
        while (due < most && isDue(nowNanos)) {
            trigger.advance();
            due++;
        }
        tried.add(due);
        return due;
    }

    private long left() {
        return count - (tried.value() - triedBefore);
    }

    @Override
    public long waitNanos(long nowNanos) {
        return state == StreamState.RUNNING ? trigger.waitNanos(nowNanos) : Long.MAX_VALUE;
    }

    /** A timed stream ends with the loop; one that follows a capture owes a frame for each count that was reached. */
    @Override
    public boolean isLeft() {
        return followsCapture() && isDue(0);
    }

    @Override
    public void abandon() {
        if (isLeft() && trigger instanceof FrameCountTrigger counting) {
            output.abandon(Math.min(counting.due(), left()));
        }
    }

    @Override
    public void close() {
        if (guard != null) {
            guard.close();
        }
    }

    @Override
    public InjectCounts counts() {
        return output.counts();
    }

    /** What it is doing; any thread. */
    StreamStatus status() {
        return new StreamStatus(counts(), state, schedule, config.count(), starts.value(), loops.value());
    }
}
