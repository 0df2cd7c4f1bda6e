package io.ringtap.handler.flows;

/**
 * How far a TCP connection has come, as Zeek's {@code conn_state} says it. The originator is who sent a SYN, or got a SYN with an
 * ACK; where there was neither, the sender of the first frame.
 */
enum ConnState {
    /** A SYN, and no answer: half-open. */
    S0,
    /** Established, and not over. */
    S1,
    /** Established and closed by both. */
    SF,
    /** A SYN that was answered by a reset. */
    REJ,
    /** Established, and closed by the originator alone. */
    S2,
    /** Established, and closed by the responder alone. */
    S3,
    /** Established, and reset by the originator. */
    RSTO,
    /** Established, and reset by the responder. */
    RSTR,
    /** A SYN without an answer, then a reset by its sender. */
    RSTOS0,
    /** An answer to a SYN that was not seen, then a reset by the responder. */
    RSTRH,
    /** A SYN without an answer, then a FIN of its sender. */
    SH,
    /** An answer to a SYN that was not seen, then a FIN of the responder. */
    SHR,
    /** The middle of a connection. */
    OTH;

    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int ACK = 16;

    // Bits of a flow's state, of the forward direction; those of the other are one higher.
    private static final long SYN_ALONE = 1L << 18;
    private static final long SYN_ACK = 1L << 20;
    private static final long FIRST_RESET = 1L << 22;

    /** Returns a flow's state with what a segment adds to it beside its flags. */
    static long with(long state, int flags, boolean forward) {
        int direction = forward ? 0 : 1;
        if ((flags & SYN) != 0) {
            return state | (((flags & ACK) != 0 ? SYN_ACK : SYN_ALONE) << direction);
        }
        boolean reset = (flags & RST) != 0 && (state & (FIRST_RESET | (FIRST_RESET << 1))) == 0;
        return reset ? state | (FIRST_RESET << direction) : state;
    }

    /** Returns whether a segment asks for a connection. */
    static boolean isSyn(int flags) {
        return (flags & (SYN | ACK)) == SYN;
    }

    /** Returns whether either side has said that its connection is over. */
    static boolean isOver(long state) {
        return ((state | (state >>> FlowTable.REVERSE_FLAGS_SHIFT)) & (FIN | RST)) != 0;
    }

    static ConnState of(long state) {
        boolean forward = is(state, SYN_ALONE, true)
                || is(state, SYN_ACK, false)
                || !(is(state, SYN_ALONE, false) || is(state, SYN_ACK, true));
        boolean asked = is(state, SYN_ALONE, forward);
        boolean answered = is(state, SYN_ACK, !forward) || is(state, SYN_ALONE, !forward);
        boolean established = asked == answered; // what begins in the middle was
        if (is(state, FIRST_RESET, true) || is(state, FIRST_RESET, false)) {
            return reset(is(state, FIRST_RESET, forward), established, asked);
        }
        boolean originatorEnded = hasFin(state, forward);
        boolean responderEnded = hasFin(state, !forward);
        if (originatorEnded && responderEnded) {
            return SF;
        }
        if (originatorEnded) {
            return established || answered ? S2 : SH;
        }
        if (responderEnded) {
            return established || asked ? S3 : SHR;
        }
        return !asked ? OTH : answered ? S1 : S0;
    }

    private static ConnState reset(boolean byOriginator, boolean established, boolean asked) {
        if (established) {
            return byOriginator ? RSTO : RSTR;
        }
        if (asked) {
            return byOriginator ? RSTOS0 : REJ;
        }
        return byOriginator ? OTH : RSTRH;
    }

    private static boolean is(long state, long bit, boolean forward) {
        return (state & (forward ? bit : bit << 1)) != 0;
    }

    private static boolean hasFin(long state, boolean forward) {
        return ((state >>> (forward ? 0 : FlowTable.REVERSE_FLAGS_SHIFT)) & FIN) != 0;
    }
}
