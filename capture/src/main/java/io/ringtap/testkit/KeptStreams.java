package io.ringtap.testkit;

import io.ringtap.frame.Frame;
import io.ringtap.frame.StreamSwitch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Streams that never send, and keep what they are told. One thread. */
final class KeptStreams implements StreamSwitch {
    private final List<String> commands = new ArrayList<>();
    private boolean refusing;
    private BiPredicate<String, Frame> own = (stream, frame) -> false;

    void own(BiPredicate<String, Frame> frames) {
        own = frames;
    }

    void refuse() {
        refusing = true;
    }

    List<String> commands() {
        return List.copyOf(commands);
    }

    private boolean command(String command) {
        commands.add(command);
        return !refusing;
    }

    @Override
    public boolean start(String stream) {
        return command("start " + stream);
    }

    @Override
    public boolean stop(String stream) {
        return command("stop " + stream);
    }

    @Override
    public Predicate<Frame> framesOf(String stream) {
        return frame -> own.test(stream, frame);
    }
}
