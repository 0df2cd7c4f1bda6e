package io.ringtap.daemon.plugin;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.frame.HandlerType;
import java.nio.file.Path;
import java.util.function.Function;

/** A type of handler, and the plug-in that it comes from. */
public record PluginType(Path jar, String name, HandlerType type) implements Function<HandlerSettings, FrameHandler> {
    @Override
    public FrameHandler apply(HandlerSettings settings) {
        return type.make(settings);
    }
}
