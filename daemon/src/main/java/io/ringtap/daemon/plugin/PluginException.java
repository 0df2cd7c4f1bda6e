package io.ringtap.daemon.plugin;

import java.util.List;

/** Plug-ins that cannot be used: a line for each thing that is wrong, with its place and what to do. */
public final class PluginException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    PluginException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, jar by jar. */
    public List<String> problems() {
        return problems;
    }
}
