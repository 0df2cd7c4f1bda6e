package io.ringtap.daemon.cli.option;

import io.ringtap.daemon.plugin.PluginException;
import io.ringtap.daemon.plugin.PluginFolder;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.BuiltInHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** The options that say where plug-ins come from. */
public final class PluginOptions {
    private final Argument<Path> folder = Argument.option(
            Path.class,
            "DIR",
            "The folder with plug-ins, jars that bring types of handlers; /usr/lib/ringtap/plugins by default.",
            "--plugins");

    /** Has the command take them. */
    public PluginOptions(CommandSpec command) {
        folder.of(command);
    }

    /** All types of handlers, by name. */
    public Map<String, Function<HandlerSettings, FrameHandler>> handlerTypes() throws PluginException {
        return PluginFolder.typesWith(BuiltInHandlers.BY_TYPE, folder.given());
    }
}
