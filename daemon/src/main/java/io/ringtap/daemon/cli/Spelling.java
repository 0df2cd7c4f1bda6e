package io.ringtap.daemon.cli;

import io.ringtap.daemon.config.toml.Choice;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** The spelling of what options let users choose from: as in the configuration. */
final class Spelling {
    private Spelling() {}

    static CommandLine ofFlows(CommandLine line) {
        register(line, FlowsCommand.Measure.class);
        return line;
    }

    static CommandLine ofInject(CommandLine line) {
        register(line, Engine.Name.class);
        register(line, CutFrames.class);
        register(line, LongFrames.class);
        register(line, ShortFrames.class);
        return line;
    }

    private static <E extends Enum<E>> void register(CommandLine line, Class<E> type) {
        line.registerConverter(type, text -> {
            try {
                return Choice.of(type, text.toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
    }
}
