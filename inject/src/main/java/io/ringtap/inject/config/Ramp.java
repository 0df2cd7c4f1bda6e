package io.ringtap.inject.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A stream's first time, in which its rate changes evenly from another one to its own. Immutable and valid.
 *
 * @param over how long that takes: 1 ns to {@link Schedule#MAX_INTERVAL}
 * @param from the rate it begins with; absent for none at all
 */
public record Ramp(Duration over, Optional<SendRate> from) {
    /** Checks it. @throws InvalidConfigException with the key {@code ramp} */
    public Ramp {
        if (!over.isPositive() || over.compareTo(Schedule.MAX_INTERVAL) > 0) {
            throw new InvalidConfigException(List.of(new Problem(
                    "ramp", "must be more than 0 and at most " + Schedule.MAX_INTERVAL.toDays() + " days")));
        }
    }
}
