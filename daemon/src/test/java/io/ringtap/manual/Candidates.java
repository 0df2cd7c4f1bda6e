package io.ringtap.manual;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What an argument may be.
 *
 * @param kind of what the machine or the daemon knows, or {@link #WORDS}
 * @param words that it may be
 * @param units that a number takes
 */
record Candidates(String kind, List<String> words, List<String> units) {
    static final String WORDS = "words";
    static final String FILE = "file";
    static final String FOLDER = "folder";
    static final String INTERFACES = "interfaces";

    private static final List<String> FRAME_RATES = List.of("pps", "kpps", "Mpps");
    private static final List<String> BIT_RATES = List.of("bit/s", "kbit/s", "Mbit/s", "Gbit/s");
    private static final Candidates TIME = new Candidates(WORDS, List.of(), List.of("us", "ms", "s", "min", "h"));
    private static final Candidates NONE = of("nothing");

    /** By option, or by a parameter's command and label. */
    private static final Map<String, Candidates> BY_NAME = Map.of(
            "--capture", of("captures"),
            "--worker", of("workers"),
            "--seconds", TIME,
            "--vlan", words("remove"),
            "dump NAME", of("recorders"),
            "stream NAME", of("streams"),
            "tap CAPTURE", of("captures"),
            "demo RATE", new Candidates(WORDS, List.of(), FRAME_RATES));

    private static final Map<String, Candidates> BY_LABEL = Map.of(
            "INTERFACE", of(INTERFACES),
            "FILE", of(FILE),
            "FOLDER|FILE...", of(FILE),
            "PATH", of(FILE),
            "DIR", of(FOLDER),
            "FOLDER", of(FOLDER),
            "TIME", TIME,
            "RATE",
                    new Candidates(
                            WORDS,
                            List.of("max"),
                            Stream.concat(FRAME_RATES.stream(), BIT_RATES.stream())
                                    .toList()));

    private static Candidates of(String kind) {
        return new Candidates(kind, List.of(), List.of());
    }

    private static Candidates words(String... words) {
        return new Candidates(WORDS, List.of(words), List.of());
    }

    /** Of an argument: nothing, for one whose label says nothing. */
    static Candidates of(ArgSpec argument) {
        if (argument.type().isEnum()) {
            return words(Stream.of(argument.type().getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .toArray(String[]::new));
        }
        CommandSpec top = argument.command();
        while (top.parent() != null && top.parent().parent() != null) {
            top = top.parent();
        }
        String own = argument instanceof OptionSpec option ? option.longestName() : "";
        return Stream.of(own, top.name() + " " + argument.paramLabel())
                .map(BY_NAME::get)
                .filter(found -> found != null)
                .findFirst()
                .orElse(BY_LABEL.getOrDefault(argument.paramLabel(), NONE));
    }

    /** Whether there is nothing to offer. */
    boolean isNone() {
        return this.equals(NONE);
    }

    /** In a word, as bash takes it. */
    String word() {
        if (!kind.equals(WORDS)) {
            return kind;
        }
        String before = words.isEmpty() && !units.isEmpty() ? NONE.kind : String.join(",", words);
        return units.isEmpty() ? before : before + "+" + String.join(",", units);
    }

    /** The arguments of a function that offers words, and units to numbers. */
    String wordsAndUnits() {
        return Stream.of(words, List.of("+"), units).flatMap(List::stream).collect(Collectors.joining(" "));
    }
}
