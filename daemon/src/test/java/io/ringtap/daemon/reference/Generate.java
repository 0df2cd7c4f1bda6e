package io.ringtap.daemon.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what is made of the configuration's schema; the build calls it. */
public final class Generate {
    private Generate() {}

    /** Writes into a folder: arguments are the folder, the version, and its time in ISO 8601. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        write(folder.resolve("man/ringtap.toml.5"), ManualPage.text(args[1], args[2].replaceFirst("T.*", "")));
        write(folder.resolve("ringtap.schema.json"), JsonSchema.text());
        write(folder.resolve("ringtap.toml"), CommentedFile.installed());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
