package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Problems;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes the instances of a {@code [[worker.handler]]} table. Two are equal if they make handlers of the same type from the
 * same settings, wherever in their files those are given: such a handler need not be made anew.
 */
final class ConfiguredHandler implements Supplier<FrameHandler> {
    private final Section section;
    private final Function<HandlerSettings, FrameHandler> maker;

    ConfiguredHandler(Section section, Function<HandlerSettings, FrameHandler> maker) {
        this.section = section;
        this.maker = maker;
    }

    @Override
    public FrameHandler get() {
        Problems problems = new Problems();
        FrameHandler handler = maker.apply(new HandlerSection(section.again(problems), HandlerNames.none()));
        List<String> lines = problems.lines();
        if (!lines.isEmpty()) {
            throw new IllegalStateException("the handler took its settings once, and now refuses them: " + lines);
        }
        return handler;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfiguredHandler that
                && maker.equals(that.maker)
                && section.content().equals(that.section.content());
    }

    @Override
    public int hashCode() {
        return Objects.hash(maker, section.content());
    }
}
