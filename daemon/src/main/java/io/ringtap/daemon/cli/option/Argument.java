package io.ringtap.daemon.cli.option;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/**
 * An option or a parameter of a command, and what was given for it. Commands that answer at once declare theirs so: picocli's
 * annotations say the same, but to read them has the JVM make a class for each type of annotation, which takes 0.1 s.
 *
 * @param <V> the type of what is given
 */
public final class Argument<V> {
    private final ArgSpec spec;

    private Argument(ArgSpec spec) {
        this.spec = spec;
    }

    /** Whether an option was given. */
    public static Argument<Boolean> flag(String name, String description) {
        return new Argument<>(flagSpec(name, description).build());
    }

    /** As {@link #flag}, for the command that it is {@linkplain #of in} and the ones below that. */
    public static Argument<Boolean> inheritedFlag(String name, String description) {
        return new Argument<>(
                flagSpec(name, description).scopeType(ScopeType.INHERIT).build());
    }

    private static OptionSpec.Builder flagSpec(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .defaultValue("false")
                .description(description);
    }

    /** An option with a value. */
    public static <V> Argument<V> option(Class<V> type, String label, String description, String... names) {
        return new Argument<>(optionSpec(type, label, description, names).build());
    }

    /** An option with a value that must be given. */
    public static <V> Argument<V> requiredOption(Class<V> type, String label, String description, String... names) {
        return new Argument<>(
                optionSpec(type, label, description, names).required(true).build());
    }

    /** An option with a value, which is the default if the option is not given. */
    public static <V> Argument<V> option(
            String name, String defaultValue, Class<V> type, String label, String description) {
        return new Argument<>(optionSpec(type, label, description, name)
                .defaultValue(defaultValue)
                .build());
    }

    /** As the other, for the command that it is {@linkplain #of in} and the ones below that. */
    static <V> Argument<V> inheritedOption(
            String name, String defaultValue, Class<V> type, String label, String description) {
        return new Argument<>(optionSpec(type, label, description, name)
                .defaultValue(defaultValue)
                .scopeType(ScopeType.INHERIT)
                .build());
    }

    private static OptionSpec.Builder optionSpec(Class<?> type, String label, String description, String... names) {
        return OptionSpec.builder(names).type(type).paramLabel(label).description(description);
    }

    /** An option with a value, which may be given several times. */
    static Argument<List<String>> repeatable(String name, String label, String description) {
        return new Argument<>(OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** A parameter that must be given. */
    public static <V> Argument<V> parameter(int index, Class<V> type, String label, String description) {
        return new Argument<>(parameterSpec(index, type, label, description)
                .arity("1")
                .required(true)
                .build());
    }

    /** The parameters from one on, at least that. */
    public static Argument<List<String>> parametersFrom(int index, String label, String description) {
        return new Argument<>(PositionalParamSpec.builder()
                .index(index + "..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1..*")
                .required(true)
                .paramLabel(label)
                .hideParamSyntax(true)
                .description(description)
                .build());
    }

    /** A parameter that may be left out. */
    public static <V> Argument<V> optionalParameter(int index, Class<V> type, String label, String description) {
        return new Argument<>(parameterSpec(index, type, label, description)
                .arity("0..1")
                .required(false)
                .build());
    }

    private static PositionalParamSpec.Builder parameterSpec(
            int index, Class<?> type, String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .type(type)
                .paramLabel(label)
                .description(description);
    }

    /** Has the command take it. */
    public Argument<V> of(CommandSpec command) {
        command.add(spec);
        return this;
    }

    /** What was given, or the default. */
    public V value() {
        return spec.getValue();
    }

    /** What was given, if anything was. */
    public Optional<V> given() {
        return Optional.ofNullable(value());
    }
}
