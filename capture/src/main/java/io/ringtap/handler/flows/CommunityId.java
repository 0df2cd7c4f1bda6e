package io.ringtap.handler.flows;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Community ID version 1 of a flow (github.com/corelight/community-id-spec): equal for both directions, and for every program that
 * makes it. One thread.
 */
final class CommunityId {
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int LONGEST_BYTES = 2 + 2 * 16 + 2 + 2 * 2;

    private final MessageDigest sha1;
    private final ByteBuffer input = ByteBuffer.allocate(LONGEST_BYTES);
    private final short seed;

    /** @param seed 0 to 65535: ids of another seed are others */
    CommunityId(int seed) {
        this.seed = (short) seed;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The id of an IP flow. */
    String of(FlowEntry flow) {
        boolean fromSource = isOrdered(flow);
        input.clear().putShort(seed);
        address(flow, fromSource);
        address(flow, !fromSource);
        input.put((byte) flow.protocol()).put((byte) 0);
        if (hasPorts(flow)) {
            input.putShort(port(flow, fromSource)).putShort(port(flow, !fromSource));
        }
        sha1.update(input.flip());
        return "1:" + Base64.getEncoder().encodeToString(sha1.digest());
    }

    /** The smaller end goes first, but where a message has no answer: then its sender does. */
    private static boolean isOrdered(FlowEntry flow) {
        if (flow.isIcmp() && !IcmpKind.hasAnswer(flow.protocol(), flow.icmpType())) {
            return true;
        }
        int high = Long.compareUnsigned(flow.addressHigh(true), flow.addressHigh(false));
        int low = Long.compareUnsigned(flow.addressLow(true), flow.addressLow(false));
        return high != 0 ? high < 0 : low != 0 ? low < 0 : flow.port(true) <= flow.port(false);
    }

    private void address(FlowEntry flow, boolean source) {
        if (flow.isIpv4()) {
            input.putInt((int) flow.addressLow(source));
        } else {
            input.putLong(flow.addressHigh(source)).putLong(flow.addressLow(source));
        }
    }

    private static boolean hasPorts(FlowEntry flow) {
        return switch (flow.protocol()) {
            case FlowEntry.TCP, UDP, SCTP -> flow.hasPorts();
            default -> flow.isIcmp();
        };
    }

    /** ICMP's are one byte each: {@link FlowKey} marks codes above it. */
    private static short port(FlowEntry flow, boolean source) {
        return (short) (flow.isIcmp() ? flow.port(source) & 0xff : flow.port(source));
    }
}
