package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.toml.ConfigFile;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Problems;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.inject.template.FrameTemplate;
import java.nio.file.Path;
import java.util.Optional;

/** A TOML file that holds what an {@code [inject.frame]} table does, and nothing else. */
public final class FrameFile {
    private static final String CONFIGURATIONS_TABLE = "inject";

    private FrameFile() {}

    /** The frame. @throws ConfigException if it cannot be used, with everything that is wrong with it */
    public static FrameTemplate read(Path file) throws ConfigException {
        Problems problems = new Problems();
        Entry.Table table = ConfigFile.read(file);
        Section root = new Section(table, "", problems, FrameKeys.TABLE);
        if (table.entries().containsKey(CONFIGURATIONS_TABLE)) {
            root.problem(
                    CONFIGURATIONS_TABLE,
                    "a frame's file holds the keys of [inject.frame] by themselves: [inject.frame.udp] is [udp] here");
            problems.throwIfAny();
        }
        Optional<FrameTemplate> frame = TemplateReader.read(root);
        root.reportUnknownKeys();
        problems.throwIfAny();
        return frame.orElseThrow();
    }
}
