package io.ringtap.daemon;

import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerServices;
import io.ringtap.frame.StreamSwitch;
import io.ringtap.handler.flight.FlightRecorders;
import io.ringtap.handler.flows.FlowExports;
import io.ringtap.inject.stream.StreamCommand;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The services for handlers on a capture: they send by the inject loop of its interface, and start and stop streams on any,
 * whichever streams there are at the time. Any thread.
 */
record CaptureServices(CaptureOrigin origin, InjectLoops injects, FlowExports exports, FlightRecorders recorders)
        implements HandlerServices, StreamSwitch {
    @Override
    public FrameSender sender() {
        return switch (origin) {
            case CaptureOrigin.File _ -> _ -> false;
            case CaptureOrigin.Live live -> {
                try {
                    yield injects.sender(live.interfaceName());
                } catch (OpenException e) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
            }
        };
    }

    @Override
    public <T> Optional<T> service(Class<T> type) {
        return Stream.of(exports, recorders)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    @Override
    public StreamSwitch streams() {
        return this;
    }

    @Override
    public boolean start(String stream) {
        return !injects.command(stream, new StreamCommand.Start()).isCompletedExceptionally();
    }

    @Override
    public boolean stop(String stream) {
        return !injects.command(stream, new StreamCommand.Stop()).isCompletedExceptionally();
    }

    @Override
    public Predicate<Frame> framesOf(String stream) {
        return injects.framesOf(stream);
    }
}
