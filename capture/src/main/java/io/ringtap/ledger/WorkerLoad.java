package io.ringtap.ledger;

import java.util.List;
import java.util.OptionalLong;

/**
 * The load of a worker on one capture.
 *
 * @param busyShare the share of the time of late, a second or two, in which its busiest thread was handling, from 0 to 1
 * @param lagNanos the age of the oldest frame that it has not handled, from the time stamp the frame was captured with
 *     until now, nanoseconds; 0 if there is none; absent for a capture file, whose time is another
 * @param handlers one for each handler, in their order
 */
public record WorkerLoad(double busyShare, OptionalLong lagNanos, List<HandlerLoad> handlers) {
    /** Keeps the list as it is now. */
    public WorkerLoad {
        handlers = List.copyOf(handlers);
    }
}
