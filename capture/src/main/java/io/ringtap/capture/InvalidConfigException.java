package io.ringtap.capture;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it at once. */
public final class InvalidConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /**
     * One thing wrong.
     *
     * @param key the key it is about, as configuration files spell it
     * @param message what is wrong with its value, and what would be right
     */
    public record Problem(String key, String message) {}

    /** An exception that holds at least one problem. */
    public InvalidConfigException(List<Problem> problems) {
        super(problems.stream().map(p -> p.key() + ": " + p.message()).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, in the order of the keys. */
    public List<Problem> problems() {
        return problems;
    }
}
