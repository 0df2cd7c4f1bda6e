package io.ringtap.capture.pcap;

import java.util.Arrays;
import java.util.Optional;

/**
 * A filter expression, compiled so that it judges a frame without its outermost VLAN tag (0x8100 or 0x88a8), which {@code vlan}
 * tests: as the kernel judges frames that arrive, whose tag it has taken off by then and keeps beside them.
 *
 * <p>libpcap can compile for that only with a handle on an interface, and its optimiser errs there (libpcap's issues 1162 and
 * 1513), as does its use of memory. So the expression is compiled twice, for frames with and without such a tag, and nothing
 * in either is variable: see {@link FilterCompiler}.
 */
final class FilterProgram {
    /** linux/filter.h: SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT, and SKF_AD_OFF + SKF_AD_VLAN_TAG. */
    private static final int TAG_PRESENT = 0xfffff030;

    private static final int TAG = 0xfffff02c;

    private static final int TYPE_OFFSET = VlanTag.ADDRESSES_BYTES;
    private static final int TAG_OFFSET = TYPE_OFFSET + 2;

    private final byte[] untagged;
    private final Optional<byte[]> withoutTag;
    private final int mark;

    /**
     * The same for all frames.
     *
     * @param program for a frame without its tag
     */
    FilterProgram(byte[] program) {
        this(program, Optional.empty(), 0);
    }

    /**
     * Two programs.
     *
     * @param untagged for frames that have no tag
     * @param withoutTag for a frame whose tag was taken off
     * @param mark what the latter loads for the tag
     */
    FilterProgram(byte[] untagged, byte[] withoutTag, int mark) {
        this(untagged, Optional.of(withoutTag), mark);
    }

    private FilterProgram(byte[] untagged, Optional<byte[]> withoutTag, int mark) {
        this.untagged = untagged;
        this.withoutTag = withoutTag;
        this.mark = mark;
    }

    /** For frames without a tag. */
    byte[] untagged() {
        return untagged;
    }

    /** For frames with a tag that is in place. */
    byte[] tagged() throws BadFilterException {
        byte[] program = withoutTag.orElse(untagged);
        BpfCode code = new BpfCode();
        BehindTag behindTag = BehindTag.of(program);
        code.append(program, (to, instruction, k) -> {
            if (isMark(instruction, k)) {
                to.add(BpfCode.LOAD_HALF, TAG_OFFSET);
            } else {
                behindTag.write(to, instruction, k);
            }
        });
        return code.bytes();
    }

    /** For frames whose tag the kernel has beside them. */
    private byte[] besideTag(byte[] program) {
        BpfCode code = new BpfCode();
        code.append(program, (to, instruction, k) -> {
            if (isMark(instruction, k)) {
                to.add(BpfCode.LOAD_BYTE, TAG); // all 16 bits of it
            } else {
                to.add(instruction, k);
            }
        });
        return code.bytes();
    }

    private boolean isMark(int instruction, int k) {
        return withoutTag.isPresent()
                && k == mark
                && (instruction == BpfCode.LOAD_HALF || instruction == BpfCode.LOAD_IMMEDIATE);
    }

    /**
     * For the kernel, which has the tag of frames that arrive beside them.
     *
     * @param outgoingToo whether it gets frames that leave, too, which have theirs in place or beside them
     */
    byte[] forKernel(boolean outgoingToo) throws BadFilterException {
        byte[] inPlace = outgoingToo ? tagged() : untagged;
        boolean isOneInPlace = Arrays.equals(inPlace, untagged);
        if (withoutTag.isEmpty() && isOneInPlace) {
            return untagged;
        }
        BpfCode code = new BpfCode();
        int isBeside = code.label();
        int isNone = code.label();
        code.add(BpfCode.LOAD_BYTE, TAG_PRESENT);
        branch(code, BpfCode.IF_EQUAL, 1, withoutTag.isPresent() ? isBeside : isNone);
        if (!isOneInPlace) {
            addInPlace(code, inPlace, isNone);
        }
        code.place(isNone);
        code.append(untagged);
        code.place(isBeside);
        withoutTag.map(this::besideTag).ifPresent(code::append);
        return code.bytes();
    }

    private static void addInPlace(BpfCode code, byte[] program, int isNone) {
        int isLong = code.label();
        int isInPlace = code.label();
        code.add(BpfCode.LOAD_LENGTH, 0);
        code.branch(BpfCode.IF_NOT_LESS, TAG_OFFSET, isLong, isNone); // a load from behind the end would reject it
        code.place(isLong);
        code.add(BpfCode.LOAD_HALF, TYPE_OFFSET);
        branch(code, BpfCode.IF_EQUAL, VlanTag.ETHERTYPE_VLAN, isInPlace);
        branch(code, BpfCode.IF_EQUAL, VlanTag.ETHERTYPE_SERVICE_VLAN, isInPlace);
        code.jump(isNone);
        code.place(isInPlace);
        code.append(program);
    }

    /** Goes there if the condition holds, else on. */
    private static void branch(BpfCode code, int condition, int k, int ifTrue) {
        int next = code.label();
        code.branch(condition, k, ifTrue, next);
        code.place(next);
    }

    /** Returns whether it asks what the kernel alone knows of a frame, such as its direction. */
    boolean asksKernel() {
        return BpfCode.instructions(untagged).stream().anyMatch(each -> each.isAbsoluteLoad() && each.k() < 0);
    }
}
