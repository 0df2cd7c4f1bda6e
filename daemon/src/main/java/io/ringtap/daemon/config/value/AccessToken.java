package io.ringtap.daemon.config.value;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/**
 * What whoever asks over HTTP must know. Compared in the same time whatever is wrong with what is given; never printed.
 *
 * @param text at least 16 printable characters of ASCII without spaces
 */
public record AccessToken(String text) {
    private static final Pattern FORM = Pattern.compile("[!-~]{16,1024}");

    /** Reads the first line of a file that not everybody may read. @throws IllegalArgumentException that says what is wrong */
    public static AccessToken read(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalArgumentException("names a file that everybody may read: chmod o-r " + file);
            }
            String first = Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("");
            if (!FORM.matcher(first).matches()) {
                throw new IllegalArgumentException(
                        "names " + file + ", whose first line must be 16 to 1,024 characters of ASCII without spaces,"
                                + " such as: openssl rand -hex 32");
            }
            return new AccessToken(first);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("names " + file + ", which is not there", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "names " + file + ", which this user cannot read ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    /** Returns whether a text is this one. */
    public boolean is(String other) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "(a token)";
    }
}
