package io.ringtap.daemon.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.daemon.config.ConfigText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the way before there is any key to look at. */
class ConfigFileTest {
    private static final String CAPTURE = "[[capture]]\ninterface = \"a\"\n";

    @TempDir
    private Path folder;

    private static final CaptureConfig CAPTURED = CaptureConfig.live(new CaptureOrigin.Live("a", Missing.WAIT));

    @Test
    void shouldSayThatThereIsNoSuchFile() {
        assertEquals(List.of("f: there is no such file"), problems(folder.resolve("none")));
        assertEquals(List.of("f: there is no such file"), problems(folder.resolve("no/where")));
    }

    @Test
    void shouldSayThatAFolderIsNoFile() {
        assertEquals(List.of("f: is a folder, not a file"), problems(folder));
    }

    @Test
    void shouldSayWhyAFileCannotBeRead() throws IOException {
        Path file = write(CAPTURE);
        assertEquals(List.of("f: cannot be read: Not a directory"), problems(file.resolve("x")));
    }

    @Test
    void shouldRefuseAFileOfMoreThanAMebibyte() throws IOException {
        String most = CAPTURE + "#".repeat(ConfigFile.MAX_BYTES - CAPTURE.length());
        assertEquals(List.of(CAPTURED), readCaptures(write(most)));
        String message = "f: is larger than 1 MiB, the most that a configuration can have";
        assertEquals(List.of(message), problems(write(most + "#")));
        assertEquals(List.of(message), problems(write("#".repeat(10 << 20))));
        assertEquals(List.of(message), problems(Path.of("/dev/zero")));
    }

    @Test
    void shouldPointAtTheFirstByteThatIsNoUtf8() throws IOException {
        byte[] bytes = (CAPTURE + "name = \"µ?\"").getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 2] = (byte) 0xff;
        Path file = folder.resolve("f");
        Files.write(file, bytes);
        assertEquals(List.of("f:3:10: is not valid UTF-8 here"), problems(file));
    }

    @Test
    void shouldTakeAByteOrderMarkAndWindowsLineEnds() throws IOException {
        assertEquals(List.of(CAPTURED), readCaptures(write("\ufeff" + CAPTURE.replace("\n", "\r\n"))));
    }

    @Test
    void shouldRefuseANulByte() throws IOException {
        assertEquals(
                List.of("f:3:1: Unexpected '\\u0000', expected a key, a table key, a newline, or end-of-input"),
                problems(write(CAPTURE + "\0")));
    }

    @Test
    void shouldShowNoControlCharacterThatASyntaxErrorIsAbout() throws IOException {
        assertEquals(
                List.of("f:3:7: Invalid escape sequence '\\\\u001b'"), problems(write(CAPTURE + "x = \"a\\\u001b\"")));
    }

    @Test
    void shouldRefuseDeepNesting() throws IOException {
        assertEquals(
                List.of("f:1:134: Nesting is too deep (more than 128 levels of tables and arrays)"),
                problems(write("x = " + "[".repeat(500_000))));
    }

    @Test
    void shouldListTheFirstHundredOfVeryManySyntaxErrors() throws IOException {
        List<String> problems = problems(write("=\n".repeat(50_000)));
        assertEquals(101, problems.size());
        assertEquals("and 49900 more problems", problems.getLast());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("f"), text);
    }

    private static List<CaptureConfig> readCaptures(Path file) {
        try {
            return ConfigText.reader().read(ConfigSource.file(file)).captures();
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> problems(Path file) {
        return assertThrows(ConfigException.class, () -> ConfigText.reader().read(ConfigSource.file(file)))
                .problems()
                .stream()
                .map(line -> line.replace(file.toString(), "f"))
                .toList();
    }
}
