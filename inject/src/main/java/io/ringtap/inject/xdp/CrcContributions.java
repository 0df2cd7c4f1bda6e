package io.ringtap.inject.xdp;

import io.ringtap.inject.template.CompiledFrame;
import io.ringtap.inject.template.Patch;
import io.ringtap.inject.template.PayloadCheck;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The contributions of a patch's bytes to the CRC over a frame's payload. A CRC is linear: that of a frame is that of the
 * frame with zeros for what varies, exclusive-or what each byte of it makes of it by itself. So a program looks up one number
 * for each byte that varies, however long the payload is.
 *
 * @param byByte for each byte of the patch that the CRC covers, by its place in the patch, the share of each value
 */
record CrcContributions(SortedMap<Integer, long[]> byByte) {
    /** What a byte can be. */
    static final int VALUES = 256;

    static CrcContributions of(CompiledFrame frame, Patch patch) {
        SortedMap<Integer, long[]> shares = new TreeMap<>();
        frame.check()
                .ifPresent(check -> covered(check, patch)
                        .forEach(i -> shares.put(i, shares(check, frame.image(), patch.offset() + i))));
        return new CrcContributions(shares);
    }

    /** Returns how many bytes of a patch the CRC of its frame covers. */
    static int covered(CompiledFrame frame, Patch patch) {
        return frame.check().map(check -> (int) covered(check, patch).count()).orElse(0);
    }

    private static IntStream covered(PayloadCheck check, Patch patch) {
        return IntStream.range(0, patch.width()).filter(i -> check.covers(patch.offset() + i));
    }

    private static long[] shares(PayloadCheck check, byte[] image, int at) {
        ByteBuffer bytes = ByteBuffer.wrap(image.clone());
        int none = check.of(bytes, 0);
        long[] shares = new long[VALUES];
        for (int value = 0; value < VALUES; value++) {
            bytes.put(at, (byte) value);
            shares[value] = Integer.toUnsignedLong(check.of(bytes, 0) ^ none);
        }
        return shares;
    }
}
