package io.ringtap.daemon.control;

/** A call that cannot be done as it was asked for: the message is the answer's error, a line for people. */
final class ControlRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    ControlRefusal(String message) {
        super(message);
    }
}
