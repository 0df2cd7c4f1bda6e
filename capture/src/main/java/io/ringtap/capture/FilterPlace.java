package io.ringtap.capture;

/** The place where a filter runs. */
public enum FilterPlace {
    /** On a capture's interface. */
    KERNEL,
    /** Before a handler, or on the frames of a capture file: nothing is known there but the frame. */
    PROCESS
}
