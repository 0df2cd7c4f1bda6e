package io.ringtap.inject.xdp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Instructions of a BPF program, put together one by one; see the kernel's Documentation/bpf/standardization. Registers
 * are 0 to 10: 0 is what a call gives, 1 to 5 are its arguments and lost by it, 10 is the end of the stack of 512 bytes.
 */
final class BpfAssembly {
    static final int INSTRUCTION_BYTES = 8;
    static final int FRAME_POINTER = 10;

    // Sizes of a load or store.
    static final int WORD = 0x00;
    static final int HALF = 0x08;
    static final int BYTE = 0x10;
    static final int DOUBLE = 0x18;

    // Operations on 64 bits.
    static final int ADD = 0x00;
    static final int MUL = 0x20;
    static final int OR = 0x40;
    static final int AND = 0x50;
    static final int SHIFT_LEFT = 0x60;
    static final int SHIFT_RIGHT = 0x70;
    static final int MOD = 0x90;
    static final int XOR = 0xa0;
    static final int MOVE = 0xb0;
    static final int SHIFT_RIGHT_SIGNED = 0xc0;

    // Conditions of a jump, unsigned.
    static final int EQUAL = 0x10;
    static final int ABOVE = 0x20;
    static final int NOT_BELOW = 0x30;
    static final int NOT_EQUAL = 0x50;

    private static final int ALWAYS = 0x00;
    private static final int BPF_PSEUDO_MAP_VALUE = 2;

    private final List<Long> code = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();

    /** A place that jumps before it lead to. */
    static final class Label {
        private final List<Integer> jumps = new ArrayList<>();
        private int place = -1;
    }

    Label label() {
        Label label = new Label();
        labels.add(label);
        return label;
    }

    /** Says that a label is here. */
    void place(Label label) {
        label.place = code.size();
    }

    void operate(int operation, int to, int from) {
        emit(0x0f | operation, to, from, 0, 0);
    }

    /** With a number of 64 bits; register 5 is lost unless it fits into 32. */
    void operate(int operation, int to, long number) {
        if (number == (int) number) {
            emit(0x07 | operation, to, 0, 0, (int) number);
        } else {
            number(5, number);
            operate(operation, to, 5);
        }
    }

    void number(int to, long number) {
        emit(0x18, to, 0, 0, (int) number);
        emit(0, 0, 0, 0, (int) (number >>> 32));
    }

    /** The address of a map's only value, or of a place in it. */
    void mapValue(int to, int map, int offset) {
        emit(0x18, to, BPF_PSEUDO_MAP_VALUE, 0, map);
        emit(0, 0, 0, 0, offset);
    }

    /** The lowest bits in network byte order. */
    void toNetworkOrder(int register, int bits) {
        emit(0xdc, register, 0, 0, bits);
    }

    void load(int size, int to, int from, int offset) {
        emit(0x61 | size, to, from, offset, 0);
    }

    void store(int size, int to, int offset, int from) {
        emit(0x63 | size, to, from, offset, 0);
    }

    void jump(Label to) {
        to.jumps.add(code.size());
        emit(0x05 | ALWAYS, 0, 0, 0, 0);
    }

    void jumpIf(int condition, int register, int number, Label to) {
        to.jumps.add(code.size());
        emit(0x05 | condition, register, 0, 0, number);
    }

    void jumpIfRegisters(int condition, int left, int right, Label to) {
        to.jumps.add(code.size());
        emit(0x0d | condition, left, right, 0, 0);
    }

    void call(int helper) {
        emit(0x85, 0, 0, 0, helper);
    }

    void exit() {
        emit(0x95, 0, 0, 0, 0);
    }

    /** The instructions, with every jump leading where its label was placed. */
    MemorySegment assemble(Arena arena) {
        MemorySegment program = arena.allocate((long) code.size() * INSTRUCTION_BYTES, INSTRUCTION_BYTES);
        for (int i = 0; i < code.size(); i++) {
            program.setAtIndex(ValueLayout.JAVA_LONG, i, code.get(i));
        }
        for (Label label : labels) {
            for (int jump : label.jumps) {
                int distance = label.place - jump - 1;
                if (label.place < 0 || distance < 0 || distance > Short.MAX_VALUE) {
                    throw new IllegalStateException("a jump over " + distance + " instructions");
                }
                program.set(ValueLayout.JAVA_SHORT, (long) jump * INSTRUCTION_BYTES + 2, (short) distance);
            }
        }
        return program;
    }

    /** {@code struct bpf_insn}: the two registers share a byte, whose order is that of the machine's bytes. */
    private void emit(int operation, int to, int from, int offset, int number) {
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        ByteBuffer bytes = ByteBuffer.allocate(INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        bytes.put((byte) operation)
                .put((byte) (little ? from << 4 | to : to << 4 | from))
                .putShort((short) offset)
                .putInt(number);
        code.add(bytes.getLong(0));
    }
}
