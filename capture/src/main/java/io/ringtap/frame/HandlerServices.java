package io.ringtap.frame;

import java.util.Optional;

/** The services that handlers on a capture may use. Any thread. */
@FunctionalInterface
public interface HandlerServices {
    /** Sends frames out of the interface that is captured; called when a handler asks for it. */
    FrameSender sender();

    /** Starts and stops the configured streams. */
    default StreamSwitch streams() {
        return StreamSwitch.NONE;
    }

    /** Something else that handlers and whoever runs them share, by its type; absent if there is none. */
    default <T> Optional<T> service(Class<T> type) {
        return Optional.empty();
    }
}
