package io.ringtap.capture.pcap;

import static io.ringtap.capture.pcap.BpfCode.CLASS_AND_MODE;
import static io.ringtap.capture.pcap.BpfCode.LOAD_ABSOLUTE;
import static io.ringtap.capture.pcap.VlanTag.ADDRESSES_BYTES;

import io.ringtap.capture.pcap.BpfCode.Instruction;
import java.util.BitSet;

/**
 * Writes a program for frames with a VLAN tag behind their addresses so that it sees them without it: as long as they are
 * without, and whatever is behind the tag where it is without.
 */
final class BehindTag implements BpfCode.Writer {
    private static final int LOAD_INDIRECT = 0x40;
    private static final int LOAD_X_LENGTH = 0x81;
    private static final int LOAD_X_HEADER_LENGTH = 0xa1; // IPv4's, from its first byte
    private static final int SIZE = 0x18;

    private final int freeCell;

    private BehindTag(int freeCell) {
        this.freeCell = freeCell;
    }

    /** A writer of this program. @throws BadFilterException if that leaves none of the memory that it takes */
    static BehindTag of(byte[] program) throws BadFilterException {
        BitSet used = new BitSet();
        boolean isAcross = false;
        for (Instruction each : BpfCode.instructions(program)) {
            if (each.memoryCell() >= 0) {
                used.set(each.memoryCell());
            }
            isAcross |= each.isAbsoluteLoad() && isAcross(each.code(), each.k());
        }
        int free = used.nextClearBit(0);
        if (isAcross && free >= BpfCode.MEMORY_CELLS) {
            throw new BadFilterException("its arithmetic takes all of a program's memory; write it with fewer terms");
        }
        return new BehindTag(free);
    }

    /** Returns whether an absolute load begins before the tag and ends behind it. */
    private static boolean isAcross(int load, int offset) {
        return offset >= 0 && offset < ADDRESSES_BYTES && offset + bytes(load) > ADDRESSES_BYTES;
    }

    @Override
    public void write(BpfCode code, int instruction, int k) {
        switch (instruction & CLASS_AND_MODE) {
            case LOAD_ABSOLUTE -> absolute(code, instruction, k);
            case LOAD_INDIRECT -> indirect(code, instruction, k);
            case LOAD_X_HEADER_LENGTH & CLASS_AND_MODE ->
                code.add(instruction, k < ADDRESSES_BYTES ? k : k + VlanTag.BYTES);
            case BpfCode.LOAD_LENGTH -> {
                code.add(instruction, k);
                code.add(BpfCode.SUBTRACT, VlanTag.BYTES);
            }
            case LOAD_X_LENGTH -> throw new IllegalStateException("libpcap loads lengths into A only");
            default -> code.add(instruction, k);
        }
    }

    private static int bytes(int load) {
        return switch (load & SIZE) {
            case 0 -> 4;
            case 8 -> 2;
            default -> 1;
        };
    }

    private void absolute(BpfCode code, int load, int offset) {
        if (isAcross(load, offset)) {
            code.add(BpfCode.STORE_X, freeCell);
            across(code, offset, bytes(load));
            code.add(BpfCode.LOAD_X_MEMORY, freeCell);
        } else { // below 0: what the kernel knows beside the frame
            code.add(load, offset < ADDRESSES_BYTES ? offset : offset + VlanTag.BYTES);
        }
    }

    /** Loads what begins before the tag and ends behind it, byte by byte; takes X for it. */
    private static void across(BpfCode code, int offset, int bytes) {
        for (int at = offset; at < offset + bytes; at++) {
            if (at > offset) {
                code.add(BpfCode.SHIFT_LEFT, Byte.SIZE);
                code.add(BpfCode.A_TO_X, 0);
            }
            code.add(BpfCode.LOAD_BYTE, at < ADDRESSES_BYTES ? at : at + VlanTag.BYTES);
            if (at > offset) {
                code.add(BpfCode.OR_X, 0);
            }
        }
    }

    /** Where it loads from is known as it runs: X + offset. */
    private static void indirect(BpfCode code, int load, int offset) {
        if (offset >= ADDRESSES_BYTES) {
            code.add(load, offset + VlanTag.BYTES);
            return;
        }
        int behind = code.label();
        int notBehind = code.label();
        int end = code.label();
        code.add(BpfCode.X_TO_A, 0);
        code.add(BpfCode.ADD, offset);
        code.branch(BpfCode.IF_NOT_LESS, ADDRESSES_BYTES, behind, notBehind);
        code.place(behind);
        code.add(load, offset + VlanTag.BYTES);
        code.jump(end);
        code.place(notBehind);
        int lastBefore = ADDRESSES_BYTES - bytes(load);
        for (int at = lastBefore + 1; at < ADDRESSES_BYTES; at++) {
            int here = code.label();
            int elsewhere = code.label();
            code.branch(BpfCode.IF_EQUAL, at, here, elsewhere);
            code.place(here);
            across(code, at, bytes(load));
            code.add(BpfCode.LOAD_X_IMMEDIATE, at - offset);
            code.jump(end);
            code.place(elsewhere);
        }
        code.add(load, offset);
        code.place(end);
    }
}
