package io.ringtap.inject.send;

import java.util.Locale;

/** The outcome of a frame that was to be sent. */
public enum InjectResult {
    /** The interface took it. */
    SENT("sent"),
    /** It is longer than the interface's MTU and a link header. */
    TOO_LONG("the frame is longer than the interface's MTU allows"),
    /** It is shorter than an Ethernet header, which no interface takes. */
    TOO_SHORT("the frame is shorter than an Ethernet header of 14 bytes"),
    /** The interface is down, or has no carrier. */
    LINK_DOWN("the interface is down, or has no carrier"),
    /** The interface is not there, or cannot be opened again. */
    MISSING("the interface is missing, or cannot be opened"),
    /** The interface's queue, or the socket's share of it, is full and stayed full. */
    NO_BUFFER("the interface's send queue is full"),
    /** Anything else. */
    OTHER("the interface did not take it");

    private final String sentence;
    private final String cause = name().toLowerCase(Locale.ROOT);

    InjectResult(String sentence) {
        this.sentence = sentence;
    }

    /** Returns what happened, for people. */
    public String sentence() {
        return sentence;
    }

    /** Returns its name among the causes of {@link io.ringtap.ledger.InjectCounts#failures()}. */
    public String cause() {
        return cause;
    }
}
