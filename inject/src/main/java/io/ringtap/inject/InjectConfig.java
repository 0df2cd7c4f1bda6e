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
 * @param count frames after which it ends, those that could not be sent included; 0 for ever
 * @param frame what they hold
 */
public record InjectConfig(String name, String interfaceName, Schedule schedule, long count, FrameTemplate frame) {
    /** The name under which frames that handlers send are counted. */
    public static final String HANDLERS = "handlers";

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
