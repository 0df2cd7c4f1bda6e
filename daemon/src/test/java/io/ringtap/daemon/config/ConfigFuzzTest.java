package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.toml.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations that nobody meant to write. */
class ConfigFuzzTest {
    /** What Java reads in place of a byte that is no UTF-8. */
    private static final int REPLACED = 0xfffd;

    private static final Path FILE = temporaryFile();
    private static final Pattern IN_FILE = Pattern.compile("^" + FILE + ":(\\d+):(\\d+): .+");

    @MethodSource("files")
    @DictionaryFile(resourcePath = "ConfigFuzzTest.dict")
    @FuzzTest(maxDuration = "1m")
    void shouldReadItOrSayWhatIsWrongAndWhere(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        List<String> problems;
        try {
            ConfigText.reader().read(ConfigSource.file(FILE));
            return;
        } catch (ConfigException e) {
            problems = e.problems();
        }
        assertFalse(problems.isEmpty());
        assertTrue(problems.size() <= Problems.MOST_REPORTED + 1, () -> problems.size() + " lines");
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        problems.forEach(problem -> checkPlace(problem, lines));
    }

    private static void checkPlace(String problem, String[] lines) {
        assertTrue(problem.chars().noneMatch(Character::isISOControl), () -> "control characters in: " + problem);
        Matcher place = IN_FILE.matcher(problem);
        if (place.matches()) {
            int line = Integer.parseInt(place.group(1));
            int column = Integer.parseInt(place.group(2));
            assertTrue(line >= 1 && line <= lines.length, () -> "no such line: " + problem);
            String text = lines[line - 1];
            assertTrue(column >= 1 && column <= text.length() + 1, () -> "no such column: " + problem);
            if (problem.endsWith(": is not valid UTF-8 here")) {
                int there = text.codePointAt(text.offsetByCodePoints(0, column - 1));
                assertEquals(REPLACED, there, () -> "that is not where: " + problem);
            }
        } else {
            boolean ofAll = problem.startsWith(FILE + ": ") || problem.matches("and \\d+ more problems");
            assertTrue(ofAll, () -> "no place: " + problem);
        }
    }

    static Stream<byte[]> files() throws IOException {
        String whole = Files.readString(Path.of("..", "systemd", "ringtap.toml"));
        // Its examples are commented out: let in, they are what a configuration may hold.
        String examples = whole.replaceAll("(?m)^# ?(\\[|[a-z-]+ *= )", "$1");
        return Stream.of(
                        whole,
                        examples,
                        "[[capture]]\ninterface = \"a\"\n[[capture]]\nfile = \"a\"\npace = \"1 pps\"\n")
                .flatMap(text ->
                        Stream.of(text.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_16)));
    }

    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("ringtap-fuzz", ".toml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
