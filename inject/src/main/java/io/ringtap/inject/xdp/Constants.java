package io.ringtap.inject.xdp;

import io.ringtap.inject.template.CompiledFrame;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Patch;
import io.ringtap.inject.template.ValueSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.IdentityHashMap;

/** The constants of a stream's program, in a map that does not change: lists of values, and frames. */
final class Constants {
    private final IdentityHashMap<Object, Integer> offsets = new IdentityHashMap<>();
    private final IdentityHashMap<Patch, CrcContributions> shares = new IdentityHashMap<>();
    private final ByteBuffer value;
    private int map = -1;

    private Constants(int bytes) {
        value = ByteBuffer.allocate(Math.max(bytes, Long.BYTES)).order(ByteOrder.nativeOrder());
    }

    /** The constants of a template; the map is yet to be made. */
    static Constants of(CompiledTemplate template) {
        Constants constants = new Constants(template.frames().stream()
                        .flatMap(frame -> Arrays.stream(frame.patches()).map(patch -> bytes(frame, patch)))
                        .mapToInt(Integer::intValue)
                        .sum()
                + bytesOfLengths(template));
        if (template.frames().size() > 1) {
            constants.put(
                    template.round(),
                    Arrays.stream(template.round()).asLongStream().toArray());
            template.frames().forEach(constants::putImage);
        }
        template.frames().forEach(constants::putPatches);
        return constants;
    }

    private static int bytesOfLengths(CompiledTemplate template) {
        return template.frames().size() == 1
                ? 0
                : template.round().length * Long.BYTES
                        + template.frames().stream()
                                .mapToInt(frame -> padded(frame.length()))
                                .sum();
    }

    private static int bytes(CompiledFrame frame, Patch patch) {
        int values = patch.source() instanceof ValueSource.Table(long[] list) ? list.length : 0;
        return (values + CrcContributions.covered(frame, patch) * CrcContributions.VALUES) * Long.BYTES;
    }

    private static int padded(int length) {
        return length + Long.BYTES - 1 & -Long.BYTES;
    }

    private void putImage(CompiledFrame frame) {
        offsets.put(frame, value.position());
        value.put(frame.image());
        value.position(padded(value.position()));
    }

    private void putPatches(CompiledFrame frame) {
        for (Patch patch : frame.patches()) {
            if (patch.source() instanceof ValueSource.Table(long[] values)) {
                put(values, values);
            }
            CrcContributions ofPatch = CrcContributions.of(frame, patch);
            ofPatch.byByte().values().forEach(list -> put(list, list));
            shares.put(patch, ofPatch);
        }
    }

    private void put(Object key, long[] values) {
        offsets.put(key, value.position());
        for (long each : values) {
            value.putLong(each);
        }
    }

    /** Returns what the map has to hold. */
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

    /** Returns what a patch adds to the CRC of its frame. */
    CrcContributions shares(Patch patch) {
        return shares.get(patch);
    }

    int image(CompiledFrame frame) {
        return offsets.get(frame);
    }
}
