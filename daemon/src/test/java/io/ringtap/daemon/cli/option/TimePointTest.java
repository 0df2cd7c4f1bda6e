package io.ringtap.daemon.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimePointTest {
    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 11, 30, 15, 4, 5, 6, ZoneId.of("Europe/Vienna"));

    @ParameterizedTest
    @CsvSource({
        "now, 2026-11-30T14:04:05.000000006Z",
        "today, 2026-11-29T23:00:00Z",
        "yesterday, 2026-11-28T23:00:00Z",
        "12:00, 2026-11-30T11:00:00Z",
        "12:00:01.5, 2026-11-30T11:00:01.5Z",
        "23:59, 2026-11-30T22:59:00Z",
        "2026-07-01, 2026-06-30T22:00:00Z",
        "2026-07-01 00:30, 2026-06-30T22:30:00Z",
        "2026-07-01T00:30:01, 2026-06-30T22:30:01Z",
        "2026-07-01 00:30:01.000000001Z, 2026-07-01T00:30:01.000000001Z",
        "-3h, 2026-11-30T11:04:05.000000006Z",
        "-90 s, 2026-11-30T14:02:35.000000006Z",
        "-2d, 2026-11-28T14:04:05.000000006Z",
        "@1700000000, 2023-11-14T22:13:20Z",
        "@1700000000.000000001, 2023-11-14T22:13:20.000000001Z"
    })
    void shouldReadWhatJournalctlTakes(String text, Instant expected) {
        long nanos = expected.getEpochSecond() * 1_000_000_000 + expected.getNano();
        assertEquals(nanos, TimePoint.parse(text, NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "noon",
                "3h",
                "25:00",
                "2026-13-01",
                "2026-02-30 10:00",
                "-3",
                "-h",
                "1969-12-31",
                "-999999d",
                "@"
            })
    void shouldSayWhatItTakes(String text) {
        String said = assertThrows(IllegalArgumentException.class, () -> TimePoint.parse(text, NOW))
                .getMessage();
        assertTrue(said.startsWith("\"" + text + "\" is no time: write \"12:00\""), said);
    }
}
