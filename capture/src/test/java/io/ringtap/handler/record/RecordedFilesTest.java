package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringtap.handler.record.RecordFolder.Slot;
import io.ringtap.handler.record.RecordFolder.Whole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedFilesTest {
    @TempDir
    private Path folder;

    private Path file(int number) throws Exception {
        Path file = Files.write(folder.resolve("w-" + number + ".pcapng"), new byte[100 + number]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000L + number)));
        return file;
    }

    private static String answer(RecordedFiles files) {
        return files.begin(Map.of()).next().orElseThrow();
    }

    private static List<String> names(RecordedFiles files) {
        return Pattern.compile("\"name\":\"([^\"]*)\"")
                .matcher(answer(files))
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    @Test
    void shouldTellWhatIsThereAndWhatComesTheNewestFirst() throws Exception {
        RecordedFiles files = new RecordedFiles(folder);
        Slot slot = new Slot("w", "");
        files.begin(List.of(new Whole(file(7), "w", slot, 7), new Whole(file(12), "w", slot, 12)));
        files.add(file(13));
        assertEquals(
                "{\"folder\":\"" + folder + "\",\"files\":["
                        + "{\"name\":\"w-13.pcapng\",\"bytes\":113,\"ended\":\"2023-11-14T22:13:33.000000000Z\"},"
                        + "{\"name\":\"w-12.pcapng\",\"bytes\":112,\"ended\":\"2023-11-14T22:13:32.000000000Z\"},"
                        + "{\"name\":\"w-7.pcapng\",\"bytes\":107,\"ended\":\"2023-11-14T22:13:27.000000000Z\"}]}",
                answer(files));
    }

    @Test
    void shouldForgetThoseThatAreGoneAndTheOldest() throws Exception {
        RecordedFiles files = new RecordedFiles(folder);
        List<String> newest = new ArrayList<>();
        for (int number = 100; number < 140; number++) {
            files.add(file(number));
            newest.addFirst("w-" + number + ".pcapng");
        }
        assertEquals(newest.subList(0, RecordedFiles.MOST), names(files));
        Files.delete(folder.resolve("w-139.pcapng"));
        Files.delete(folder.resolve("w-125.pcapng"));
        files.add(file(140));
        List<String> left = names(files);
        assertEquals(RecordedFiles.MOST - 1, left.size());
        assertEquals(List.of("w-140.pcapng", "w-138.pcapng"), left.subList(0, 2));
        assertFalse(left.contains("w-125.pcapng"));
    }

    @Test
    void shouldTellAFolderAsJsonWhateverItsName() {
        assertEquals(
                "{\"folder\":\"/a\\\"b\\\\c\\u000a\",\"files\":[]}", answer(new RecordedFiles(Path.of("/a\"b\\c\n"))));
    }
}
