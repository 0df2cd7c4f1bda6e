package io.ringtap.daemon.config.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokenTest {
    @TempDir
    private Path folder;

    private Path file(String rights, String content) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    private static String problem(Path file) {
        return assertThrows(IllegalArgumentException.class, () -> AccessToken.read(file))
                .getMessage();
    }

    @Test
    void shouldBeTheFirstLine() throws IOException {
        AccessToken token = AccessToken.read(file("rw-r-----", "0123456789abcdef\nsecond\n"));
        assertTrue(token.is("0123456789abcdef"));
        assertFalse(token.is("0123456789abcdeF"));
        assertFalse(token.is("0123456789abcdef0"));
        assertFalse(token.is(""));
    }

    @Test
    void shouldNeverBePrinted() throws IOException {
        assertEquals(
                "(a token)",
                AccessToken.read(file("rw-------", "0123456789abcdef")).toString());
    }

    @Test
    void shouldSayWhatIsWrongWithItsFile() throws IOException {
        Path file = folder.resolve("token");
        assertEquals("names " + file + ", which is not there", problem(file));
        String form =
                "names " + file + ", whose first line must be 16 to 1,024 characters of ASCII without spaces, such as:"
                        + " openssl rand -hex 32";
        assertEquals(form, problem(file("rw-------", "")));
        assertEquals(form, problem(file("rw-------", "0123456789abcde\n")));
        assertEquals(form, problem(file("rw-------", "0123456789 abcdef\n")));
        assertEquals(
                "names a file that everybody may read: chmod o-r " + file,
                problem(file("rw-r--r--", "0123456789abcdef")));
        assertEquals("names " + folder + ", which this user cannot read (IOException)", problem(privately(folder)));
    }

    private static Path privately(Path folder) throws IOException {
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
}
