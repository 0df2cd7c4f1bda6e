package io.ringtap.inject.xdp;

import static io.ringtap.inject.xdp.BpfAssembly.ADD;
import static io.ringtap.inject.xdp.BpfAssembly.AND;
import static io.ringtap.inject.xdp.BpfAssembly.BYTE;
import static io.ringtap.inject.xdp.BpfAssembly.DOUBLE;
import static io.ringtap.inject.xdp.BpfAssembly.FRAME_POINTER;
import static io.ringtap.inject.xdp.BpfAssembly.HALF;
import static io.ringtap.inject.xdp.BpfAssembly.MOD;
import static io.ringtap.inject.xdp.BpfAssembly.MOVE;
import static io.ringtap.inject.xdp.BpfAssembly.MUL;
import static io.ringtap.inject.xdp.BpfAssembly.NOT_EQUAL;
import static io.ringtap.inject.xdp.BpfAssembly.OR;
import static io.ringtap.inject.xdp.BpfAssembly.SHIFT_LEFT;
import static io.ringtap.inject.xdp.BpfAssembly.SHIFT_RIGHT;
import static io.ringtap.inject.xdp.BpfAssembly.WORD;
import static io.ringtap.inject.xdp.BpfAssembly.XOR;
import static io.ringtap.inject.xdp.FrameProgram.FRAME;
import static io.ringtap.inject.xdp.FrameProgram.NUMBER;

import io.ringtap.inject.template.Checksum;
import io.ringtap.inject.template.CompiledFrame;
import io.ringtap.inject.template.Patch;
import io.ringtap.inject.template.ValueSource;
import io.ringtap.inject.xdp.BpfAssembly.Label;
import java.nio.ByteBuffer;

/** The part of a stream's program that puts in what varies: what CompiledFrame.patch does, in BPF. */
final class PatchCode {
    private static final int VALUE = 1;
    // On the stack, below the time.
    private static final int CRC = -16;
    private static final int FIRST_SUM = -24;
    private static final long LOW_WORD = 0xffff_ffffL;

    private final BpfAssembly code;
    private final FrameProgram program;
    private final Constants constants;

    PatchCode(BpfAssembly code, FrameProgram program, Constants constants) {
        this.code = code;
        this.program = program;
        this.constants = constants;
    }

    void write(CompiledFrame frame) {
        Checksum[] checksums = frame.checksums();
        Patch[] patches = frame.patches();
        if (patches.length == 0) {
            return; // the checksums are in its bytes
        }
        begin(frame, checksums);
        int fromSources = patches.length - (frame.check().isPresent() ? 1 : 0);
        for (int p = 0; p < patches.length; p++) {
            if (p < fromSources) {
                value(patches[p]);
            } else {
                code.load(DOUBLE, VALUE, FRAME_POINTER, CRC);
            }
            put(patches[p]);
            for (int c = 0; c < checksums.length; c++) {
                addTo(checksums[c], c, p, patches[p]);
            }
            addToCrc(patches[p]);
        }
        for (int c = 0; c < checksums.length; c++) {
            putChecksum(checksums[c], sum(c));
        }
    }

    private void begin(CompiledFrame frame, Checksum[] checksums) {
        for (int c = 0; c < checksums.length; c++) {
            code.number(2, checksums[c].constant());
            code.store(DOUBLE, FRAME_POINTER, sum(c), 2);
        }
        frame.check().ifPresent(check -> {
            code.number(
                    2,
                    Integer.toUnsignedLong(
                            check.of(ByteBuffer.wrap(frame.image().clone()), 0)));
            code.store(DOUBLE, FRAME_POINTER, CRC, 2);
        });
    }

    private static int sum(int checksum) {
        return FIRST_SUM - checksum * Long.BYTES;
    }

    private void value(Patch patch) {
        source(patch.source());
        if (patch.bits() < Long.SIZE) {
            code.operate(AND, VALUE, (1L << patch.bits()) - 1);
        }
        code.operate(SHIFT_LEFT, VALUE, (long) patch.shift());
        code.operate(OR, VALUE, patch.around());
    }

    private void source(ValueSource source) {
        switch (source) {
            case ValueSource.Steps(long from, long step, long count) -> {
                code.operate(MOVE, VALUE, NUMBER);
                if (count != 0) {
                    remainder(count);
                }
                code.operate(MUL, VALUE, step);
                code.operate(ADD, VALUE, from);
            }
            case ValueSource.Mix mix -> mixed(mix);
            case ValueSource.Table(long[] values) when values.length == 1 -> code.number(VALUE, values[0]);
            case ValueSource.Table(long[] values) -> program.lookUp(VALUE, constants.list(values), values.length);
            case ValueSource.Ordinal(long first) -> {
                code.operate(MOVE, VALUE, NUMBER);
                code.operate(ADD, VALUE, first);
            }
            case ValueSource.Time _ -> program.time(VALUE);
        }
    }

    /** Unsigned: a number that does not fit is not sign-extended, as an immediate would be. */
    private void remainder(long divisor) {
        code.number(5, divisor);
        code.operate(MOD, VALUE, 5);
    }

    private void mixed(ValueSource.Mix mix) {
        code.operate(MOVE, VALUE, NUMBER);
        code.operate(ADD, VALUE, 1L);
        code.operate(MUL, VALUE, ValueSource.Mix.GAMMA);
        code.operate(ADD, VALUE, mix.seed());
        xorShifted(ValueSource.Mix.FIRST_SHIFT);
        code.operate(MUL, VALUE, ValueSource.Mix.FIRST_FACTOR);
        xorShifted(ValueSource.Mix.SECOND_SHIFT);
        code.operate(MUL, VALUE, ValueSource.Mix.SECOND_FACTOR);
        xorShifted(ValueSource.Mix.LAST_SHIFT);
        if (mix.count() != 0) {
            multiplyHigh(mix.count());
        }
        code.operate(ADD, VALUE, mix.from());
    }

    private void xorShifted(int bits) {
        code.operate(MOVE, 2, VALUE);
        code.operate(SHIFT_RIGHT, 2, (long) bits);
        code.operate(XOR, VALUE, 2);
    }

    /** The upper half of the product, from four products of halves. Registers: 1 and 2 the halves of the value. */
    private void multiplyHigh(long factor) {
        code.number(3, factor >>> 32);
        code.number(4, factor & LOW_WORD);
        code.operate(MOVE, 2, VALUE);
        code.operate(SHIFT_RIGHT, 2, 32L);
        code.operate(SHIFT_LEFT, VALUE, 32L);
        code.operate(SHIFT_RIGHT, VALUE, 32L);
        code.operate(MOVE, 5, VALUE);
        code.operate(MUL, 5, 4);
        code.operate(SHIFT_RIGHT, 5, 32L);
        code.operate(MOVE, 0, 2);
        code.operate(MUL, 0, 4);
        code.operate(ADD, 0, 5); // upper × lower and the carry of lower × lower
        code.operate(MOVE, 5, 0);
        code.operate(SHIFT_LEFT, 5, 32L);
        code.operate(SHIFT_RIGHT, 5, 32L);
        code.operate(MUL, VALUE, 3);
        code.operate(ADD, VALUE, 5);
        code.operate(SHIFT_RIGHT, VALUE, 32L);
        code.operate(SHIFT_RIGHT, 0, 32L);
        code.operate(MUL, 2, 3);
        code.operate(ADD, VALUE, 0);
        code.operate(ADD, VALUE, 2);
    }

    private void put(Patch patch) {
        switch (patch.width()) {
            case Byte.BYTES -> code.store(BYTE, FRAME, patch.offset(), VALUE);
            case Short.BYTES -> putWhole(patch, HALF);
            case Integer.BYTES -> putWhole(patch, WORD);
            case Long.BYTES -> putWhole(patch, DOUBLE);
            default -> {
                for (int i = 0; i < patch.width(); i++) {
                    code.operate(MOVE, 2, VALUE);
                    code.operate(SHIFT_RIGHT, 2, (long) (patch.width() - 1 - i) * Byte.SIZE);
                    code.store(BYTE, FRAME, patch.offset() + i, 2);
                }
            }
        }
    }

    private void putWhole(Patch patch, int size) {
        code.operate(MOVE, 2, VALUE);
        code.toNetworkOrder(2, patch.width() * Byte.SIZE);
        code.store(size, FRAME, patch.offset(), 2);
    }

    /** Adds the words of what was put in; see {@link Checksum#share}. */
    private void addTo(Checksum checksum, int place, int patch, Patch bytes) {
        long mask = checksum.masks()[patch];
        if (mask == 0) {
            return;
        }
        code.operate(MOVE, 2, VALUE);
        code.operate(AND, 2, mask);
        code.load(DOUBLE, 3, FRAME_POINTER, sum(place));
        boolean lastBeginsWord = (bytes.offset() + bytes.width() & 1) != 0;
        for (int shift = lastBeginsWord ? -Byte.SIZE : 0; shift < Long.SIZE; shift += Short.SIZE) {
            code.operate(MOVE, 4, 2);
            code.operate(shift < 0 ? SHIFT_LEFT : SHIFT_RIGHT, 4, (long) Math.abs(shift));
            code.operate(AND, 4, 0xffffL);
            code.operate(ADD, 3, 4);
        }
        code.store(DOUBLE, FRAME_POINTER, sum(place), 3);
    }

    private void addToCrc(Patch patch) {
        constants.shares(patch).byByte().forEach((i, shares) -> {
            code.operate(MOVE, 2, VALUE);
            code.operate(SHIFT_RIGHT, 2, (long) (patch.width() - 1 - i) * Byte.SIZE);
            code.operate(AND, 2, 0xffL);
            code.operate(SHIFT_LEFT, 2, 3L);
            code.mapValue(3, constants.map(), constants.list(shares));
            code.operate(ADD, 3, 2);
            code.load(DOUBLE, 3, 3, 0);
            code.load(DOUBLE, 4, FRAME_POINTER, CRC);
            code.operate(XOR, 4, 3);
            code.store(DOUBLE, FRAME_POINTER, CRC, 4);
        });
    }

    private void putChecksum(Checksum checksum, int sum) {
        code.load(DOUBLE, VALUE, FRAME_POINTER, sum);
        for (int fold = 0; fold < 4; fold++) { // of 64 bits to 16, carries included
            code.operate(MOVE, 2, VALUE);
            code.operate(SHIFT_RIGHT, 2, (long) Short.SIZE);
            code.operate(AND, VALUE, 0xffffL);
            code.operate(ADD, VALUE, 2);
        }
        code.operate(XOR, VALUE, 0xffffL);
        if (checksum.zeroIsNone()) {
            Label right = code.label();
            code.jumpIf(NOT_EQUAL, VALUE, 0, right);
            code.operate(MOVE, VALUE, 0xffffL);
            code.place(right);
        }
        code.toNetworkOrder(VALUE, Short.SIZE);
        code.store(HALF, FRAME, checksum.offset(), VALUE);
    }
}
