package io.ringtap.inject.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.inject.TestFrames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InjectConfigTest {
    private static final Schedule EVERY_SECOND = new Schedule.Every(Duration.ofSeconds(1));

    @Test
    void shouldTakeWhatCanWork() {
        InjectConfig config = stream("beacon", "ens192").build();
        assertEquals("beacon", config.name());
    }

    @Test
    void shouldReportEveryProblemAtOnce() {
        assertEquals(
                List.of("name", "interface", "count"),
                keys(() -> stream("two words", " ").count(-1).build()));
    }

    @Test
    void shouldReportEveryProblemOfThePaceAtOnce() {
        InjectConfig.Builder stream = stream("beacon", "ens192")
                .burst(0)
                .ramp(new Ramp(Duration.ofSeconds(1), Optional.empty()))
                .delay(Duration.ofNanos(-1))
                .duration(Duration.ZERO);
        assertEquals(List.of("burst", "ramp", "delay", "duration"), keys(stream::build));
        assertEquals(List.of("burst"), keys(stream("a", "b").burst(InjectConfig.MAX_BURST + 1)::build));
        assertEquals(List.of("delay"), keys(stream("a", "b").delay(Duration.ofDays(366))::build));
        assertEquals(List.of("duration"), keys(stream("a", "b").duration(Duration.ofDays(366))::build));
    }

    @Test
    void shouldTakeBurstsWhereFramesFallDueInTurnsAndRampsOnlyWithARate() {
        Schedule counted = new Schedule.EveryFrames(10, "uplink");
        assertEquals(2, at(counted).burst(2).build().burst());
        assertEquals(List.of("burst"), keys(at(new Schedule.TopSpeed()).burst(2)::build));
        assertEquals(2, at(EVERY_SECOND).burst(2).build().burst());
        assertEquals(2, at(new Schedule.BitRate(1e6)).burst(2).build().burst());
        Ramp ramp = new Ramp(Duration.ofSeconds(1), Optional.of(new Schedule.Rate(1)));
        assertEquals(
                Optional.of(ramp), at(new Schedule.Rate(10)).ramp(ramp).build().ramp());
        assertEquals(List.of("ramp-from"), keys(at(new Schedule.BitRate(10)).ramp(ramp)::build));
        assertEquals(List.of("ramp"), keys(at(counted).ramp(ramp)::build));
        assertEquals(List.of("ramp"), keys(() -> new Ramp(Duration.ZERO, Optional.empty())));
    }

    @Test
    void shouldLoseItsRampWithAnotherRateAndKeepTheRest() {
        InjectConfig stream = at(new Schedule.Rate(10))
                .ramp(new Ramp(Duration.ofSeconds(1), Optional.empty()))
                .burst(3)
                .count(7)
                .build();
        InjectConfig now = stream.at(new Schedule.BitRate(5_000));
        assertEquals(new Schedule.BitRate(5_000), now.schedule());
        assertEquals(Optional.empty(), now.ramp());
        assertEquals(3, now.burst());
        assertEquals(7, now.count());
    }

    @Test
    void shouldKeepTheNameUnderWhichFramesOfHandlersCount() {
        assertEquals(List.of("name"), keys(() -> stream("handlers", "ens192").build()));
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
        for (double rate : new double[] {0, -1, 0.5, 2e12, Double.NaN}) {
            assertEquals(List.of("rate"), keys(() -> new Schedule.BitRate(rate)), "rate " + rate);
        }
    }

    private static InjectConfig.Builder at(Schedule schedule) {
        return InjectConfig.builder("beacon", "ens192", schedule, TestFrames.template(1));
    }

    private static InjectConfig.Builder stream(String name, String interfaceName) {
        return InjectConfig.builder(name, interfaceName, EVERY_SECOND, TestFrames.template(1));
    }

    private static List<String> keys(Executable make) {
        return assertThrows(InvalidConfigException.class, make).problems().stream()
                .map(Problem::key)
                .toList();
    }
}
