package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
    @ParameterizedTest
    @CsvSource({
        "1700000000000000000, 2023-11-14T22:13:20.000000000Z",
        "1700000000500000000, 2023-11-14T22:13:20.500000000Z",
        "1700000000000000001, 2023-11-14T22:13:20.000000001Z",
        "0, 1970-01-01T00:00:00.000000000Z",
        "-1, 1969-12-31T23:59:59.999999999Z",
        "9223372036854775807, 2262-04-11T23:47:16.854775807Z"
    })
    void shouldHaveNineDigitsWhateverTheInstantIs(long epochNanos, String text) {
        assertEquals(text, TimeText.ofEpochNanos(epochNanos));
        assertEquals(text, TimeText.of(Instant.parse(text)));
    }
}
