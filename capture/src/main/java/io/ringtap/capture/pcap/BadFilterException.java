package io.ringtap.capture.pcap;

/** A filter expression that cannot be taken; its message says why, and what to write. */
final class BadFilterException extends Exception {
    private static final long serialVersionUID = 1;

    BadFilterException(String message) {
        super(message);
    }
}
