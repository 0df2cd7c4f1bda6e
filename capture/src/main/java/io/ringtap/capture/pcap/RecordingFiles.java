package io.ringtap.capture.pcap;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * The files that a capture reads: one, all capture files of a folder, or those whose names match a pattern, as a shell's. Hidden
 * ones, which somebody still writes, are left out.
 */
final class RecordingFiles {
    private static final String CAPTURE_FILES = "*.{pcap,pcapng,cap}";

    private RecordingFiles() {}

    /** Finds them, in no order. @throws OpenException if there is none */
    static List<Path> of(Path path) throws OpenException {
        if (Files.isDirectory(path)) {
            return in(path, CAPTURE_FILES, path);
        }
        Path name = path.getFileName();
        if (name == null || Files.exists(path) || !name.toString().matches(".*[*?\\[{].*")) {
            return List.of(path);
        }
        Path folder = path.getParent();
        return in(folder == null ? Path.of("") : folder, name.toString(), path);
    }

    private static List<Path> in(Path folder, String pattern, Path told) throws OpenException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : found) {
                if (Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".")) {
                    files.add(file);
                }
            }
        } catch (DirectoryIteratorException | IOException | PatternSyntaxException e) {
            throw new OpenException(Reason.OTHER, "cannot look for capture files " + told + ": " + e.getMessage());
        }
        if (files.isEmpty()) {
            throw new OpenException(
                    Reason.BAD_FILE,
                    "no capture file is there: " + told
                            + ": name a file, a folder of .pcap, .pcapng or .cap files, or a pattern such as"
                            + " \"/var/lib/ringtap/recorder-*.pcapng\"");
        }
        return files;
    }
}
