package io.ringtap.capture.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Puts a program of classic BPF together from others, instruction by instruction. Jumps go to labels, forwards, as far as it
 * takes. The instructions are the kernel's {@code struct sock_filter}, 8 bytes each.
 */
final class BpfCode {
    static final int INSTRUCTION_BYTES = 8;
    static final int MEMORY_CELLS = 16;

    /** Codes of linux/bpf_common.h, for A and X, the program's two registers. */
    static final int LOAD_ABSOLUTE = 0x20;

    static final int LOAD_HALF = 0x28;

    static final int LOAD_BYTE = 0x30;
    static final int LOAD_IMMEDIATE = 0x00;
    static final int LOAD_LENGTH = 0x80;
    static final int LOAD_X_IMMEDIATE = 0x01;
    static final int LOAD_X_MEMORY = 0x61;
    static final int STORE = 0x02;
    static final int STORE_X = 0x03;
    static final int ADD = 0x04;
    static final int SUBTRACT = 0x14;
    static final int OR_X = 0x4c;
    static final int SHIFT_LEFT = 0x64;
    static final int A_TO_X = 0x07;
    static final int X_TO_A = 0x87;
    static final int IF_EQUAL = 0x15;
    static final int IF_NOT_LESS = 0x35;

    private static final int CLASS = 0x07;
    private static final int CLASS_JUMP = 0x05;
    private static final int CLASS_RETURN = 0x06;
    private static final int JUMP = 0x05;
    static final int CLASS_AND_MODE = 0xe7;
    private static final int LOAD_MEMORY = 0x60;
    private static final int FARTHEST = 255;

    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();

    /** An instruction; if it jumps, by its labels. */
    private record Step(int code, int k, int ifTrue, int ifFalse) {
        boolean branches() {
            return (code & CLASS) == CLASS_JUMP && code != JUMP;
        }
    }

    /** Writes what stands for an instruction of another program that is no jump. */
    interface Writer {
        /** Adds instructions; jumps among them go to labels that this places. */
        void write(BpfCode code, int instruction, int k);
    }

    /** An instruction of a program that is there. */
    record Instruction(int code, int ifTrue, int ifFalse, int k) {
        boolean isJump() {
            return code == JUMP;
        }

        boolean isBranch() {
            return (code & CLASS) == CLASS_JUMP && code != JUMP;
        }

        boolean isReturn() {
            return (code & CLASS) == CLASS_RETURN;
        }

        boolean isAbsoluteLoad() {
            return (code & CLASS_AND_MODE) == LOAD_ABSOLUTE;
        }

        /** The memory cell that it uses; negative if it uses none. */
        int memoryCell() {
            return switch (code & CLASS_AND_MODE) {
                case STORE, STORE_X, LOAD_MEMORY, LOAD_X_MEMORY -> k;
                default -> -1;
            };
        }

        /** Returns where it goes on from a place, by its one way or its other. */
        int next(int at, int way) {
            if (isJump()) {
                return at + 1 + k;
            }
            return at + 1 + (way == 0 ? ifTrue : ifFalse);
        }
    }

    /** The instructions of a program. */
    static List<Instruction> instructions(byte[] program) {
        ByteBuffer from = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        List<Instruction> instructions = new ArrayList<>();
        while (from.hasRemaining()) {
            instructions.add(new Instruction(
                    from.getShort(), Byte.toUnsignedInt(from.get()), Byte.toUnsignedInt(from.get()), from.getInt()));
        }
        return instructions;
    }

    /** A place to jump to, which {@link #place} says. */
    int label() {
        labels.add(-1);
        return labels.size() - 1;
    }

    /** A label is at what is added next. */
    void place(int label) {
        labels.set(label, steps.size());
    }

    void add(int instruction, int k) {
        steps.add(new Step(instruction, k, -1, -1));
    }

    void jump(int label) {
        steps.add(new Step(JUMP, 0, label, label));
    }

    void branch(int condition, int k, int ifTrue, int ifFalse) {
        steps.add(new Step(condition, k, ifTrue, ifFalse));
    }

    /** Adds a whole program as it is. */
    void append(byte[] program) {
        append(program, BpfCode::add);
    }

    /** Adds a whole program, each instruction as the writer has it; its jumps go where they went. */
    void append(byte[] program, Writer writer) {
        List<Instruction> instructions = instructions(program);
        int[] at = new int[instructions.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = label();
        }
        for (int i = 0; i < at.length; i++) {
            place(at[i]);
            Instruction each = instructions.get(i);
            if (each.isJump()) {
                jump(at[each.next(i, 0)]);
            } else if (each.isBranch()) {
                branch(each.code(), each.k(), at[each.next(i, 0)], at[each.next(i, 1)]);
            } else {
                writer.write(this, each.code(), each.k());
            }
        }
    }

    /** The program. A branch over more than 255 instructions goes by two jumps. */
    byte[] bytes() {
        BitSet far = new BitSet();
        int[] positions = positions(far);
        while (widen(far, positions)) {
            positions = positions(far);
        }
        ByteBuffer to =
                ByteBuffer.allocate(positions[steps.size()] * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            int next = positions[i] + 1;
            if (far.get(i)) {
                put(to, step.code(), 0, 1, step.k());
                put(to, JUMP, 0, 0, positions[labels.get(step.ifTrue())] - next - 1);
                put(to, JUMP, 0, 0, positions[labels.get(step.ifFalse())] - next - 2);
            } else if (step.branches()) {
                int ifTrue = positions[labels.get(step.ifTrue())] - next;
                put(to, step.code(), ifTrue, positions[labels.get(step.ifFalse())] - next, step.k());
            } else if (step.code() == JUMP) {
                put(to, JUMP, 0, 0, positions[labels.get(step.ifTrue())] - next);
            } else {
                put(to, step.code(), 0, 0, step.k());
            }
        }
        return to.array();
    }

    private static void put(ByteBuffer to, int code, int ifTrue, int ifFalse, int k) {
        to.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(k);
    }

    /** Returns where each step begins, and where the last one ends. */
    private int[] positions(BitSet far) {
        int[] positions = new int[steps.size() + 1];
        for (int i = 0; i < steps.size(); i++) {
            positions[i + 1] = positions[i] + (far.get(i) ? 3 : 1);
        }
        return positions;
    }

    /** Marks branches that reach too far; false if there is none. */
    private boolean widen(BitSet far, int[] positions) {
        int before = far.cardinality();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            int most = positions[i] + 1 + FARTHEST;
            if (step.branches()
                    && (positions[labels.get(step.ifTrue())] > most || positions[labels.get(step.ifFalse())] > most)) {
                far.set(i);
            }
        }
        return far.cardinality() > before;
    }
}
