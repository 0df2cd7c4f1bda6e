package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InjectConfigTest {
    private static final Schedule EVERY_SECOND = new Schedule.Every(Duration.ofSeconds(1));

    @Test
    void shouldTakeWhatCanWork() {
        InjectConfig config = new InjectConfig("beacon", "ens192", EVERY_SECOND, 0, TestFrames.template(1));
        assertEquals("beacon", config.name());
    }

    @Test
    void shouldReportEveryProblemAtOnce() {
        assertEquals(
                List.of("name", "interface", "count"),
                keys(() -> new InjectConfig("two words", " ", EVERY_SECOND, -1, TestFrames.template(1))));
    }

    @Test
    void shouldKeepTheNameUnderWhichFramesOfHandlersCount() {
        assertEquals(
                List.of("name"),
                keys(() -> new InjectConfig("handlers", "ens192", EVERY_SECOND, 0, TestFrames.template(1))));
    }

    @Test
    void shouldRefuseIntervalsOfNothingAndOfMoreThanAYear() {
        assertEquals(List.of("every"), keys(() -> new Schedule.Every(Duration.ZERO)));
        assertEquals(List.of("every"), keys(() -> new Schedule.Every(Duration.ofNanos(-1))));
        assertEquals(List.of("every"), keys(() -> new Schedule.Every(Duration.ofDays(366))));
    }

    @Test
    void shouldRefuseFrameCountsThatNeverComeAndCapturesWithoutName() {
        assertEquals(List.of("every-frames", "capture"), keys(() -> new Schedule.EveryFrames(0, "")));
    }

    @Test
    void shouldRefuseRatesThatCannotBeKept() {
        for (double rate : new double[] {0, -1, 1e-7, 10_000_001, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(List.of("rate"), keys(() -> new Schedule.Rate(rate)), "rate " + rate);
        }
        assertEquals(10e6, new Schedule.Rate(10e6).framesPerSecond());
    }

    private static List<String> keys(Executable make) {
        return assertThrows(InvalidConfigException.class, make).problems().stream()
                .map(Problem::key)
                .toList();
    }
}
