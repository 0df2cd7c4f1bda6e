package io.ringtap.inject.xdp;

import io.ringtap.inject.template.CompiledFrame;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Patch;
import io.ringtap.inject.template.ValueSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.IdentityHashMap;

/** What a stream's program looks up, in a map that does not change: lists of values, and frames. */
final class Constants {
    private final IdentityHashMap<Object, Integer> offsets = new IdentityHashMap<>();
    private final ByteBuffer value;
    private int map = -1;

    private Constants(int bytes) {
        value = ByteBuffer.allocate(Math.max(bytes, Long.BYTES)).order(ByteOrder.nativeOrder());
    }

    /** The constants of a template; the map is yet to be made. */
    static Constants of(CompiledTemplate template) {
        boolean several = template.frames().size() > 1;
        int bytes = several ? template.round().length * Long.BYTES : 0;
        for (CompiledFrame frame : template.frames()) {
            bytes += several ? frame.length() + Long.BYTES : 0;
            for (Patch patch : frame.patches()) {
                bytes += patch.source() instanceof ValueSource.Table(long[] values) ? values.length * Long.BYTES : 0;
            }
        }
        Constants constants = new Constants(bytes);
        if (several) {
            constants.put(
                    template.round(),
                    Arrays.stream(template.round()).asLongStream().toArray());
        }
        for (CompiledFrame frame : template.frames()) {
            for (Patch patch : frame.patches()) {
                if (patch.source() instanceof ValueSource.Table(long[] values)) {
                    constants.put(values, values);
                }
            }
            if (several) {
                constants.offsets.put(frame, constants.value.position());
                constants.value.put(frame.image());
                constants.value.position(constants.value.position() + Long.BYTES - 1 & -Long.BYTES);
            }
        }
        return constants;
    }

    private void put(Object key, long[] values) {
        offsets.put(key, value.position());
        for (long each : values) {
            value.putLong(each);
        }
    }

    /** What the map has to hold. */
    byte[] bytes() {
        return value.array();
    }

    /** Says which map holds it. */
    void in(int descriptor) {
        map = descriptor;
    }

    int map() {
        return map;
    }

    int places(int[] round) {
        return offsets.get(round);
    }

    int list(long[] values) {
        return offsets.get(values);
    }

    int image(CompiledFrame frame) {
        return offsets.get(frame);
    }
}
