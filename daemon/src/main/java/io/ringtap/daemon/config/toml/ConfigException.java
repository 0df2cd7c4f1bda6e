package io.ringtap.daemon.config.toml;

import java.util.List;

/** A configuration that cannot be used. The message has a line for everything that is wrong with it. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;
    private final transient List<Problem> all;

    ConfigException(List<String> problems, List<Problem> all) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
        this.all = List.copyOf(all);
    }

    /**
     * Everything that is wrong, in file order, what options gave last; each a line {@code file:line:column: key: what is
     * wrong (did you mean …?)}. Beyond a hundred the last line counts the rest.
     */
    public List<String> problems() {
        return problems;
    }

    /** The same, all of them, in parts. */
    public List<Problem> all() {
        return all;
    }
}
