package io.ringtap.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What users read and copy from, as one text: fenced blocks by language, shell lines, tables. */
final class Readme {
    /** The project's root; Maven runs tests with the module's folder as {@code basedir}. */
    static final Path ROOT = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolveSibling("README.md")
            .getParent();

    private static final List<String> DOCUMENTS =
            List.of("README.md", "capture/BUILT-IN.md", "capture/HANDLERS.md", "capture/README.md", "inject/README.md");

    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("^public final class (\\w+)", Pattern.MULTILINE);

    private Readme() {}

    static String text() {
        return DOCUMENTS.stream().map(Readme::text).collect(Collectors.joining("\n"));
    }

    static String text(String document) {
        try {
            return Files.readString(ROOT.resolve(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content of the blocks of a language, in order. */
    static List<String> blocks(String language) {
        return BLOCK.matcher(text())
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** The only configuration that holds a text. */
    static String configurationWith(String text) {
        List<String> found =
                blocks("toml").stream().filter(block -> block.contains(text)).toList();
        if (found.size() != 1) {
            throw new AssertionError("configurations in the documents with " + text + ": " + found);
        }
        return found.getFirst();
    }

    /** The lines of all shell blocks. */
    static List<String> shellLines() {
        return blocks("sh").stream().flatMap(String::lines).toList();
    }

    /** The only shell line that a pattern is found in. */
    static String shellLine(String pattern) {
        List<String> found = shellLines().stream()
                .filter(line -> Pattern.compile(pattern).matcher(line).find())
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("shell lines in the documents with " + pattern + ": " + found);
        }
        return found.getFirst();
    }

    /** The Java blocks that hold a handler. */
    static List<String> handlers() {
        return blocks("java").stream()
                .filter(block -> block.contains("implements FrameHandler"))
                .toList();
    }

    /** The Java block that is a program of that name. */
    static String program(String className) {
        return blocks("java").stream()
                .filter(block ->
                        block.contains("void main(") && className(block).equals(className))
                .findFirst()
                .orElseThrow();
    }

    /** The name of a block's class, without its package. */
    static String className(String block) {
        Matcher matcher = CLASS.matcher(block);
        if (!matcher.find()) {
            throw new AssertionError("no public final class in:\n" + block);
        }
        return matcher.group(1);
    }

    /** What a pattern's first group matches, wherever it is found. */
    static List<String> all(String pattern) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
