package io.ringtap.handler.record;

import io.ringtap.frame.Answer;
import io.ringtap.frame.TimeText;
import io.ringtap.handler.record.RecordFolder.Whole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The newest files of one thread's recording, {@value #MOST} at most, for who asks what was recorded. They are looked at as a file
 * gets its name, on the thread that gives it; an answer looks at no disk.
 */
final class RecordedFiles implements Answer {
    /** Files told. */
    static final int MOST = 20;

    private final Path folder;
    private volatile List<RecordedFile> newestFirst = List.of();

    /** A whole file, as it was when it got its name; {@code endedNanos} is when it was last written to. */
    private record RecordedFile(Path path, long bytes, long endedNanos) {
        static Optional<RecordedFile> of(Path path) {
            try {
                long ended = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
                return Optional.of(new RecordedFile(path, Files.size(path), ended));
            } catch (IOException e) { // removed meanwhile
                return Optional.empty();
            }
        }

        void appendTo(StringBuilder json) {
            json.append("{\"name\":\"")
                    .append(path.getFileName())
                    .append("\",\"bytes\":")
                    .append(bytes);
            json.append(",\"ended\":\"")
                    .append(TimeText.ofEpochNanos(endedNanos))
                    .append("\"}");
        }
    }

    RecordedFiles(Path folder) {
        this.folder = folder;
    }

    /** Begins with those that are there. */
    void begin(List<Whole> files) {
        newestFirst = files.stream()
                .sorted(Comparator.comparingLong(Whole::sequence).reversed())
                .limit(MOST)
                .flatMap(file -> RecordedFile.of(file.path()).stream())
                .toList();
    }

    /** Adds the newest, and forgets those that are gone. */
    synchronized void add(Path path) {
        List<RecordedFile> files = new ArrayList<>(MOST + 1);
        RecordedFile.of(path).ifPresent(files::add);
        newestFirst.stream().filter(file -> Files.exists(file.path())).forEach(files::add);
        newestFirst = List.copyOf(files.subList(0, Math.min(MOST, files.size())));
    }

    /** {@code {"folder": …, "files": [{"name": …, "bytes": …, "ended": …}, …]}}. */
    @Override
    public Slices begin(Map<String, String> parameters) {
        StringBuilder json = new StringBuilder("{\"folder\":").append(Answer.json(folder.toString()));
        json.append(",\"files\":[");
        String separator = "";
        for (RecordedFile file : newestFirst) {
            json.append(separator);
            file.appendTo(json);
            separator = ",";
        }
        return () -> Optional.of(json.append("]}").toString());
    }
}
