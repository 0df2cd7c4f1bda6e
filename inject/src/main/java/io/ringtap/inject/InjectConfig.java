package io.ringtap.inject;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.inject.template.FrameTemplate;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream of frames to send. Immutable and valid.
 *
 * @param name what the stream is called in configuration and statistics; not {@value #HANDLERS}
 * @param interfaceName where it sends
 * @param schedule when its frames fall due
 * @param count frames after which it ends, those that could not be sent included, at each start anew; 0 for ever
 * @param frame what they hold
 * @param start what starts it
 * @param engine what sends them
 */
public record InjectConfig(
        String name,
        String interfaceName,
        Schedule schedule,
        long count,
        FrameTemplate frame,
        Start start,
        Engine engine) {
    /** The name under which frames that handlers send are counted. */
    public static final String HANDLERS = "handlers";

    /** What starts a stream. */
    public enum Start {
        /** It runs from the beginning. */
        AUTO,
        /** It waits for a handler, or for {@code ringtap stream start}. */
        MANUAL
    }

    /** A stream that runs from the beginning. @throws InvalidConfigException as the other */
    public InjectConfig(String name, String interfaceName, Schedule schedule, long count, FrameTemplate frame) {
        this(name, interfaceName, schedule, count, frame, Start.AUTO);
    }

    /** A stream that {@link Engine#SENDPACKET} sends. @throws InvalidConfigException as the other */
    public InjectConfig(
            String name, String interfaceName, Schedule schedule, long count, FrameTemplate frame, Start start) {
        this(name, interfaceName, schedule, count, frame, start, Engine.SENDPACKET);
    }

    /** Checks everything. @throws InvalidConfigException with every problem there is */
    public InjectConfig {
        List<Problem> problems = new ArrayList<>();
        if (name.isBlank() || name.chars().anyMatch(Character::isWhitespace)) {
            problems.add(new Problem("name", "must not be empty or hold white space"));
        }
        if (name.equals(HANDLERS)) {
            problems.add(new Problem("name", "must not be '" + HANDLERS + "': frames that handlers send count there"));
        }
        if (interfaceName.isBlank()) {
            problems.add(new Problem("interface", "must not be empty"));
        }
        if (count < 0) {
            problems.add(new Problem("count", "must be 0 (for ever) or more, not " + count));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }
}
