package io.ringtap.capture.ring;

/** A worker cannot be started, for its spill cannot be: the message says what is wrong with which folder. */
public final class SpillException extends Exception {
    private static final long serialVersionUID = 1;

    SpillException(String message) {
        super(message);
    }
}
