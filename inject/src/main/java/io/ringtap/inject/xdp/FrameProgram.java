package io.ringtap.inject.xdp;

import static io.ringtap.inject.xdp.BpfAssembly.ABOVE;
import static io.ringtap.inject.xdp.BpfAssembly.ADD;
import static io.ringtap.inject.xdp.BpfAssembly.DOUBLE;
import static io.ringtap.inject.xdp.BpfAssembly.FRAME_POINTER;
import static io.ringtap.inject.xdp.BpfAssembly.MOD;
import static io.ringtap.inject.xdp.BpfAssembly.MOVE;
import static io.ringtap.inject.xdp.BpfAssembly.NOT_BELOW;
import static io.ringtap.inject.xdp.BpfAssembly.NOT_EQUAL;
import static io.ringtap.inject.xdp.BpfAssembly.SHIFT_LEFT;
import static io.ringtap.inject.xdp.BpfAssembly.WORD;

import io.ringtap.inject.template.CompiledFrame;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.xdp.BpfAssembly.Label;

/**
 * The XDP program of a stream: counts the frames that it is run for, makes of each the one that the count says, and
 * redirects it out of the interface. Registers: 6 the context, 7 the frame's first byte, 8 its number in the stream.
 */
final class FrameProgram {
    /** In the stream's map: the number of the next frame, and what the kernel's monotonic clock is behind 1970. */
    static final int INDEX = 0;

    static final int EPOCH = 8;
    static final int STATE_BYTES = 16;

    static final int FRAME = 7;
    static final int NUMBER = 8;

    private static final int CONTEXT = 6;
    private static final int STATE = 9;
    private static final int TIME = -8; // on the stack

    // Helpers, by the numbers of linux/bpf.h.
    private static final int KTIME_GET_NS = 5;
    private static final int REDIRECT = 23;
    private static final int XDP_ADJUST_TAIL = 65;
    private static final int XDP_STORE_BYTES = 190;

    private static final int XDP_DROP = 1;
    private static final int XDP_MD_DATA_END = 4;

    private final BpfAssembly code = new BpfAssembly();
    private final CompiledTemplate template;
    private final Constants constants;
    private final Label drop = code.label();

    private FrameProgram(CompiledTemplate template, Constants constants) {
        this.template = template;
        this.constants = constants;
    }

    /**
     * The program of a template.
     *
     * @param state a map of {@link #STATE_BYTES}
     * @param constants the values that it looks up, in a map of their own
     */
    static BpfAssembly of(CompiledTemplate template, int interfaceIndex, int state, Constants constants) {
        return new FrameProgram(template, constants).assemble(interfaceIndex, state);
    }

    private BpfAssembly assemble(int interfaceIndex, int state) {
        code.operate(MOVE, CONTEXT, 1);
        code.mapValue(STATE, state, 0);
        code.load(DOUBLE, NUMBER, STATE, INDEX); // nothing else runs this program at the same time
        code.operate(MOVE, 1, NUMBER);
        code.operate(ADD, 1, 1L);
        code.store(DOUBLE, STATE, INDEX, 1);
        if (template.isTimed()) {
            code.call(KTIME_GET_NS);
            code.load(DOUBLE, 1, STATE, EPOCH);
            code.operate(ADD, 0, 1);
            code.store(DOUBLE, FRAME_POINTER, TIME, 0);
        }
        Label redirect = code.label();
        if (template.frames().size() == 1) {
            patch(template.frames().getFirst());
        } else {
            choose(redirect);
        }
        code.place(redirect);
        code.operate(MOVE, 1, (long) interfaceIndex);
        code.operate(MOVE, 2, 0L);
        code.call(REDIRECT);
        code.exit();
        code.place(drop);
        code.operate(MOVE, 0, (long) XDP_DROP);
        code.exit();
        return code;
    }

    /** The kernel gives the longest frame: another is made of it by its bytes and its length. */
    private void choose(Label done) {
        int[] round = template.round();
        lookUp(1, constants.places(round), round.length);
        Label[] places = new Label[template.frames().size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = code.label();
            code.jumpIf(BpfAssembly.EQUAL, 1, i, places[i]);
        }
        code.jump(drop);
        for (int i = 0; i < places.length; i++) {
            code.place(places[i]);
            CompiledFrame frame = template.frames().get(i);
            change(frame);
            patch(frame);
            code.jump(done);
        }
    }

    private void change(CompiledFrame frame) {
        int shorter = template.longestBytes() - frame.length();
        if (shorter > 0) {
            code.operate(MOVE, 1, CONTEXT);
            code.operate(MOVE, 2, (long) -shorter);
            code.call(XDP_ADJUST_TAIL);
            code.jumpIf(NOT_EQUAL, 0, 0, drop);
        }
        code.operate(MOVE, 1, CONTEXT);
        code.operate(MOVE, 2, 0L);
        code.mapValue(3, constants.map(), constants.image(frame));
        code.operate(MOVE, 4, (long) frame.length());
        code.call(XDP_STORE_BYTES);
        code.jumpIf(NOT_EQUAL, 0, 0, drop);
    }

    private void patch(CompiledFrame frame) {
        code.load(WORD, FRAME, CONTEXT, 0);
        code.load(WORD, 1, CONTEXT, XDP_MD_DATA_END);
        code.operate(MOVE, 2, FRAME);
        code.operate(ADD, 2, (long) frame.length());
        code.jumpIfRegisters(ABOVE, 2, 1, drop); // the kernel wants it shown that the frame is as long
        new PatchCode(code, this, constants).write(frame);
    }

    /** Loads the time. */
    void time(int to) {
        code.load(DOUBLE, to, FRAME_POINTER, TIME);
    }

    /** Loads from a list of the constants what the frame's number says; register 2 is lost. */
    void lookUp(int to, int list, int length) {
        code.operate(MOVE, to, NUMBER);
        code.operate(MOD, to, (long) length);
        code.jumpIf(NOT_BELOW, to, length, drop); // never; the kernel wants it shown
        code.operate(SHIFT_LEFT, to, 3L);
        code.mapValue(2, constants.map(), list);
        code.operate(ADD, 2, to);
        code.load(DOUBLE, to, 2, 0);
    }
}
