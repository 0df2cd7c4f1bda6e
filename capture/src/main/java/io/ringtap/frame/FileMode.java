package io.ringtap.frame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The users who may read and write the files that a handler makes: the key {@code mode}, as chmod(1) has it. The process's
 * umask takes nothing away from it.
 *
 * @param permissions those of the file
 */
public record FileMode(Set<PosixFilePermission> permissions) {
    /** Until a file has its mode, its owner alone may open it. */
    public static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The owner writes, and its group reads: for the service, whoever may ask it. */
    static final String DEFAULT = "0640";

    private static final Pattern SENSIBLE = Pattern.compile("0?6[046][04]");
    private static final String[] BITS = {"---", "", "", "", "r--", "", "rw-"};

    /** Reads the key. */
    public static FileMode read(HandlerSettings keys) {
        String text = keys.text("mode", DEFAULT);
        if (!SENSIBLE.matcher(text).matches()) {
            keys.problem(
                    "mode",
                    "must be octal, such as \"0640\": 6 for the owner, then 0, 4 (reads) or 6 (writes, too) for the group, and 0"
                            + " or 4 for others, not \"" + text + "\"");
            return parse(DEFAULT);
        }
        return parse(text);
    }

    private static FileMode parse(String text) {
        StringBuilder letters = new StringBuilder();
        text.substring(text.length() - 3).chars().forEach(digit -> letters.append(BITS[digit - '0']));
        return new FileMode(Set.copyOf(PosixFilePermissions.fromString(letters.toString())));
    }

    /** Gives a file this mode, whatever the umask. */
    public void give(Path file) throws IOException {
        Files.setPosixFilePermissions(file, permissions);
    }
}
