package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.testkit.TestSettings;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileModeTest {
    @ParameterizedTest
    @CsvSource({"0640, rw-r-----", "0600, rw-------", "644, rw-r--r--", "0660, rw-rw----", "664, rw-rw-r--"})
    void shouldReadWhatChmodReads(String text, String letters) {
        TestSettings settings = TestSettings.of("mode", text);
        assertEquals(
                PosixFilePermissions.fromString(letters),
                FileMode.read(settings).permissions());
        assertEquals(List.of(), settings.problems());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rw-r-----",
                "640 ",
                "+640",
                "0o640",
                "0666",
                "0755",
                "0240",
                "0440",
                "0620",
                "4640",
                "00640",
                "9999"
            })
    void shouldRefuseWhatNoRecordingShouldHave(String text) {
        TestSettings settings = TestSettings.of("mode", text);
        assertEquals(
                PosixFilePermissions.fromString("rw-r-----"),
                FileMode.read(settings).permissions());
        assertEquals(
                List.of(
                        "mode: must be octal, such as \"0640\": 6 for the owner, then 0, 4 (reads) or 6 (writes, too) for the"
                                + " group, and 0 or 4 for others, not \"" + text + "\""),
                settings.problems());
    }
}
