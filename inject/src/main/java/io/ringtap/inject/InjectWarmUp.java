package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.send.NowhereInjector;
import io.ringtap.inject.template.FrameTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Has a loop of its own send made-up frames to nowhere, so that the JVM has compiled what a frame goes through when the first
 * real one falls due: interpreted, that takes long enough to make it late.
 */
public final class InjectWarmUp {
    private static final String NAME = "warm-up";

    /** Each comes by itself, as those of a stream do that keeps up. */
    private static final Schedule SCHEDULE = new Schedule.Rate(500_000);

    private InjectWarmUp() {}

    /** Warms up for a time; a process needs it once, before its first {@link InjectLoop}. */
    public static void run(Duration time) throws InterruptedException {
        FrameTemplate frame = FrameTemplate.of(NowhereInjector.ADDRESS, Optional.empty(), 0x88b5, "00");
        InjectConfig stream = InjectConfig.builder(NAME, NAME, SCHEDULE, frame).build();
        try (InjectLoop _ = InjectLoop.start(new NowhereInjector(NAME), List.of(stream), _ -> () -> 0)) {
            Thread.sleep(time);
        } catch (OpenException e) {
            throw new IllegalStateException("nowhere takes every frame", e);
        }
    }
}
