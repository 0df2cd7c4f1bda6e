package io.ringtap.inject.stream;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.pace.Allowance;
import io.ringtap.inject.pace.EpochClock;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.pace.StreamTime;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.LoopedFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the streams of one interface and engine. For the thread that owns the injector.
 *
 * @param injector where they send
 * @param link that of the injector
 * @param publishedOf gives, for a capture's name, its count of published frames
 * @param budget what the interface may send
 * @param clockNanos as {@link System#nanoTime}
 * @param maySendTaken whether frames may still be sent that wait for room
 */
public record StreamOpener(
        FrameInjector injector,
        Link link,
        Function<String, LongSupplier> publishedOf,
        SendBudget budget,
        LongSupplier clockNanos,
        BooleanSupplier maySendTaken) {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");

    /** All or none of several. @throws OpenException if the frames of one cannot be sent here */
    public List<ConfiguredStream> open(List<InjectConfig> configs, LoopedFrames.Opener returned, long nowNanos)
            throws OpenException {
        List<ConfiguredStream> opened = new ArrayList<>();
        try {
            for (InjectConfig config : configs) {
                opened.add(open(config, returned, nowNanos));
            }
            return opened;
        } catch (OpenException | RuntimeException e) {
            opened.forEach(ConfiguredStream::close);
            throw e;
        }
    }

    /** One. @throws OpenException if its frames cannot be sent here */
    public ConfiguredStream open(InjectConfig config, LoopedFrames.Opener returned, long nowNanos)
            throws OpenException {
        StreamOutput output = output(config.name());
        StreamTime time = new StreamTime(clockNanos, new EpochClock());
        return ConfiguredStream.of(config, injector, output, publishedOf, returned, budget, time, nowNanos);
    }

    /** That of the frames of handlers, each of which calls {@code wake}. */
    public HandlerStream handlers(int ringFrames, Runnable wake) {
        StreamOutput output = output(InjectConfig.HANDLERS);
        return new HandlerStream(
                output, new InjectRing(ringFrames), new Allowance(budget, Duration.ZERO), wake, clockNanos);
    }

    private StreamOutput output(String stream) {
        FailureLog log = new FailureLog(stream, injector.interfaceName(), LOG::warn, clockNanos);
        return new StreamOutput(stream, injector, link, log, maySendTaken);
    }
}
