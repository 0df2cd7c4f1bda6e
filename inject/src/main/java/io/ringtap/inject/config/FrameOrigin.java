package io.ringtap.inject.config;

import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.template.FrameTemplate;
import java.util.ArrayList;
import java.util.List;

/** The source of a stream's frames. Immutable and valid. */
public sealed interface FrameOrigin {
    /** What of a stream does not go with it. */
    List<Problem> problems(Schedule schedule, int burst, Engine engine);

    /**
     * They are made, each from its number.
     *
     * @param frame what they hold
     */
    record Template(FrameTemplate frame) implements FrameOrigin {
        @Override
        public List<Problem> problems(Schedule schedule, int burst, Engine engine) {
            return schedule instanceof Schedule.Original
                    ? List.of(new Problem("speed", "goes with replay: it is about the frames of a capture file"))
                    : List.of();
        }
    }

    /**
     * They are those of a capture file.
     *
     * @param facts which file, and what it holds; it must not change from then on
     */
    record File(ReplayFacts facts) implements FrameOrigin {
        @Override
        public List<Problem> problems(Schedule schedule, int burst, Engine engine) {
            List<Problem> problems = new ArrayList<>();
            facts.problem().ifPresent(problem -> problems.add(new Problem("replay", problem)));
            switch (schedule) {
                case Schedule.Original _ ->
                    facts.problemWithTimes().ifPresent(problem -> problems.add(new Problem("replay", problem)));
                case Schedule.EveryFrames _ ->
                    problems.add(new Problem("every-frames", "goes with a frame, not with a replay"));
                case Schedule.BitRate _
                when burst > 1 ->
                    problems.add(new Problem("burst", "goes with a rate in frames where it is those of a replay"));
                default -> {}
            }
            if (!engine.replays()) {
                problems.add(new Problem(
                        "engine",
                        "\"" + engine.spelling()
                                + "\" makes its frames itself, and cannot replay a file: use \"mmsg\""));
            }
            return problems;
        }
    }
}
