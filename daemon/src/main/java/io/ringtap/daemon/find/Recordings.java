package io.ringtap.daemon.find;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The capture files that folders and files name, those among them that a recorder still writes. */
final class Recordings {
    private static final Pattern WHOLE =
            Pattern.compile("[^.].*\\.(?:pcap|pcapng|cap)(?:\\.gz|\\.zst)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern HIDDEN = Pattern.compile("\\..+\\.(?:pcap|pcapng)(?:\\.zst)?\\.part");

    private Recordings() {}

    /** Finds them, in no order. @throws IOException if a folder cannot be read */
    static List<Path> of(List<Path> origins) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path origin : origins) {
            if (Files.isDirectory(origin)) {
                addAllOf(origin, found);
            } else {
                found.add(origin);
            }
        }
        return found;
    }

    private static void addAllOf(Path folder, List<Path> found) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean isCapture =
                        WHOLE.matcher(name).matches() || HIDDEN.matcher(name).matches();
                if (isCapture && Files.isRegularFile(file)) {
                    found.add(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
