package io.ringtap.handler.flows;

/** The ICMP messages that ask and answer, in pairs, as Zeek and Community ID have them. */
final class IcmpKind {
    /** In place of an answer's type: what has none goes one way. */
    static final int NONE = -1;

    private IcmpKind() {}

    /** Returns whether a message of a type is answered, or is an answer. */
    static boolean hasAnswer(int protocol, int type) {
        return answer(protocol, type) != NONE;
    }

    /** The type of the other message of a pair, or {@link #NONE}. */
    static int answer(int protocol, int type) {
        return protocol == FlowEntry.ICMP ? answer(type) : answer6(type);
    }

    private static int answer(int type) {
        return switch (type) {
            case 0 -> 8; // echo
            case 8 -> 0;
            case 9 -> 10; // router
            case 10 -> 9;
            case 13 -> 14; // timestamp
            case 14 -> 13;
            case 15 -> 16; // information
            case 16 -> 15;
            case 17 -> 18; // mask
            case 18 -> 17;
            default -> NONE;
        };
    }

    private static int answer6(int type) {
        return switch (type) {
            case 128 -> 129; // echo
            case 129 -> 128;
            case 130 -> 131; // multicast listener
            case 131 -> 130;
            case 133 -> 134; // router
            case 134 -> 133;
            case 135 -> 136; // neighbour
            case 136 -> 135;
            case 139 -> 140; // node information
            case 140 -> 139;
            case 144 -> 145; // home agent address
            case 145 -> 144;
            default -> NONE;
        };
    }
}
