package io.ringtap.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineLimitTest {
    private static final long MINUTE = 60_000_000_000L;

    private long now = Long.MAX_VALUE - MINUTE / 2; // the clock may run over
    private final LineLimit limit = new LineLimit(() -> now);

    private long written(int lines) {
        long written = 0;
        for (int i = 0; i < lines; i++) {
            written += limit.lineEnd().isPresent() ? 1 : 0;
        }
        return written;
    }

    @Test
    void shouldLetSoManyLinesPassInAMinute() {
        assertEquals(LineLimit.LINES_A_MINUTE, written(1_000));
        now += MINUTE - 1;
        assertEquals(0, written(1_000));
        now += 1;
        assertEquals(LineLimit.LINES_A_MINUTE, written(1_000));
    }

    @Test
    void shouldTellOnceHowManyWereLeftOut() {
        assertEquals(Optional.of(""), limit.lineEnd());
        written(LineLimit.LINES_A_MINUTE - 1 + 27);
        now += MINUTE;
        assertEquals(Optional.of(" (lines left out before this one: 27)"), limit.lineEnd());
        assertEquals(Optional.of(""), limit.lineEnd());
    }
}
