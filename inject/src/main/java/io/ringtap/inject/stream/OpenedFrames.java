package io.ringtap.inject.stream;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.config.FrameOrigin;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import io.ringtap.inject.pace.ContinuousTrigger;
import io.ringtap.inject.pace.FrameCountTrigger;
import io.ringtap.inject.pace.RateTrigger;
import io.ringtap.inject.pace.RecordedTrigger;
import io.ringtap.inject.pace.ReplayTrigger;
import io.ringtap.inject.pace.Trigger;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.inject.replay.Rewrite;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameTemplate;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;
import org.pcap4j.util.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames of a stream, ready to be sent through an injector.
 *
 * @param sender what sends them
 * @param lengthOf gives, for the number of a frame in the stream, its bytes
 * @param addresses those of all frames, if they all have the same
 * @param replay the frames, if they are a file's
 */
record OpenedFrames(
        StreamSender sender,
        LongToIntFunction lengthOf,
        Optional<EtherAddresses> addresses,
        Optional<ReplayFrames> replay) {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");

    /** Opens them. @throws OpenException if they cannot be read, or are longer than the interface's MTU allows */
    static OpenedFrames of(InjectConfig config, FrameInjector injector, LongSupplier epochNanos) throws OpenException {
        return switch (config.origin()) {
            case FrameOrigin.Template(FrameTemplate frame) -> template(frame, config, injector, epochNanos);
            case FrameOrigin.File(ReplayFacts facts) -> file(facts, config, injector);
        };
    }

    private static OpenedFrames template(
            FrameTemplate template, InjectConfig config, FrameInjector injector, LongSupplier epochNanos)
            throws OpenException {
        CompiledTemplate frames = template.compile(injector.address());
        boolean known = injector.mtuBytes() > 0;
        if (known && frames.neededMtuBytes() > injector.mtuBytes()) {
            throw refusal(config, frames.tooLongFor(injector.mtuBytes()));
        }
        return new OpenedFrames(
                injector.sender(template, epochNanos),
                frames::lengthBytes,
                EtherAddresses.of(frames),
                Optional.empty());
    }

    private static OpenedFrames file(ReplayFacts facts, InjectConfig config, FrameInjector injector)
            throws OpenException {
        boolean known = injector.mtuBytes() > 0;
        Optional<String> problem = known ? facts.problem(injector.mtuBytes()) : Optional.empty();
        if (problem.isPresent()) {
            throw refusal(config, problem.get());
        }
        if (!facts.cutShort().isEmpty()) {
            LOG.warn("inject={} interface={}: {}", config.name(), config.interfaceName(), facts.cutShort());
        }
        ReplayFrames frames = ReplayFrames.open(facts, config.name());
        try {
            return new OpenedFrames(
                    injector.sender(frames),
                    frames::length,
                    addresses(facts.replay().rewrite()),
                    Optional.of(frames));
        } catch (OpenException | RuntimeException e) {
            frames.close();
            throw e;
        }
    }

    private static Optional<EtherAddresses> addresses(Rewrite rewrite) {
        return rewrite.destination()
                .flatMap(destination -> rewrite.source()
                        .map(source -> EtherAddresses.of(ByteBuffer.allocate(2 * MacAddress.SIZE_IN_BYTES)
                                .put(destination.getAddress())
                                .put(source.getAddress())
                                .array())));
    }

    private static OpenException refusal(InjectConfig config, String why) {
        return new OpenException(
                Reason.OTHER, "cannot send stream " + config.name() + " on " + config.interfaceName() + ": " + why);
    }

    /**
     * Returns what says when their next one falls due; it begins with {@link Trigger#restart}.
     *
     * @param publishedOf gives, for a capture's name, its count of published frames
     */
    Trigger trigger(InjectConfig config, Function<String, LongSupplier> publishedOf) {
        return switch (config.schedule()) {
            case Schedule.Every every -> paced(RateTrigger.every(every.interval(), config.burst()));
            case SendRate rate -> paced(RateTrigger.rate(rate, config.burst(), config.ramp(), 0, lengthOf));
            case Schedule.EveryFrames every ->
                new FrameCountTrigger(every.frames(), config.burst(), publishedOf.apply(every.captureName()));
            case Schedule.TopSpeed _ -> paced(new ContinuousTrigger());
            case Schedule.Original original -> paced(new RecordedTrigger(replay.orElseThrow(), original.speed()));
        };
    }

    /** Returns the same deadlines, for frames that may have to be waited for. */
    private Trigger paced(Trigger pace) {
        return replay.<Trigger>map(frames -> new ReplayTrigger(frames, pace)).orElse(pace);
    }

    /** Returns why no more frames come, when all that came are taken; empty while there is nothing wrong. */
    String failure() {
        return replay.isEmpty() || replay.get().hasNext() ? "" : replay.get().failure();
    }

    /** Releases what sends them, and what they are read from. */
    void close() {
        sender.close();
        replay.ifPresent(ReplayFrames::close);
    }
}
