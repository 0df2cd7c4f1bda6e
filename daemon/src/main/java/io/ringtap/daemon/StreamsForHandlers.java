package io.ringtap.daemon;

import io.ringtap.frame.Frame;
import io.ringtap.frame.StreamSwitch;
import io.ringtap.inject.stream.StreamCommand;
import java.util.function.Predicate;

/** Starts and stops the configured streams for handlers, whichever they are at the time. Any thread. */
record StreamsForHandlers(InjectLoops loops) implements StreamSwitch {
    @Override
    public boolean start(String stream) {
        return !loops.command(stream, new StreamCommand.Start()).isCompletedExceptionally();
    }

    @Override
    public boolean stop(String stream) {
        return !loops.command(stream, new StreamCommand.Stop()).isCompletedExceptionally();
    }

    @Override
    public Predicate<Frame> framesOf(String stream) {
        return loops.framesOf(stream);
    }
}
