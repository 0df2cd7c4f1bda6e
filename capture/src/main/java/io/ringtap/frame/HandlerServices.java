package io.ringtap.frame;

/** The services that handlers on a capture may use. Any thread. */
@FunctionalInterface
public interface HandlerServices {
    /** Sends frames out of the interface that is captured; called when a handler asks for it. */
    FrameSender sender();

    /** Starts and stops the configured streams. */
    default StreamSwitch streams() {
        return StreamSwitch.NONE;
    }
}
